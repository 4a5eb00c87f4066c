// `url test | allow | deny | remove | list`.
#include <ostream>

#include "cli/commands/commands.h"
#include "cli/json.h"
#include "cli/reload.h"
#include "cli/text_table.h"
#include "sekisho/event/json_writer.h"
#include "sekisho/urlfilter/admin_list.h"
#include "sekisho/urlfilter/filter.h"

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
    const auto changed = list->set(verb, name);
    if (!changed) return context.refuse(changed.error());
    const std::string said =
        (verb == AdminVerb::allow ? "allowed: " : "denied: ") + printable(name);
    if (!*changed) {
        if (!context.json) context.out << said << " (it was before)\n";
        return Exit::done;
    }
    return save(context, *settings, *list, said);
}

struct UrlParts {
    std::string host;
    std::string path;
};

/// "https://host/path" or "host/path" or "host".
UrlParts cut_url(std::string name) {
    if (const auto scheme = name.find("://"); scheme != std::string::npos)
        name.erase(0, scheme + 3);
    const auto slash = name.find('/');
    if (slash == std::string::npos) return {name, ""};
    return {name.substr(0, slash), name.substr(slash)};
}

/// The files' answer, in the words that the running filter uses.
Result<std::string> answer_from_files(const config::Settings& settings, const std::string& name) {
    urlfilter::UrlFilterConfig config{settings.url.lists, settings.url.admin_file, {}, {}};
    for (const auto& [category, action] : settings.url.categories)
        config.categories[category] = static_cast<urlfilter::Action>(action);
    urlfilter::BuildReport report;
    const auto filter = urlfilter::Filter::build(config, report);
    if (!filter) return fail(filter.error());
    const UrlParts parts = cut_url(name);
    const auto decision = (*filter)->decide(parts.host, parts.path);
    std::string text;
    event::JsonWriter json(text);
    json.begin_object();
    json.field("name", name);
    json.field("action", urlfilter::to_string(decision.action));
    json.field("category", (*filter)->category_name(decision.category));
    json.field_if("list", (*filter)->origin_text(decision));
    json.begin_array("all");
    for (const auto& origin : (*filter)->all_origins(parts.host, parts.path)) json.item(origin);
    json.end_array();
    json.end_object();
    return text;
}

static_assert(
    static_cast<int>(config::UrlAction::allow) == static_cast<int>(urlfilter::Action::allow) &&
    static_cast<int>(config::UrlAction::alert) == static_cast<int>(urlfilter::Action::alert) &&
    static_cast<int>(config::UrlAction::block) == static_cast<int>(urlfilter::Action::block));

}  // namespace

Exit test_url(Context& context, const Words& args) {
    const auto* settings = context.settings();
    if (!settings) return Exit::failed;
    if (!settings->url.enabled)
        context.err << "sekisho: the URL filter is switched off (url.enabled)\n";
    const UrlParts parts = cut_url(args[0]);
    auto answer =
        ask(*settings, Daemon::fastpath,
            {"url-test", parts.path.empty() ? Words{parts.host} : Words{parts.host, parts.path}});
    if (!answer && not_running(answer.error())) {
        context.err << "sekisho: the fast path is not running; this is what the lists say\n";
        answer = answer_from_files(*settings, args[0]);
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
    TextTable table({"ACTION", "NAME", "LINE"});
    for (const auto& entry : list->entries()) {
        const std::string verb = entry.verb == AdminVerb::allow ? "allow" : "deny";
        if (context.json) {
            std::string line;
            event::JsonWriter json(line);
            json.begin_object();
            json.field("action", verb);
            json.field("name", entry.target);
            json.field("line", entry.line);
            json.end_object();
            context.out << line << "\n";
        }
        table.add({verb, entry.target, std::to_string(entry.line)});
    }
    if (!context.json)
        context.out << (table.empty() ? "nothing is allowed or denied by hand\n" : table.text());
    return Exit::done;
}

}  // namespace sekisho::cli
