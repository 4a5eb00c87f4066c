// app-layer-event:protocol.event and app-layer-protocol:[!]name.
#include "sekisho/base/text.h"
#include "signature/keywords/all.h"

namespace sekisho::signature {

Status parse_app_layer_event(RuleBuilder& builder, const Use& use) {
    if (const auto whole = app::parse_flow_event(use.value)) {
        builder.rule().flow_events |= static_cast<std::uint8_t>(1u << static_cast<unsigned>(*whole));
        return {};
    }
    const auto event = app::parse_app_event(use.value);
    if (!event) return wrong("unknown event '" + std::string(use.value) + "'");
    if (const auto protocol = app::protocol_of(*event); protocol != app::Protocol::unknown)
        if (auto good = builder.require_protocol(protocol, use.keyword.name); !good) return good;
    builder.rule().app_events.push_back(*event);
    return {};
}

Status parse_app_layer_protocol(RuleBuilder& builder, const Use& use) {
    AppProtocolTest test;
    std::string_view name = use.value;
    if (name.starts_with('!')) {
        test.negated = true;
        name = trim(name.substr(1));
    }
    // "http,final" and its like choose the time of the test; here it is always when the protocol is settled.
    name = trim(name.substr(0, name.find(',')));
    const auto protocol = app::parse_protocol(name == "http1" ? "http" : name);
    if (!protocol) return wrong("unknown protocol '" + std::string(name) + "'");
    if (builder.rule().header.protocol != app::Protocol::unknown)
        return wrong("the header already names a protocol");
    test.protocol = *protocol;
    for (const auto& other : builder.rule().app_protocols)
        if (!other.negated || !test.negated) return wrong("a second protocol can never match together with the first");
    builder.rule().app_protocols.push_back(test);
    return {};
}

}  // namespace sekisho::signature
