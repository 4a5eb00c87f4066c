// Fragments of one datagram from a few octets each (offset, size, flags, filling): whatever comes, memory
// stays bounded, and a datagram that is whole under the policy `first` holds first copies only.
#include <array>
#include <cstdlib>
#include <vector>

#include "sekisho/base/byte_reader.h"
#include "sekisho/packet/decode.h"
#include "sekisho/packet/defrag.h"
#include "support/packet_builder.h"

using namespace sekisho;
using namespace sekisho::packet;

namespace {

void require(bool truth) {
    if (!truth) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 1) return 0;
    const bool v6 = data[0] & 1;
    const auto policy = (data[0] & 16) != 0 ? OverlapPolicy::bsd_right : static_cast<OverlapPolicy>(data[0] >> 1 & 3);
    Defragmenter defrag({.trackers = 4, .pool_bytes = 64 * 2048, .overlap = policy, .refuse_conflicts = (data[0] & 8) != 0});
    ByteReader in(Bytes(data + 1, size - 1));
    std::vector<int> model(4096, -1);  // first copy of each octet
    TimeNs now = kSecondNs;
    while (in.remaining() >= 4) {
        const unsigned offset = in.u8() * 8u, length = in.u8() * 4u + 1, flags = in.u8(), fill = in.u8();
        const std::vector<std::uint8_t> piece(length, static_cast<std::uint8_t>(fill));
        testing::PacketBuilder builder;
        if (v6) builder.ip("2001:db8::1", "2001:db8::2");
        const auto frame = builder.protocol(253).ip_id(flags >> 6).fragment(offset, flags & 1).payload(Bytes(piece)).build();
        Packet packet;
        decode(Frame{.bytes = frame, .time_ns = now}, packet);
        const auto outcome = defrag.accept(packet);
        require(defrag.pending() <= 4);
        if (flags & 0x20) defrag.expire(now += kSecondNs * fill, 2);
        const bool followed = policy == OverlapPolicy::first && flags >> 6 == 0;
        if (outcome == Defragmenter::Outcome::whole) {
            const Bytes payload = packet.payload_bytes();
            require(packet.has(Packet::kReassembled) && payload.size() <= 4096);
            for (std::size_t i = 0; followed && i < payload.size(); ++i) {
                const bool from_this = i >= offset && i < offset + length;
                if (model[i] >= 0) require(payload[i] == model[i]);
                else require(from_this && payload[i] == fill);
            }
            if (followed) model.assign(model.size(), -1);
        } else if (followed && outcome == Defragmenter::Outcome::held) {
            const unsigned kept = flags & 1 ? length / 8 * 8 : length;
            for (unsigned i = offset; i < offset + kept; ++i)
                if (model[i] < 0) model[i] = static_cast<int>(fill);
        } else if (followed || flags & 0x20) {
            return 0;  // given up or expired: the model does not follow
        }
        if (flags & 0x20) return 0;
    }
    return 0;
}
