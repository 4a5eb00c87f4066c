// decode-event, by its older name engine-event: what the decoder found odd about the packet.
#include "sekisho/packet/decode_event.h"

#include "signature/keywords/all.h"

namespace sekisho::signature {
namespace {

bool has_event(const PacketTest& test, const packet::Packet& packet) noexcept {
    for (const auto event : packet.events)
        if (static_cast<std::uint64_t>(event) == test.a) return true;
    return false;
}

}  // namespace

Status parse_decode_event(RuleBuilder& builder, const Use& use) {
    const auto event = packet::parse_decode_event(use.value);
    if (!event) return wrong("unknown event '" + std::string(use.value) + "'");
    PacketTest test;
    test.match = has_event;
    test.keyword = "decode-event";  // under either name
    test.a = static_cast<std::uint64_t>(*event);
    builder.rule().packet_tests.push_back(test);
    return {};
}

}  // namespace sekisho::signature
