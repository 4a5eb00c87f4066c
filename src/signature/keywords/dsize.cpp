// dsize: size of the packet's payload.
#include "signature/keywords/all.h"
#include "signature/keywords/packet_number.h"

namespace sekisho::signature {
namespace {

std::optional<std::uint64_t> payload_size(const packet::Packet& packet) noexcept { return packet.payload_size; }

}  // namespace

Status parse_dsize(RuleBuilder& builder, const Use& use) {
    auto done = add_packet_number<payload_size>(builder, use, 65535);
    if (!done) return done;
    // "!9" means payloads of another size: a packet without payload is none (Suricata).
    PacketTest& test = builder.rule().packet_tests.back();
    if (test.op == Compare::ne)
        test.match = [](const PacketTest& wanted, const packet::Packet& packet) noexcept {
            return packet.payload_size != 0 && packet.payload_size != wanted.a;
        };
    return {};
}

}  // namespace sekisho::signature
