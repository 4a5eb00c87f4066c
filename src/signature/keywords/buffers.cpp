// Sticky buffers: what follows them is tested in the field that they name. pkt_data ends them.
#include "sekisho/app/frame.h"
#include "signature/field_protocol.h"
#include "signature/keywords/all.h"

namespace sekisho::signature {

Status parse_sticky(RuleBuilder& builder, const Use& use) {
    const app::Field field = use.keyword.field();
    const app::Protocol protocol = protocol_of(field);
    // QUIC has TLS's fingerprints as well: they alone make no rule about TCP or UDP one about TLS.
    const bool open = is_fingerprint(field) && builder.any_protocol();
    if (protocol != app::Protocol::unknown && !open)
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

// absent and absent:or_else, directly after the sticky buffer. The payload, headers of the packet and frames have no
// message that could lack them; a file's name and type are told of a file that is there.
Status parse_absent(RuleBuilder& builder, const Use& use) {
    const bool or_else = use.value == "or_else";
    if (!use.value.empty() && !or_else) return wrong("'" + std::string(use.value) + "' is not or_else");
    if (!builder.sticky()) return wrong("it needs a sticky buffer before it");
    const auto& field = app::info(builder.active_field());
    if (field.kind == app::FieldKind::packet || field.kind == app::FieldKind::frame ||
        builder.active_field() == app::Field::file_name || builder.active_field() == app::Field::file_magic)
        return wrong(std::string(field.name) + " is no part of a message that could lack it");
    return builder.set_absence(or_else ? Absence::suffices : Absence::wanted);
}

Status parse_pkt_data(RuleBuilder& builder, const Use&) { return builder.select_payload(); }

}  // namespace sekisho::signature
