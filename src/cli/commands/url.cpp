// `url test | allow | deny | remove | list | categories`.
#include <ostream>

#include "cli/commands/commands.h"
#include "cli/json.h"
#include "cli/reload.h"
#include "cli/text_table.h"
#include "sekisho/base/clock.h"
#include "sekisho/event/json_writer.h"
#include "sekisho/urlfilter/admin_list.h"
#include "sekisho/urlfilter/answer_text.h"
#include "sekisho/urlfilter/from_settings.h"
#include "sekisho/urlfilter/moment.h"

namespace sekisho::cli {
namespace {

using urlfilter::AdminList;
using urlfilter::AdminVerb;

Result<AdminList> admin_list(const config::Settings& settings) {
    if (settings.url.admin_file.empty())
        return fail(
            ErrorCode::invalid,
            "url.admin_file is not set; `sekisho config set url.admin_file PATH`, then commit");
    return AdminList::load(settings.url.admin_file);
}

Exit save(Context& context, const config::Settings& settings, const AdminList& list,
          const std::string& said) {
    if (auto done = change_file(context, settings, settings.url.admin_file, list.text()); !done)
        return context.refuse(done.error());
    if (!context.json) context.out << said << "\n";
    return Exit::done;
}

Exit set_entry(Context& context, const std::string& name, AdminVerb verb) {
    const auto* settings = context.settings();
    if (!settings) return Exit::failed;
    auto list = admin_list(*settings);
    if (!list) return context.refuse(list.error());
    std::uint64_t until = 0;
    const std::uint64_t now = SystemClock().now() / kSecondNs;
    if (const std::string lasting = context.option("--for"); !lasting.empty()) {
        const auto span = urlfilter::parse_span(lasting);
        if (!span) return context.refuse("'" + lasting + "' is no time; write 90s, 30m, 1h, 7d or 2w");
        until = now + *span;
    }
    list->remove_ended(now);
    const auto changed = list->set(verb, name, until, context.option("--reason"));
    if (!changed) return context.refuse(changed.error());
    const std::string said = (verb == AdminVerb::allow ? "allowed: " : "denied: ") + printable(name) +
                             (until != 0 ? " until " + urlfilter::format_moment(until) : std::string());
    if (!*changed) {
        if (!context.json) context.out << said << " (it was before)\n";
        return Exit::done;
    }
    return save(context, *settings, *list, said);
}

/// The files' answer, in the words that the running filter uses.
Result<std::string> answer_from_files(const config::Settings& settings, const urlfilter::Query& asked) {
    const auto config = urlfilter::filter_config(settings.url);
    if (!config) return fail(config.error());
    urlfilter::BuildReport report;
    const auto filter = urlfilter::Filter::build(*config, report);
    if (!filter) return fail(filter.error());
    urlfilter::Query query = asked;
    signature::PatternScratch scratch;
    if ((*filter)->patterns() != nullptr && scratch.add(*(*filter)->patterns())) query.scratch = &scratch;
    return urlfilter::answer_json(**filter, query);
}

Result<std::string> categories_from_files(const config::Settings& settings) {
    const auto config = urlfilter::filter_config(settings.url);
    if (!config) return fail(config.error());
    urlfilter::BuildReport report;
    const auto filter = urlfilter::Filter::build(*config, report);
    if (!filter) return fail(filter.error());
    return urlfilter::categories_json(**filter);
}

}  // namespace

Exit test_url(Context& context, const Words& args) {
    const auto* settings = context.settings();
    if (!settings) return Exit::failed;
    if (!settings->url.enabled)
        context.err << "sekisho: the URL filter is switched off (url.enabled)\n";
    const urlfilter::UrlParts parts = urlfilter::cut_url(args[0]);
    const std::string client = context.option("--client");
    urlfilter::Query query{parts.host, parts.path};
    query.now_s = SystemClock().now() / kSecondNs;
    if (!client.empty()) {
        const auto address = IpAddress::parse(client);
        if (!address) return context.refuse("'" + client + "' is no address");
        query.client.address = *address;
    }
    Words question{parts.host};
    if (!parts.path.empty() || !client.empty()) question.push_back(parts.path);
    if (!client.empty()) question.push_back(client);
    auto answer = ask(*settings, Daemon::fastpath, {"url-test", question});
    if (!answer && not_running(answer.error())) {
        context.err << "sekisho: the fast path is not running; this is what the lists say\n";
        answer = answer_from_files(*settings, query);
    }
    if (!answer) return context.refuse(answer.error());
    const auto value = parse_json(*answer);
    context.out << (context.json || !value ? *answer + "\n" : lay_out(*value));
    return Exit::done;
}

Exit allow_url(Context& context, const Words& args) {
    return set_entry(context, args[0], AdminVerb::allow);
}
Exit deny_url(Context& context, const Words& args) {
    return set_entry(context, args[0], AdminVerb::deny);
}

Exit remove_url(Context& context, const Words& args) {
    const auto* settings = context.settings();
    if (!settings) return Exit::failed;
    auto list = admin_list(*settings);
    if (!list) return context.refuse(list.error());
    const auto removed = list->remove(args[0]);
    if (!removed) return context.refuse(removed.error());
    if (!*removed)
        return context.refuse(
            "'" + args[0] +
            "' is neither allowed nor denied here; `sekisho url list` shows what is");
    return save(context, *settings, *list, "removed: " + printable(args[0]));
}

Exit list_urls(Context& context, const Words&) {
    const auto* settings = context.settings();
    if (!settings) return Exit::failed;
    const auto list = admin_list(*settings);
    if (!list) return context.refuse(list.error());
    TextTable table({"ACTION", "NAME", "UNTIL", "REASON", "LINE"});
    for (const auto& entry : list->entries()) {
        const std::string verb = entry.verb == AdminVerb::allow ? "allow" : "deny";
        const std::string until = entry.until_s == 0 ? std::string() : urlfilter::format_moment(entry.until_s);
        if (context.json) {
            std::string line;
            event::JsonWriter json(line);
            json.begin_object();
            json.field("action", verb);
            json.field("name", entry.target);
            json.field_if("until", until);
            json.field_if("reason", entry.reason);
            json.field("line", entry.line);
            json.end_object();
            context.out << line << "\n";
        }
        table.add({verb, entry.target, until, printable(entry.reason), std::to_string(entry.line)});
    }
    if (!context.json)
        context.out << (table.empty() ? "nothing is allowed or denied by hand\n" : table.text());
    return Exit::done;
}

Exit list_categories(Context& context, const Words& args) {
    const auto* settings = context.settings();
    if (!settings) return Exit::failed;
    auto answer = ask(*settings, Daemon::fastpath, {"url-categories", {}});
    if (!answer && not_running(answer.error())) {
        context.err << "sekisho: the fast path is not running; this is what the lists say\n";
        answer = categories_from_files(*settings);
    }
    if (!answer) return context.refuse(answer.error());
    const auto lines = parse_json_lines(*answer);
    if (!lines) return context.refuse(lines.error());
    TextTable table({"CATEGORY", "ACTION", "LINES", "DATE"});
    for (const Json& line : *lines) {
        if (!args.empty() && line["category"].text().find(args[0]) == std::string::npos) continue;
        table.add({printable(line["category"].text()), line["action"].text(), line["lines"].text(), line["date"].text()});
    }
    context.out << (context.json ? *answer : table.text());
    return Exit::done;
}

}  // namespace sekisho::cli
