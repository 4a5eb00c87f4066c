// `rules list`, `show`, `check`: looking at rules, running or in files.
#include <algorithm>
#include <array>
#include <filesystem>
#include <ostream>

#include "cli/commands/commands.h"
#include "cli/daemon.h"
#include "cli/json.h"
#include "cli/rule_files.h"
#include "cli/text_table.h"
#include "sekisho/base/file_text.h"
#include "sekisho/base/text.h"
#include "sekisho/config/load.h"
#include "sekisho/config/rule_overrides.h"
#include "sekisho/event/json_writer.h"
#include "sekisho/signature/compile.h"
#include "sekisho/signature/explain.h"
#include "sekisho/signature/rule_edits.h"

namespace sekisho::cli {
namespace {

/// One rule as the list shows it, from the running set or from a file.
struct Listed {
    std::string sid, action, rank, classtype, msg;
};

bool has_all(const Listed& rule, const Words& words) {
    const std::string line =
        to_lower(rule.sid + " " + rule.action + " " + rule.classtype + " " + rule.msg);
    return std::all_of(words.begin(), words.end(), [&](const std::string& word) {
        return line.find(to_lower(word)) != std::string::npos;
    });
}

std::string_view action_word(signature::Action action) {
    constexpr std::array<std::string_view, 6> words{"alert",  "pass",   "drop",
                                                    "reject", "reject", "reject"};
    return words[static_cast<std::size_t>(action)];
}

std::string action_of(const signature::Rule& rule, const config::RuleOverrides& overrides) {
    const auto found = overrides.find(rule.sid);
    if (found != overrides.end() && found->second != config::Override::enable)
        return found->second == config::Override::disable ? "(off)"
                                                          : std::string(to_word(found->second));
    return std::string(action_word(rule.header.action));
}

/// The files' rules, for a box whose fast path is not running.
Result<std::vector<Listed>> from_files(const config::Settings& settings) {
    const auto context = parse_context(settings);
    if (!context) return fail(context.error());
    const auto overrides =
        config::load_overrides(settings.rules.overrides_file).value_or(config::OverridesRead{});
    std::vector<Listed> all;
    for (const auto& file : rule_files(settings)) {
        const auto text = read_file(file, kRuleFileMaxBytes);
        if (!text)
            continue;  // said by the fast path when it starts; a local file may not exist yet
        for (const auto& rule :
             signature::parse_rules(config::uncomment_overridden(*text, overrides.overrides), file,
                                    *context)
                 .rules)
            all.push_back({std::to_string(rule.sid), action_of(rule, overrides.overrides),
                           std::to_string(rule.priority), rule.classtype, rule.msg});
    }
    return all;
}

Result<std::vector<Listed>> from_answer(const std::string& answer) {
    const auto values = parse_json_lines(answer);
    if (!values) return fail(values.error());
    std::vector<Listed> all;
    for (const Json& rule : *values)
        all.push_back({rule["sid"].text(), rule["action"].text(), rule["priority"].text(),
                       rule["classtype"].text(), rule["msg"].text()});
    return all;
}

std::string json_line(const Listed& rule) {
    std::string line;
    event::JsonWriter json(line);
    json.begin_object();
    json.raw("sid", rule.sid);
    json.field("action", rule.action);
    json.raw("priority", rule.rank.empty() ? "0" : rule.rank);
    json.field("classtype", rule.classtype);
    json.field("msg", rule.msg);
    json.end_object();
    return line + "\n";
}

/// The mistake, and below it the text it stands in.
std::string with_excerpt(const signature::RuleError& error) {
    std::string text = printable(error.message()) + "\n";
    if (!error.excerpt.empty()) text += "    " + printable(error.excerpt) + "\n";
    return text;
}

struct Checked {
    std::size_t good = 0;
    std::size_t mistakes = 0;
};

std::string problem_line(const signature::RuleError& error, std::string_view kind) {
    std::string line;
    event::JsonWriter json(line);
    json.begin_object();
    json.field("event", kind);
    json.field("file", error.place.file);
    json.field("line", error.place.line);
    json.field("column", error.place.column);
    json.field("sid", error.sid);
    json.field("what", error.what);
    json.end_object();
    return line + "\n";
}

Result<Checked> check_one(Context& context, const signature::ParseContext& parse,
                          const std::string& file) {
    const auto text = read_file(file, kRuleFileMaxBytes);
    if (!text) return fail(text.error());
    const auto report = signature::parse_rules(*text, file, parse);
    for (const auto& error : report.errors)
        context.out << (context.json ? problem_line(error, "mistake") : with_excerpt(error));
    for (const auto& warning : report.warnings)
        context.out << (context.json ? problem_line(warning, "warning")
                                     : "warning: " + with_excerpt(warning));
    if (!context.json)
        context.out << file << ": " << report.rules.size() << " good, " << report.errors.size()
                    << " with mistakes, " << report.disabled << " in comments\n";
    return Checked{report.rules.size(), report.errors.size()};
}

}  // namespace

Exit list_rules(Context& context, const Words& args) {
    const auto* settings = context.settings();
    if (!settings) return Exit::failed;
    const auto answer = ask(*settings, Daemon::fastpath, {"rules", {}}, kReloadWithin);
    if (!answer && !not_running(answer.error())) return context.refuse(answer.error());
    if (!answer)
        context.err << "sekisho: the fast path is not running; these are the rules of the files\n";
    const auto rules = answer ? from_answer(*answer) : from_files(*settings);
    if (!rules) return context.refuse(rules.error());
    TextTable table({"SID", "ACTION", "PRIORITY", "CLASS", "MESSAGE"});
    std::size_t shown = 0;
    for (const Listed& rule : *rules) {
        if (!has_all(rule, args)) continue;
        ++shown;
        if (context.json)
            context.out << json_line(rule);
        else
            table.add({rule.sid, rule.action, rule.rank, rule.classtype, rule.msg});
    }
    if (!context.json)
        context.out << table.text() << shown << " of " << rules->size() << " rules\n";
    return Exit::done;
}

Exit show_rule(Context& context, const Words& args) {
    const auto* settings = context.settings();
    if (!settings) return Exit::failed;
    const auto sid = parse_int(args[0], 1, UINT32_MAX);
    if (!sid)
        return context.refuse("'" + args[0] +
                              "' is not a rule id; allowed: a number from 1 to 4294967295"),
               Exit::usage;
    const auto answer = ask(*settings, Daemon::fastpath, {"rule", {args[0]}});
    if (answer) {
        const auto value = parse_json(*answer);
        context.out << (context.json || !value ? *answer + "\n" : lay_out(*value));
        return Exit::done;
    }
    for (const auto& file : rule_files(*settings)) {
        const auto text = read_file(file, kRuleFileMaxBytes);
        const auto line =
            text ? find_rule_line(*text, static_cast<std::uint32_t>(*sid)) : RuleLine{};
        if (!line.found()) continue;
        context.err << "sekisho: not running now (" << printable(answer.error().message())
                    << "); it stands in " << file << ":\n";
        context.out << text->substr(line.begin, line.end - line.begin);
        return Exit::done;
    }
    return context.refuse(answer.error());
}

Exit explain_rule(Context& context, const Words& args) {
    const auto* settings = context.settings();
    if (!settings) return Exit::failed;
    const auto sid = parse_int(args[0], 1, UINT32_MAX);
    if (!sid) return context.refuse("'" + args[0] + "' is not a rule id; allowed: a number from 1 to 4294967295"), Exit::usage;
    auto parse = parse_context(*settings);
    if (!parse) return context.refuse(parse.error());
    for (const auto& file : rule_files(*settings)) {
        const auto text = read_file(file, kRuleFileMaxBytes);
        const auto line = text ? find_rule_line(*text, static_cast<std::uint32_t>(*sid)) : RuleLine{};
        if (!line.found()) continue;
        const auto written = signature::read_rule_line(std::string_view(*text).substr(line.begin, line.end - line.begin), file);
        if (!written) continue;
        parse->rules_folder = std::filesystem::path(file).parent_path().string();
        auto rule = signature::parse_rule(written->text, *parse);
        if (!rule) return context.refuse(rule.error());
        std::vector<signature::Rule> alone;
        alone.push_back(std::move(*rule));
        const auto set = signature::compile(std::move(alone));
        if (!set) return context.refuse(set.error());
        context.out << printable(written->text) << "\n" << file << (written->enabled ? "" : " (switched off)") << "\n";
        for (const std::string& fact : signature::explain((*set)->rule(0))) context.out << "  " << printable(fact) << "\n";
        return Exit::done;
    }
    return context.refuse("no rule file has a rule " + args[0]);
}

Exit check_rules(Context& context, const Words& args) {
    // Files can be checked on any machine: without settings the variables have their usual values.
    const auto loaded = config::load_settings(context.config_file);
    if (!loaded && loaded.error().code != ErrorCode::not_found) context.refuse(loaded.error());
    const auto parse = parse_context(loaded.value_or(config::Settings{}));
    if (!parse) return context.refuse(parse.error());
    Exit result = Exit::done;
    for (const auto& file : args) {
        const auto checked = check_one(context, *parse, file);
        if (!checked) context.refuse(checked.error());
        if (!checked || checked->mistakes > 0) result = Exit::failed;
    }
    return result;
}

}  // namespace sekisho::cli
