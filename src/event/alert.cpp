#include "sekisho/event/alert.h"

#include <algorithm>
#include <array>

#include "sekisho/base/text.h"
#include "sekisho/event/json_writer.h"

namespace sekisho::event {
namespace {

constexpr std::array<std::string_view, static_cast<std::size_t>(Severity::count_)> kSeverities{"Low", "Medium", "High"};
constexpr std::array<std::string_view, static_cast<std::size_t>(Outcome::count_)> kOutcomes{"blocked", "attempted",
                                                                                            "unknown", "succeeded"};
constexpr std::array<std::string_view, static_cast<std::size_t>(Bearing::count_)> kBearings{
    "inbound", "outbound", "fetched", "lateral", "transit"};

template <class Name, std::size_t N>
std::string_view name_of(const std::array<std::string_view, N>& names, Name value) noexcept {
    const auto index = static_cast<std::size_t>(value);
    return index < N ? names[index] : "?";
}
template <class Name, std::size_t N>
std::optional<Name> value_of(const std::array<std::string_view, N>& names, std::string_view text) noexcept {
    for (std::size_t i = 0; i < N; ++i)
        if (equals_nocase(names[i], text)) return static_cast<Name>(i);
    return std::nullopt;
}

void put_tongues(JsonWriter& json, std::string_view key, const BothTongues& text) {
    if (text.ja.empty() && text.en.empty()) return;
    json.begin_object(key);
    json.field("ja", text.ja);
    json.field("en", text.en);
    json.end_object();
}

}  // namespace

std::string_view to_string(Severity severity) noexcept { return name_of(kSeverities, severity); }
std::string_view to_string(Outcome outcome) noexcept { return name_of(kOutcomes, outcome); }
std::string_view to_string(Bearing bearing) noexcept { return name_of(kBearings, bearing); }
std::optional<Severity> parse_severity(std::string_view text) noexcept { return value_of<Severity>(kSeverities, text); }
std::optional<Outcome> parse_outcome(std::string_view text) noexcept { return value_of<Outcome>(kOutcomes, text); }
std::optional<Bearing> parse_bearing(std::string_view text) noexcept { return value_of<Bearing>(kBearings, text); }

std::string protocol_name(std::uint8_t ip_protocol) {
    switch (ip_protocol) {
        case 1: return "ICMP";
        case 6: return "TCP";
        case 17: return "UDP";
        case 58: return "IPv6-ICMP";
        default: return std::to_string(ip_protocol);
    }
}

void append_json(std::string& out, const Alert& a) {
    JsonWriter json(out);
    json.begin_object();
    json.field("id", a.id);
    json.field("severity", to_string(a.severity));
    json.field("outcome", to_string(a.outcome));
    json.field("direction", to_string(a.bearing));
    json.field("open", a.open);
    json.field("telling", a.telling);
    json.field("class", a.class_name);
    json.field("cause", a.cause);
    json.field("host", a.host.to_string());
    if (a.mac) json.field("mac", a.mac->to_string());
    json.field_if("host_name", a.host_name);
    json.field_if("host_os", a.host_os);
    json.field_if("host_vendor", a.host_vendor);
    if (a.hosts > 1) json.field("hosts", a.hosts);
    if (a.via) json.field("via", a.via->to_string());
    json.field_if("via_how", a.via_how);
    json.field_if("reported_by", a.reported_by);
    json.time("first_seen", a.first_ns);
    json.time("last_seen", a.last_ns);
    json.field("count", a.count);
    json.field("blocked", a.blocked);
    json.field("answered", a.answered);
    json.field("days", a.days);
    json.field("total", std::max(a.total, a.count));
    json.field("notice", a.notice);
    if (a.folded_medium != 0) json.field("folded_medium", a.folded_medium);
    if (a.folded_low != 0) json.field("folded_low", a.folded_low);
    json.begin_array("peers");
    for (const IpAddress& peer : a.peers) json.item(peer.to_string());
    json.end_array();
    if (a.peers_more != 0) json.field("peers_more", a.peers_more);
    if (a.sid != 0) {
        json.field("gid", a.gid);
        json.field("signature_id", a.sid);
        json.field("rev", a.rev);
    }
    json.field("signature", a.signature);
    json.field_if("category", a.category);
    json.field_if("app_proto", a.app);
    json.field_if("target", a.target);
    json.field_if("url", a.url);
    json.field("src_ip", a.src.to_string());
    json.field("src_port", a.src_port);
    json.field("dest_ip", a.dst.to_string());
    json.field("dest_port", a.dst_port);
    json.field("proto", protocol_name(a.ip_protocol));
    json.field("flow_id", a.flow_id);
    put_tongues(json, "title", a.title);
    put_tongues(json, "reason", a.reason);
    put_tongues(json, "advice", a.advice);
    put_tongues(json, "guide", a.guide);
    json.end_object();
}

}  // namespace sekisho::event
