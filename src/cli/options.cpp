#include "cli/options.h"

#include <CLI/CLI.hpp>
#include <algorithm>

namespace sekisho::cli {

namespace {

/// What CLI11 did not take, in order. It keeps words that look like options, too: those are
/// mistakes, unless they stand behind "--".
Result<Words> plain_words(const Words& left) {
    Words words;
    bool as_they_are = false;
    for (const auto& word : left) {
        if (!as_they_are && word == "--")
            as_they_are = true;
        else if (!as_they_are && word.size() > 1 && word[0] == '-')
            return fail(ErrorCode::invalid,
                        "'" + word + "' is no option; put -- before words that begin with '-'");
        else
            words.push_back(word);
    }
    return words;
}

}  // namespace

Result<Words> parse_options(const Words& words, Context& context) {
    CLI::App app;
    app.set_help_flag();
    app.allow_extras();  // not a positional: CLI11 would take "[a, b]" apart
    bool help = false, version = false;
    app.add_option("-c,--config", context.config_file);
    app.add_flag("--json", context.json);
    std::map<std::string, std::string> given;
    for (const char* name : {"--client", "--for", "--reason", "--category", "--format", "--days", "--key", "--box", "--host", "--action", "--sequence",
                             "--month", "--language", "--output"})
        app.add_option(name, given[name]);
    app.add_flag("-h,--help", help);
    app.add_flag("-V,--version", version);
    try {
        Words backwards(words.rbegin(), words.rend());  // CLI11 takes its vector from the end
        app.parse(backwards);
    } catch (const CLI::Error& error) {
        return fail(ErrorCode::invalid, error.what());
    }
    for (const auto& [name, value] : given)
        if (app.count(name) > 0) context.options[name] = value;
    if (version) return Words{"version"};
    auto rest = plain_words(app.remaining());
    if (rest && help) rest->insert(rest->begin(), "help");
    return rest;
}

}  // namespace sekisho::cli
