// Sticky buffers: what follows them is tested in the field that they name. pkt_data ends them.
#include "sekisho/app/frame.h"
#include "signature/field_protocol.h"
#include "signature/keywords/all.h"

namespace sekisho::signature {

Status parse_sticky(RuleBuilder& builder, const Use& use) {
    const app::Field field = use.keyword.field();
    const app::Protocol protocol = protocol_of(field);
    if (protocol != app::Protocol::unknown)
        if (auto good = builder.require_protocol(protocol, use.keyword.name); !good) return good;
    return builder.select(field);
}

Status parse_frame(RuleBuilder& builder, const Use& use) {
    const app::Protocol known = builder.protocol() != app::Protocol::unknown ? builder.protocol() : builder.rule().header.protocol;
    const auto frame = app::find_frame(use.value, known);
    if (!frame) return wrong("there is no frame '" + std::string(use.value) + "'; docs/rule-keywords.md lists them");
    if (auto good = builder.require_protocol(frame->protocol, use.keyword.name); !good) return good;
    return builder.select(frame->field);
}

Status parse_pkt_data(RuleBuilder& builder, const Use&) { return builder.select_payload(); }

}  // namespace sekisho::signature
