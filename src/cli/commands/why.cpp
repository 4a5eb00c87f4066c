// `why` and `url stats`: what the URL filter decided, from the decision log.
#include <ostream>

#include "cli/commands/commands.h"
#include "cli/daemon.h"
#include "cli/json.h"
#include "cli/text_table.h"
#include "sekisho/base/text.h"
#include "sekisho/urlfilter/answer_text.h"
#include "sekisho/urlfilter/moment.h"

namespace sekisho::cli {
namespace {

constexpr std::string_view kDaysByDefault = "7";

std::string short_time(const std::string& time) {
    return time.size() >= 19 && time[10] == 'T' ? time.substr(0, 10) + " " + time.substr(11, 8) : time;
}

/// One decision as sentences that a person can read out.
void tell(Context& context, const Json& one) {
    const auto text = [&](std::string_view key) { return printable(one[key].text()); };
    context.out << short_time(text("time")) << "  incident " << text("incident") << ": " << text("client")
                << (one.has("mac") ? " (" + text("mac") + ")" : std::string()) << " asked for " << text("host") << text("url")
                << " on port " << text("port") << ".\n";
    context.out << "  decision: " << text("decision") << " (" << text("outcome") << "), category " << text("category");
    if (one.has("list")) context.out << ", because of " << text("list");
    if (one.has("rule")) context.out << ", by the rule '" << text("rule") << "'";
    if (one.has("reason")) context.out << "; " << text("reason");
    context.out << ".\n";
}

/// What the filter in force would say now.
void tell_now(Context& context, const config::Settings& settings, const std::string& client, const std::string& site) {
    const auto parts = urlfilter::cut_url(site);
    const auto answer = ask(settings, Daemon::fastpath, {"url-test", {parts.host, parts.path, client}});
    const auto value = answer ? parse_json(*answer) : Result<Json>(fail(answer.error()));
    if (!value) return;
    const Json& now = *value;
    context.out << "now: " << printable(now["action"].text());
    if (!now["category"].text().empty()) context.out << ", category " << printable(now["category"].text());
    if (now.has("list")) context.out << ", because of " << printable(now["list"].text());
    const auto& all = now["all"].items();
    if (!all.empty() && all.front().has("since")) context.out << " (list of " << printable(all.front()["since"].text()) << ")";
    context.out << ".\n";
    if (now["action"].text() == "block" || now["action"].text() == "warn")
        context.out << "to allow it for an hour: sekisho url allow " << printable(parts.host) << " --for 1h --reason '...'\n";
}

}  // namespace

Exit why(Context& context, const Words& args) {
    const auto* settings = context.settings();
    if (!settings) return Exit::failed;
    Words words = args;
    if (words.size() > 1) words[1] = urlfilter::cut_url(words[1]).host;
    if (words.size() == 3) {
        const auto moment = urlfilter::parse_moment(words[2]);
        if (!moment && !parse_int(words[2], 0, INT64_MAX))
            return context.refuse("'" + printable(words[2]) + "' is no time; write 2026-12-01T09:30:00Z or seconds since 1970");
        if (moment) words[2] = std::to_string(*moment);
    }
    const auto answer = ask(*settings, Daemon::slowpath, {"why", words});
    if (!answer) return context.refuse(answer.error());
    if (context.json) {
        context.out << *answer;
        return Exit::done;
    }
    const auto lines = parse_json_lines(*answer);
    if (!lines) return context.refuse(lines.error());
    for (const Json& one : *lines) tell(context, one);
    if (lines->empty())
        context.out << (args.size() == 1 ? "no decision has this number (any more)\n"
                                         : "the filter has neither stopped nor told anything of this client and site\n");
    if (args.size() > 1) tell_now(context, *settings, args[0], args[1]);
    else if (!lines->empty()) tell_now(context, *settings, lines->front()["client"].text(), lines->front()["host"].text() + lines->front()["url"].text());
    return Exit::done;
}

Exit show_url_stats(Context& context, const Words& args) {
    const auto* settings = context.settings();
    if (!settings) return Exit::failed;
    Words words{context.options.contains("--days") ? context.option("--days") : std::string(kDaysByDefault)};
    words.insert(words.end(), args.begin(), args.end());
    const auto answer = ask(*settings, Daemon::slowpath, {"url-stats", words});
    if (!answer) return context.refuse(answer.error());
    const auto lines = parse_json_lines(*answer);
    if (!lines) return context.refuse(lines.error());
    TextTable table({"DAY", "CLIENT", "CATEGORY", "STOPPED", "PASSED"});
    for (const Json& one : *lines)
        table.add({one["day"].text(), one["client"].text(), printable(one["category"].text()), one["stopped"].text(), one["passed"].text()});
    context.out << (context.json ? *answer : table.empty() ? "the URL filter had nothing to tell\n" : table.text());
    return Exit::done;
}

}  // namespace sekisho::cli
