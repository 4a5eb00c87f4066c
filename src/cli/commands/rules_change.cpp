// `rules add`, `remove`, `enable`, `disable`, `drop`, `alert`, `reload`. A change is checked first,
// written atomically, then taken by the fast path; what it refuses is put back.
#include <ostream>

#include "cli/commands/commands.h"
#include "cli/reload.h"
#include "cli/rule_files.h"
#include "cli/text_table.h"
#include "sekisho/base/file_text.h"
#include "sekisho/base/text.h"
#include "sekisho/config/rule_overrides.h"

namespace sekisho::cli {
namespace {

std::optional<std::uint32_t> rule_id(Context& context, const std::string& word) {
    const auto sid = parse_int(word, 1, UINT32_MAX);
    if (!sid)
        context.refuse("'" + word + "' is not a rule id; allowed: a number from 1 to 4294967295");
    if (!sid) return {};
    return static_cast<std::uint32_t>(*sid);
}

Result<std::string> local_rules(const config::Settings& settings) {
    const std::string& path = settings.rules.local_file;
    if (path.empty())
        return fail(
            ErrorCode::invalid,
            "rules.local_file is not set; `sekisho config set rules.local_file PATH`, then commit");
    auto text = read_file(path, kRuleFileMaxBytes);
    if (!text && text.error().code == ErrorCode::not_found) return std::string();
    return text;
}

/// The file that has a rule of this id already, running or switched off; empty: none.
std::string file_with(const config::Settings& settings, std::uint32_t sid) {
    for (const auto& file : rule_files(settings)) {
        const auto text = read_file(file, kRuleFileMaxBytes);
        if (text && find_rule_line(*text, sid).found()) return file;
    }
    return {};
}

/// The fast path runs the rule: it may compile less than the parser takes.
Status runs(const config::Settings& settings, std::uint32_t sid) {
    const auto answer = ask(settings, Daemon::fastpath, {"rule", {std::to_string(sid)}});
    if (!answer && !not_running(answer.error())) return fail(answer.error());
    return {};
}

Exit override_rule(Context& context, const Words& args, config::Override what) {
    const auto* settings = context.settings();
    const auto sid = settings ? rule_id(context, args[0]) : std::nullopt;
    if (!settings) return Exit::failed;
    if (!sid) return Exit::usage;
    const std::string& path = settings->rules.overrides_file;
    if (path.empty())
        return context.refuse(
            "rules.overrides_file is not set; `sekisho config set rules.overrides_file PATH`, then "
            "commit");
    auto read = config::load_overrides(path);
    if (!read) return context.refuse(read.error());
    // A line we do not understand would be lost by writing the file anew; the admin wrote it, so he
    // mends it.
    if (!read->errors.empty()) return context.refuse(read->errors.front());
    const bool known = !file_with(*settings, *sid).empty();
    if (!known)
        context.err << "sekisho: no rule file has a rule " << *sid << "; kept for when one has\n";
    read->overrides[*sid] = what;
    const auto applied = [&]() -> Status {
        return known && what != config::Override::disable ? runs(*settings, *sid) : Status{};
    };
    if (auto done = change_file(context, *settings, path, config::format_overrides(read->overrides),
                                applied);
        !done)
        return context.refuse(done.error());
    if (!context.json) context.out << "rule " << *sid << ": " << to_word(what) << "\n";
    return Exit::done;
}

}  // namespace

Exit add_rule(Context& context, const Words& args) {
    const auto* settings = context.settings();
    if (!settings) return Exit::failed;
    const std::string text(trim(args[0]));
    if (text.find_first_of("\r\n") != std::string::npos)
        return context.refuse("a rule is one line; add several one by one");
    const auto parse = parse_context(*settings);
    if (!parse) return context.refuse(parse.error());
    const auto rule = signature::parse_rule(text, *parse);
    if (!rule) return context.refuse(rule.error());
    if (rule->sid == 0)
        return context.refuse("the rule has no sid; add 'sid:1000001;' or another free number");
    auto local = local_rules(*settings);
    if (!local) return context.refuse(local.error());
    if (const auto file = file_with(*settings, rule->sid); !file.empty())
        return context.refuse("a rule with sid " + std::to_string(rule->sid) + " stands in " +
                              file + "; take another sid");
    if (!local->empty() && local->back() != '\n') *local += '\n';
    const auto done = change_file(context, *settings, settings->rules.local_file,
                                  *local + text + "\n", [&] { return runs(*settings, rule->sid); });
    if (!done) return context.refuse(done.error());
    if (!context.json)
        context.out << "added: rule " << rule->sid << " in " << settings->rules.local_file << "\n";
    return Exit::done;
}

Exit remove_rule(Context& context, const Words& args) {
    const auto* settings = context.settings();
    const auto sid = settings ? rule_id(context, args[0]) : std::nullopt;
    if (!settings) return Exit::failed;
    if (!sid) return Exit::usage;
    auto local = local_rules(*settings);
    if (!local) return context.refuse(local.error());
    const auto line = find_rule_line(*local, *sid);
    if (!line.found())
        return context.refuse(
            "no rule " + args[0] + " in " + settings->rules.local_file +
            "; rules of other files can be switched off: `sekisho rules disable " + args[0] + "`");
    local->erase(line.begin, line.end - line.begin);
    if (auto done = change_file(context, *settings, settings->rules.local_file, *local); !done)
        return context.refuse(done.error());
    if (!context.json) context.out << "removed: rule " << *sid << "\n";
    return Exit::done;
}

Exit enable_rule(Context& context, const Words& args) {
    return override_rule(context, args, config::Override::enable);
}
Exit disable_rule(Context& context, const Words& args) {
    return override_rule(context, args, config::Override::disable);
}
Exit drop_rule(Context& context, const Words& args) {
    return override_rule(context, args, config::Override::drop);
}
Exit alert_rule(Context& context, const Words& args) {
    return override_rule(context, args, config::Override::alert);
}

Exit reload_rules(Context& context, const Words&) {
    const auto* settings = context.settings();
    if (!settings) return Exit::failed;
    // Here, and only here, a fast path that does not run is a failure: nothing else was asked for.
    const auto pong = ask(*settings, Daemon::fastpath, {"ping", {}});
    if (!pong) return context.refuse(pong.error());
    if (auto done = reload_fastpath(context, *settings); !done) return context.refuse(done.error());
    return Exit::done;
}

}  // namespace sekisho::cli
