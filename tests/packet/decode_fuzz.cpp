// Any bytes as a frame of any link: offsets stay inside the data, inner packets stay inside outer ones.
#include <cstdlib>

#include "sekisho/packet/decode.h"
#include "sekisho/packet/tcp_options.h"

using namespace sekisho;
using namespace sekisho::packet;

namespace {

void require(bool truth) {
    if (!truth) std::abort();
}

void check(const Packet& p) {
    if (!p.is_ip()) return;
    require(p.l3 <= p.l4 && p.l4 <= p.payload);
    require(std::size_t{p.payload} + p.payload_size <= p.data.size());
    volatile std::uint8_t sink = 0;
    for (const std::uint8_t octet : p.payload_bytes()) sink = octet;
    (void)sink;
    if (p.has(Packet::kHasTunnel)) require(p.tunnel >= p.l4 && p.tunnel <= p.data.size());
    read_tcp_options(p);
    checksum_ok(p, ChecksumLayer::ip);
    checksum_ok(p, ChecksumLayer::transport);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 1) return 0;
    const Frame frame{.bytes = Bytes(data + 1, size - 1), .link = static_cast<Frame::Link>(data[0] % 7)};
    Packet packet;
    decode(frame, packet);
    check(packet);
    for (Packet inner; decode_inner(packet, inner); packet = inner) {
        require(inner.data.size() <= packet.data.size() && inner.tunnel_depth == packet.tunnel_depth + 1);
        check(inner);
    }
    return 0;
}
