#include "signature/field_protocol.h"

namespace sekisho::signature {

namespace {

std::string_view head_of(app::Field field) noexcept {
    const std::string_view name = app::info(field).name;
    return name.substr(0, name.find('.'));
}

}  // namespace

bool is_fingerprint(app::Field field) noexcept {
    const std::string_view head = head_of(field);
    return head == "ja3" || head == "ja3s" || head == "ja4";
}

app::Protocol protocol_of(app::Field field) noexcept {
    if (is_fingerprint(field)) return app::Protocol::tls;
    const std::string_view head = head_of(field);
    if (head == "sdp") return app::Protocol::sip;
    if (head == "cip") return app::Protocol::enip;
    return app::parse_protocol(head).value_or(app::Protocol::unknown);
}

bool protocols_agree(app::Protocol rule, app::Protocol used) noexcept {
    using P = app::Protocol;
    return rule == used || (rule == P::http2 && used == P::http) || (rule == P::http && used == P::http2) ||
           (rule == P::doh2 && (used == P::http2 || used == P::http || used == P::dns)) || (rule == P::quic && used == P::tls) ||
           (rule == P::tls && used == P::quic) || app::covers(used, rule);
}

}  // namespace sekisho::signature
