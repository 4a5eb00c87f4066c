// `alerts`: what the judge told, worst in plain sight.
#include <ostream>

#include "cli/commands/commands.h"
#include "cli/daemon.h"
#include "cli/json.h"
#include "cli/text_table.h"
#include "sekisho/base/text.h"

namespace sekisho::cli {
namespace {

constexpr std::int64_t kLimitMax = 1000;
constexpr std::string_view kFilters =
    "severity=high|medium|low, host=IP, open=yes|no, since=SECONDS, before=ID";

/// A text in the admin's language where there are two: what LANG says, else English.
std::string in_tongue(const Json& texts) {
    if (!texts.is_object()) return texts.text();
    const char* language = std::getenv("LC_ALL");
    if (!language || !*language) language = std::getenv("LANG");
    const bool japanese = language && std::string_view(language).starts_with("ja");
    const std::string wanted = texts[japanese ? "ja" : "en"].text();
    return wanted.empty() ? texts[japanese ? "en" : "ja"].text() : wanted;
}

/// "2026-11-23T01:02:03.000004+0000" as "2026-11-23 01:02:03".
std::string short_time(const std::string& time) {
    return time.size() >= 19 && time[10] == 'T' ? time.substr(0, 10) + " " + time.substr(11, 8)
                                                : time;
}

std::string first_of(std::string a, const std::string& b) { return a.empty() ? b : a; }

std::vector<Json> alerts_in(const Json& answer) {
    if (answer.is_array()) return answer.items();
    return answer["alerts"].is_array() ? answer["alerts"].items() : std::vector<Json>{answer};
}

/// The facts that stand in no sentence above them.
Json without_texts(const Json& alert) {
    Json facts = alert;
    for (const char* told : {"title", "reason", "advice", "guide", "severity"}) facts.remove(told);
    return facts;
}

std::string what_happened(const Json& alert) {
    return first_of(in_tongue(alert["title"]), alert["signature"].text());
}

}  // namespace

Exit list_alerts(Context& context, const Words& args) {
    const auto* settings = context.settings();
    if (!settings) return Exit::failed;
    for (const auto& word : args)
        if (word.find('=') == std::string::npos && !parse_int(word, 1, kLimitMax)) {
            context.err << "sekisho: '" << printable(word)
                        << "' is no limit or filter; allowed: a number from 1 to 1000, " << kFilters
                        << "\n";
            return Exit::usage;
        }
    const auto answer = ask(*settings, Daemon::slowpath, {"alerts", args});
    if (!answer) return context.refuse(answer.error());
    if (context.json) {
        context.out << *answer << (answer->ends_with('\n') ? "" : "\n");
        return Exit::done;
    }
    const auto values = parse_json_lines(*answer);
    if (!values) return context.refuse(values.error());
    TextTable table({"SEVERITY", "ID", "LAST SEEN", "COUNT", "OUTCOME", "HOST", "WHAT"});
    for (const Json& value : *values)
        for (const Json& alert : alerts_in(value))
            table.add({alert["severity"].text(), alert["id"].text(),
                       short_time(alert["last_seen"].text()), alert["count"].text(),
                       alert["outcome"].text(), alert["host"].text(), what_happened(alert)});
    context.out << (table.empty() ? "no alerts\n" : table.text());
    return Exit::done;
}

Exit show_alert(Context& context, const Words& args) {
    const auto* settings = context.settings();
    if (!settings) return Exit::failed;
    if (!parse_int(args[0], 0, INT64_MAX)) {
        context.err << "sekisho: '" << printable(args[0])
                    << "' is no alert's number; `sekisho alerts` lists them\n";
        return Exit::usage;
    }
    const auto answer = ask(*settings, Daemon::slowpath, {"alert", {args[0]}});
    if (!answer) return context.refuse(answer.error());
    if (context.json) {
        context.out << *answer << (answer->ends_with('\n') ? "" : "\n");
        return Exit::done;
    }
    const auto alert = parse_json(*answer);
    if (!alert) return context.refuse(alert.error());
    const Json& facts =
        alert->has("alert") && (*alert)["alert"].is_object() ? (*alert)["alert"] : *alert;
    context.out << printable(facts["severity"].text() + "  " + what_happened(facts)) << "\n";
    if (const auto reason = in_tongue(facts["reason"]); !reason.empty())
        context.out << printable(reason) << "\n";
    const std::string guide = first_of(in_tongue(facts["guide"]), in_tongue(facts["advice"]));
    for (const auto line : split(guide, '\n'))
        context.out << "  " << printable(line) << "\n";
    context.out << "\n" << lay_out(without_texts(facts));
    return Exit::done;
}

Exit get_evidence(Context& context, const Words& args) {
    const auto* settings = context.settings();
    if (!settings) return Exit::failed;
    const auto answer = ask(*settings, Daemon::slowpath, {"evidence", {args[0]}});
    if (!answer) return context.refuse(answer.error());
    context.out << *answer;
    return Exit::done;
}

Exit verify_evidence(Context& context, const Words&) {
    const auto* settings = context.settings();
    if (!settings) return Exit::failed;
    const auto answer = ask(*settings, Daemon::slowpath, {"verify", {}}, kReloadWithin);
    if (!answer) return context.refuse(answer.error());
    const auto report = parse_json(*answer);
    if (!report) return context.refuse(report.error());
    context.out << (context.json ? *answer + "\n" : lay_out(*report));
    return (*report)["holds"].text() == "yes" ? Exit::done : Exit::failed;
}

}  // namespace sekisho::cli
