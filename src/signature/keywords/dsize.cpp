// dsize: size of the packet's payload.
#include "signature/keywords/all.h"
#include "signature/keywords/packet_number.h"

namespace sekisho::signature {
namespace {

std::optional<std::uint64_t> payload_size(const packet::Packet& packet) noexcept { return packet.payload_size; }

}  // namespace

Status parse_dsize(RuleBuilder& builder, const Use& use) { return add_packet_number<payload_size>(builder, use, 65535); }

}  // namespace sekisho::signature
