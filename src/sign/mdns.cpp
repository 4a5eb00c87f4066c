// An mDNS response carries address records whose owner is "name.local" (RFC 6762 section 3). The sender names
// itself with the record that holds its own address.
#include <algorithm>

#include "sekisho/base/byte_reader.h"
#include "sekisho/sign/sign.h"

namespace sekisho::sign {
namespace {

constexpr std::uint16_t kResponse = 0x8000, kTypeA = 1, kTypeAaaa = 28;
constexpr unsigned kRecordsMax = 64, kLabelsMax = 32, kPointersMax = 8;

/// Reads a name at `in` (RFC 1035 section 4.1.4) and keeps its first label; false when it is broken.
bool read_name(Bytes message, ByteReader& in, Bytes& first, std::size_t& labels, bool& local) noexcept {
    labels = 0;
    local = false;
    ByteReader* at = &in;
    ByteReader jumped(message);
    unsigned pointers = 0;
    for (unsigned n = 0; n < kLabelsMax + kPointersMax; ++n) {
        const std::uint8_t size = at->u8();
        if (!at->ok()) return false;
        if (size == 0) return true;
        if ((size & 0xc0U) == 0xc0U) {
            const std::size_t target = (static_cast<std::size_t>(size & 0x3fU) << 8) | at->u8();
            if (!at->ok() || target >= message.size() || ++pointers > kPointersMax) return false;
            jumped = ByteReader(message);
            jumped.skip(target);
            at = &jumped;
            continue;
        }
        if (size > 63 || labels >= kLabelsMax) return false;
        const Bytes label = at->bytes(size);
        if (!at->ok()) return false;
        if (labels++ == 0) first = label;
        local = as_text(label) == "local";
    }
    return false;
}

}  // namespace

std::optional<Sign> read_mdns(Bytes datagram, const IpAddress& sender) noexcept {
    ByteReader in(datagram);
    in.skip(2);
    if ((in.u16() & kResponse) == 0) return std::nullopt;
    const unsigned questions = in.u16();
    const unsigned records = in.u16() + 0U + in.u16() + in.u16();
    if (!in.ok() || questions > kRecordsMax) return std::nullopt;
    Bytes first;
    std::size_t labels = 0;
    bool local = false;
    for (unsigned n = 0; n < questions; ++n)
        if (!read_name(datagram, in, first, labels, local) || !in.skip(4)) return std::nullopt;
    for (unsigned n = 0; n < std::min(records, kRecordsMax); ++n) {
        if (!read_name(datagram, in, first, labels, local)) return std::nullopt;
        const std::uint16_t type = in.u16();
        in.skip(6);  // class, time to live
        const Bytes data = in.bytes(in.u16());
        if (!in.ok()) return std::nullopt;
        const bool own = (type == kTypeA && data.size() == 4 && IpAddress::v4(data) == sender) ||
                         (type == kTypeAaaa && data.size() == 16 && IpAddress::v6(data) == sender);
        if (!own || labels != 2 || !local || first.empty()) continue;
        Sign sign;
        sign.kind = Kind::mdns;
        sign.name.add(as_text(first));
        return sign;
    }
    return std::nullopt;
}

}  // namespace sekisho::sign
