// `config show | check | diff | history | keys`: looking at settings.
#include <ostream>

#include "cli/commands/commands.h"
#include "cli/text_table.h"
#include "sekisho/base/file_text.h"
#include "sekisho/base/text.h"
#include "sekisho/config/document.h"
#include "sekisho/config/load.h"
#include "sekisho/config/store.h"
#include "sekisho/event/json_writer.h"

namespace sekisho::cli {
namespace {

constexpr std::size_t kSettingsFileMaxBytes = MiB(4);

}  // namespace

Exit show_config(Context& context, const Words& args) {
    if (args.empty()) {
        const auto text = config::Store(context.config_file).live();
        if (!text) return context.refuse(text.error());
        context.out << *text;
        return Exit::done;
    }
    const auto* settings = context.settings();
    if (!settings) return Exit::failed;
    const auto value = config::get_value(*settings, args[0]);
    if (!value) return context.refuse(value.error());
    context.out << *value << "\n";
    return Exit::done;
}

Exit check_config(Context& context, const Words& args) {
    const config::Store store(context.config_file);
    const std::string file = !args.empty()           ? args[0]
                             : store.has_candidate() ? store.candidate_file()
                                                     : store.file();
    const auto text = read_file(file, kSettingsFileMaxBytes);
    if (!text) return context.refuse(text.error());
    const auto errors = config::check_settings(*text, file);
    for (const auto& error : errors) {
        if (context.json) {
            std::string line;
            event::JsonWriter json(line);
            json.begin_object();
            json.field("event", "mistake");
            json.field("where", error.where);
            json.field("what", error.what);
            json.end_object();
            context.out << line << "\n";
        } else {
            context.out << printable(error.message()) << "\n";
        }
    }
    if (!context.json)
        context.out << file << ": "
                    << (errors.empty() ? "good" : std::to_string(errors.size()) + " mistakes")
                    << "\n";
    return errors.empty() ? Exit::done : Exit::failed;
}

Exit diff_config(Context& context, const Words& args) {
    const config::Store store(context.config_file);
    const auto live = store.live();
    if (!live) return context.refuse(live.error());
    auto other = store.candidate();
    if (!args.empty()) {
        const auto number = parse_int(args[0], 1, UINT32_MAX);
        if (!number)
            return context.refuse("'" + args[0] +
                                  "' is not a revision; `sekisho config history` lists them"),
                   Exit::usage;
        other = store.revision(static_cast<std::uint32_t>(*number));
    }
    if (!other) return context.refuse(other.error());
    const auto lines = config::diff_lines(*live, *other);
    context.out << (lines.empty() ? "no difference\n" : lines);
    return Exit::done;
}

Exit show_history(Context& context, const Words&) {
    const auto history = config::Store(context.config_file).history();
    if (!history) return context.refuse(history.error());
    TextTable table({"REVISION", "WRITTEN", ""});
    for (const auto& one : *history) {
        const std::string written = format_time(one.written, true).substr(0, 19);
        if (context.json) {
            std::string line;
            event::JsonWriter json(line);
            json.begin_object();
            json.field("revision", one.number);
            json.field("written", written);
            json.field("live", one.live);
            json.end_object();
            context.out << line << "\n";
        }
        table.add({std::to_string(one.number), written, one.live ? "in force" : ""});
    }
    if (!context.json)
        context.out << (table.empty() ? "nothing was committed yet\n" : table.text());
    return Exit::done;
}

Exit show_keys(Context& context, const Words& args) {
    for (const auto& facts : config::key_facts()) {
        if (!args.empty() && facts.path.find(args[0]) == std::string::npos) continue;
        context.out << facts.path << "\n    " << facts.help << "\n    allowed: " << facts.allowed
                    << (facts.unit.empty() ? "" : " (" + facts.unit + ")")
                    << "\n    default: " << facts.default_value << "\n";
    }
    return Exit::done;
}

}  // namespace sekisho::cli
