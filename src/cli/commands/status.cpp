// `status`, `counters`: both daemons' own words, laid out.
#include <array>
#include <ostream>

#include "cli/commands/commands.h"
#include "cli/daemon.h"
#include "cli/json.h"
#include "cli/text_table.h"
#include "sekisho/event/json_writer.h"

namespace sekisho::cli {
namespace {

struct Part {
    Daemon daemon;
    const char* title;
    const char* key;
};

constexpr std::array kParts{Part{Daemon::fastpath, "Fast path (packets)", "fastpath"},
                            Part{Daemon::slowpath, "Slow path (alerts)", "slowpath"}};

/// Asks the daemons named; one that does not run is told, and makes the result a failure.
Exit ask_each(Context& context, const std::string& command, const std::string& only) {
    const auto* settings = context.settings();
    if (!settings) return Exit::failed;
    Exit result = Exit::done;
    std::string line;
    event::JsonWriter json(line);
    json.begin_object();
    bool first = true;
    for (const Part& part : kParts) {
        if (!only.empty() && only != part.key) continue;
        const auto answer = ask(*settings, part.daemon, {command, {}});
        const auto value = answer ? parse_json(*answer) : Result<Json>(fail(answer.error()));
        if (!value) result = Exit::failed;
        if (context.json) {
            if (value)
                json.raw(part.key, *answer);
            else
                json.begin_object(part.key), json.field("error", value.error().message()),
                    json.end_object();
            continue;
        }
        context.out << (first ? "" : "\n") << part.title << "\n\n";
        context.out << (value ? lay_out(*value) : printable(value.error().message()) + "\n");
        first = false;
    }
    json.end_object();
    if (context.json) context.out << line << "\n";
    return result;
}

}  // namespace

Exit show_status(Context& context, const Words&) { return ask_each(context, "status", ""); }

Exit show_counters(Context& context, const Words& args) {
    const std::string only = args.empty() ? "" : args[0];
    if (!only.empty() && only != "fastpath" && only != "slowpath") {
        context.err << "sekisho: '" << printable(only)
                    << "' is no daemon; allowed: fastpath, slowpath\n";
        return Exit::usage;
    }
    return ask_each(context, "counters", only);
}

}  // namespace sekisho::cli
