#include "fastpath/rule_json.h"

#include <array>

#include "sekisho/event/json_writer.h"

namespace sekisho::fastpath {
namespace {

std::string_view action_name(signature::Action action) {
    constexpr std::array<std::string_view, 6> kNames{"alert", "pass", "drop", "reject", "rejectdst", "rejectboth"};
    return kNames[static_cast<std::size_t>(action)];
}

std::string_view kind_name(signature::RuleKind kind) {
    constexpr std::array<std::string_view, 4> kNames{"packet", "payload", "message", "ip-only"};
    return kNames[static_cast<std::size_t>(kind)];
}

void write_rule(std::string& text, const signature::CompiledRule& compiled, bool whole) {
    const signature::Rule& rule = compiled.rule;
    event::JsonWriter json(text);
    json.begin_object();
    json.field("gid", rule.gid);
    json.field("sid", rule.sid);
    json.field("rev", rule.rev);
    json.field("action", action_name(rule.header.action));
    json.field("msg", rule.msg);
    json.field_if("classtype", rule.classtype);
    json.field("priority", rule.priority);
    json.field("file", rule.place.file);
    json.field("line", rule.place.line);
    if (whole) {
        json.field("kind", kind_name(compiled.kind));
        json.field_if("prefilter", compiled.prefilter_note);
        json.field("text", rule.text);
        json.begin_array("references");
        for (const auto& reference : rule.references) json.item(reference);
        json.end_array();
        json.begin_array("metadata");
        for (const auto& [key, value] : rule.metadata) json.item(key + " " + value);
        json.end_array();
    }
    json.end_object();
}

}  // namespace

std::string rules_json(const signature::CompiledSet& rules) {
    std::string text;
    for (signature::RuleIndex i = 0; i < rules.size(); ++i) {
        write_rule(text, rules.rule(i), false);
        text += '\n';
    }
    return text;
}

std::string rule_json(const signature::CompiledRule& rule) {
    std::string text;
    write_rule(text, rule, true);
    return text;
}

}  // namespace sekisho::fastpath
