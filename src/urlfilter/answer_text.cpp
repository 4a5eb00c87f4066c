#include "sekisho/urlfilter/answer_text.h"

#include "sekisho/event/json_writer.h"
#include "sekisho/urlfilter/moment.h"

namespace sekisho::urlfilter {
namespace {

std::string date_text(std::uint32_t date_s) { return date_s == 0 ? std::string() : format_moment(date_s); }

void put_origin(event::JsonWriter& json, const OriginInfo& origin) {
    json.begin_object();
    json.field("category", origin.category);
    json.field("list", origin.source + ":" + std::to_string(origin.line));
    json.field_if("since", date_text(origin.date_s));
    json.field("action", to_string(origin.action));
    json.field_if("rule", origin.rule);
    json.end_object();
}

}  // namespace

std::string answer_json(const Filter& filter, const Query& query) {
    const Decision decision = filter.decide(query);
    const HostName name(query.host);
    std::string text;
    event::JsonWriter json(text);
    json.begin_object();
    json.field("name", std::string(query.host) + std::string(query.path));
    json.field_if("registrable", registrable_domain(name.text()));
    json.field("action", to_string(decision.action));
    json.field("category", filter.category_name(decision.category));
    json.field_if("list", filter.origin_text(decision));
    json.field_if("entry", decision.host);
    json.field_if("rule", filter.rule_name(decision.rule));
    json.field_if("reason", filter.rule_reason(decision.rule));
    json.begin_array("all");
    for (const OriginInfo& origin : filter.all_origins(query)) put_origin(json, origin);
    json.end_array();
    json.end_object();
    return text;
}

std::string categories_json(const Filter& filter) {
    std::string text;
    for (const CategoryInfo& info : filter.categories()) {
        event::JsonWriter json(text);
        json.begin_object();
        json.field("category", info.name);
        json.field("action", to_string(info.action));
        json.field("lines", info.lines);
        json.field_if("date", date_text(info.date_s));
        json.end_object();
        text += "\n";
    }
    return text;
}

UrlParts cut_url(std::string name) {
    if (const auto scheme = name.find("://"); scheme != std::string::npos) name.erase(0, scheme + 3);
    const auto slash = name.find('/');
    if (slash == std::string::npos) return {name, ""};
    return {name.substr(0, slash), name.substr(slash)};
}

}  // namespace sekisho::urlfilter
