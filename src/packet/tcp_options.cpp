#include "sekisho/packet/tcp_options.h"

#include <algorithm>

#include "packet/layers.h"
#include "packet/tcp_option_check.h"

namespace sekisho::packet {
namespace {

constexpr std::size_t kTcpHeader = 20;

enum Kind : std::uint8_t {
    kEnd = 0, kNop = 1, kMss = 2, kWindowScale = 3, kSackPermitted = 4, kSack = 5, kTimestamps = 8,
    kMd5 = 19, kAuthentication = 29, kFastOpen = 34, kExperiment1 = 253, kExperiment2 = 254
};
constexpr std::uint16_t kFastOpenExperiment = 0xf989;  // RFC 7413 section 4.1.1, before 34 was assigned

/// Calls visit(kind, whole option) for each option but padding. False: a length is broken.
template <class Visit>
bool walk(Bytes options, Visit&& visit) noexcept {
    std::size_t at = 0;
    while (at < options.size()) {
        const std::uint8_t kind = options[at];
        if (kind == kEnd) return true;
        if (kind == kNop) {
            ++at;
            continue;
        }
        if (options.size() - at < 2) return false;
        const std::size_t size = options[at + 1];
        if (size < 2 || size > options.size() - at) return false;
        visit(kind, options.subspan(at, size));
        at += size;
    }
    return true;
}

bool size_is_right(std::uint8_t kind, std::size_t size) noexcept {
    switch (kind) {
        case kMss: return size == 4;
        case kWindowScale: return size == 3;
        case kSackPermitted: return size == 2;
        // RFC 2018 section 3: one to four blocks; an empty one is sent by stacks in the field and harmless.
        case kSack: return size == 2 || (size >= 10 && size <= 34 && (size - 2) % 8 == 0);
        case kTimestamps: return size == 10;
        case kMd5: return size == 18;
        case kAuthentication: return size >= 4;
        // RFC 7413 section 4.1.1: a request, or a cookie of 4 to 16 octets, even.
        case kFastOpen: return size == 2 || (size >= 6 && size <= 18 && size % 2 == 0);
        default: return true;
    }
}

}  // namespace

void check_tcp_options(Packet& packet, Bytes options) noexcept {
    // NOP NOP timestamps: nearly every segment of an established conversation.
    if (options.size() == 12 && load32(options.data()) == 0x0101080a) return;
    std::uint64_t seen = 0;
    const bool whole = walk(options, [&](std::uint8_t kind, Bytes option) noexcept {
        if (!size_is_right(kind, option.size())) return raise(packet, DecodeEvent::tcp_opt_invalid_len);
        if (kind >= 64) return;
        if (seen >> kind & 1) raise(packet, DecodeEvent::tcp_opt_duplicate);
        seen |= std::uint64_t{1} << kind;
    });
    if (!whole) raise(packet, DecodeEvent::tcp_opt_invalid_len);
}

Bytes tcp_option_bytes(const Packet& packet) noexcept {
    if (!packet.is_tcp() || packet.payload - packet.l4 <= static_cast<int>(kTcpHeader)) return {};
    return packet.data.subspan(packet.l4 + kTcpHeader, packet.payload - packet.l4 - kTcpHeader);
}

TcpOptions read_tcp_options(const Packet& packet) noexcept {
    TcpOptions out;
    walk(tcp_option_bytes(packet), [&](std::uint8_t kind, Bytes option) noexcept {
        if (!size_is_right(kind, option.size())) return;
        const std::uint8_t* data = option.data() + 2;
        switch (kind) {
            case kMss: out.mss = load16(data); break;
            case kWindowScale:
                out.sent_window_scale = data[0];
                out.window_scale = std::min<std::uint8_t>(data[0], 14);
                break;
            case kSackPermitted: out.sack_permitted = true; break;
            case kSack: out.sack = true; break;
            case kTimestamps: out.timestamps = TcpTimestamps{load32(data), load32(data + 4)}; break;
            case kFastOpen:
                out.fast_open = true;
                out.fast_open_cookie = option.size() > 2;
                break;
            case kExperiment1: case kExperiment2:
                if (option.size() < 4 || load16(data) != kFastOpenExperiment) break;
                out.fast_open = true;
                out.fast_open_cookie = option.size() > 4;
                break;
            default: break;
        }
    });
    return out;
}

std::optional<TcpTimestamps> read_tcp_timestamps(const Packet& packet) noexcept {
    const Bytes options = tcp_option_bytes(packet);
    if (options.size() == 12 && load32(options.data()) == 0x0101080a)
        return TcpTimestamps{load32(options.data() + 4), load32(options.data() + 8)};
    if (options.empty()) return std::nullopt;
    return read_tcp_options(packet).timestamps;
}

}  // namespace sekisho::packet
