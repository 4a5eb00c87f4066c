// What a command is, and what it works with.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sekisho/base/result.h"
#include "sekisho/config/settings.h"

namespace sekisho::cli {

enum class Exit { done = 0, failed = 1, usage = 2 };

using Words = std::vector<std::string>;

/// One run of a command: options, output, and the settings of the box.
class Context {
  public:
    Context(std::ostream& output, std::ostream& errors) : out(output), err(errors) {}

    std::string config_file = "/etc/sekisho/sekisho.yaml";
    bool json = false;
    /// What options of single commands were given: "--for" -> "1h". A command names those it takes.
    std::map<std::string, std::string, std::less<>> options;
    std::string option(std::string_view name) const {
        const auto found = options.find(name);
        return found == options.end() ? std::string() : found->second;
    }
    /// What the audit line says beyond the words of the command: whose order it was, and why.
    std::string note;
    std::ostream& out;
    std::ostream& err;

    /// Read once, when first asked for. The error is told to the admin already.
    const config::Settings* settings();
    /// After the file has changed.
    void forget_settings() { settings_.reset(); }

    /// Tells the error and gives Exit::failed.
    Exit refuse(const Error& error);
    Exit refuse(const std::string& words);

  private:
    std::optional<config::Settings> settings_;
};

/// What may stand where a command's next word is typed.
enum class Complete { nothing, file, setting };

struct Command {
    std::string_view name;  ///< one or two words: "rules add"
    std::string_view args;  ///< for people: "'RULE'"
    std::string_view help;  ///< one line
    std::size_t least_args = 0;
    std::size_t most_args = 0;
    Exit (*run)(Context&, const Words& args) = nullptr;
    bool changes = false;  ///< leaves a line in the audit log
    Complete complete = Complete::nothing;
    bool hidden = false;
    std::string_view options = {};  ///< "--for --reason": those beyond --config and --json
};

}  // namespace sekisho::cli
