// Random operations on a small table against std::map: the same flows are found, sizes agree, every end is
// told once.
#include <cstdlib>
#include <map>
#include <tuple>

#include "sekisho/base/byte_reader.h"
#include "sekisho/flow/table.h"

using namespace sekisho;
using flow::Flow;

namespace {

void require(bool truth) {
    if (!truth) std::abort();
}

using Key = std::tuple<unsigned, unsigned, unsigned>;  // lower end, higher end, protocol

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    ByteReader in(Bytes(data, size));
    std::map<Key, std::uint64_t> model;
    std::map<std::uint64_t, Key> keys;
    flow::Table table({.capacity = 16, .timeouts = {.udp_new = 3, .udp_established = 2000}}, [&](Flow& ended, flow::FlowEnd) {
        const auto known = keys.find(ended.id);
        require(known != keys.end());
        model.erase(known->second);
        keys.erase(known);
    });
    TimeNs now = 5000 * kSecondNs;
    while (in.remaining() >= 3) {
        const unsigned what = in.u8(), from = in.u8() % 8u, to = in.u8() % 8u;
        packet::Packet p;
        p.ip_version = 4;
        p.ip_protocol = what & 1 ? packet::ip_proto::udp : packet::ip_proto::tcp;
        p.src = IpAddress::v4(from);
        p.dst = IpAddress::v4(to);
        p.src_port = static_cast<std::uint16_t>(from);
        p.dst_port = static_cast<std::uint16_t>(to);
        p.time_ns = now;
        const Key key{std::min(from, to), std::max(from, to), p.ip_protocol};
        const auto known = model.find(key);
        switch (what >> 1 & 3) {
            case 0:
                if (Flow* found = table.find_or_add(p)) {
                    const auto still = model.find(key);  // an eviction may have come first
                    if (still != model.end()) require(still->second == found->id);
                    model[key] = found->id;
                    keys[found->id] = key;
                }
                break;
            case 1:
                require((table.find(p) != nullptr) == (known != model.end()));
                break;
            case 2:
                if (Flow* found = table.find(p)) {
                    found->state = static_cast<flow::FlowState>(what >> 4 & 3);
                    if (what & 0x80) table.remove(*found, flow::FlowEnd::tcp_closed);
                    else table.touch(*found, now);
                }
                break;
            default:
                now += (std::uint64_t{from} << (to * 2)) * kSecondNs / 4;
                table.expire(now, what >> 4);
                break;
        }
        require(table.size() == model.size() && table.size() <= 16);
    }
    table.clear(flow::FlowEnd::shutdown);
    require(model.empty() && table.size() == 0);
    return 0;
}
