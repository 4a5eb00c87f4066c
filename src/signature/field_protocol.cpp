#include "signature/field_protocol.h"

namespace sekisho::signature {

app::Protocol protocol_of(app::Field field) noexcept {
    const std::string_view name = app::info(field).name;
    const std::string_view head = name.substr(0, name.find('.'));
    if (head == "ja3" || head == "ja3s" || head == "ja4") return app::Protocol::tls;
    if (head == "sdp") return app::Protocol::sip;
    if (head == "cip") return app::Protocol::enip;
    return app::parse_protocol(head).value_or(app::Protocol::unknown);
}

bool protocols_agree(app::Protocol rule, app::Protocol used) noexcept {
    using P = app::Protocol;
    return rule == used || (rule == P::http2 && used == P::http) || (rule == P::http && used == P::http2) ||
           (rule == P::quic && used == P::tls) || (rule == P::tls && used == P::quic) || app::covers(used, rule);
}

}  // namespace sekisho::signature
