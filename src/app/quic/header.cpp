#include "app/quic/header.h"

#include "sekisho/base/byte_reader.h"

namespace sekisho::app::quic {
namespace {

constexpr std::size_t kIdMax = 20;  // RFC 9000 section 17.2

PacketType type_of(std::uint8_t first, std::uint32_t version) noexcept {
    constexpr PacketType kVersion1Types[] = {PacketType::initial, PacketType::zero_rtt, PacketType::handshake, PacketType::retry};
    constexpr PacketType kVersion2Types[] = {PacketType::retry, PacketType::initial, PacketType::zero_rtt, PacketType::handshake};
    if (version == 0) return PacketType::negotiation;
    const unsigned bits = first >> 4 & 3u;
    return version == kVersion2 ? kVersion2Types[bits] : kVersion1Types[bits];
}

Bytes take(Bytes& in, std::size_t size, bool& good) noexcept {
    good = good && size <= in.size();
    if (!good) return {};
    const Bytes taken = in.first(size);
    in = in.subspan(size);
    return taken;
}

// Four bits a length; a length that is not 0 is three more.
void take_packed_ids(Bytes& in, Header& header, bool& good) noexcept {
    const Bytes lengths = take(in, 1, good);
    if (!good) return;
    const auto size = [](unsigned nibble) { return nibble == 0 ? 0u : nibble + 3; };
    header.destination_id = take(in, size(lengths[0] >> 4), good);
    header.source_id = take(in, size(lengths[0] & 15u), good);
}

void take_ids(Bytes& in, Header& header, bool& good) noexcept {
    for (Bytes* id : {&header.destination_id, &header.source_id}) {
        const Bytes length = take(in, 1, good);
        if (!good || (header.version != 0 && length[0] > kIdMax)) {
            good = false;
            return;
        }
        *id = take(in, length[0], good);
    }
}

/// Flags with "a version follows" and "eight octets of connection id"; id, version, packet number of one to six octets,
/// 12 octets of hash; then frames in the clear.
std::optional<Header> decode_public_header(Bytes datagram) noexcept {
    constexpr std::uint8_t kMask = 0xc9, kWithVersionAndId = 0x09;
    constexpr std::size_t kId = 8, kHash = 12;
    constexpr std::size_t kNumberSizes[] = {1, 2, 4, 6};
    if ((datagram[0] & kMask) != kWithVersionAndId || datagram.size() < 1 + kId + 4) return std::nullopt;
    Header header;
    header.destination_id = datagram.subspan(1, kId);
    header.version_octets = datagram.subspan(1 + kId, 4);
    header.version = ByteReader(header.version_octets).u32();
    header.size = 1 + kId + 4 + kNumberSizes[datagram[0] >> 4 & 3] + kHash;
    if (!is_google_old(header.version) || datagram.size() < header.size) return std::nullopt;
    header.type = PacketType::initial;
    header.payload = datagram.subspan(header.size);
    return header;
}

}  // namespace

bool is_known(std::uint32_t version) noexcept {
    return version == kVersion1 || version == kVersion2 || version == kFacebookDraft22 || version == kFacebookDraft27 ||
           is_draft(version) || is_google(version);
}

std::optional<std::uint64_t> take_varint(Bytes& in) noexcept {
    if (in.empty()) return std::nullopt;
    const std::size_t size = std::size_t{1} << (in[0] >> 6);
    if (in.size() < size) return std::nullopt;
    std::uint64_t value = in[0] & 0x3f;
    for (std::size_t i = 1; i < size; ++i) value = value << 8 | in[i];
    in = in.subspan(size);
    return value;
}

std::optional<Header> decode_header(Bytes datagram) noexcept {
    if (datagram.empty()) return std::nullopt;
    Header header;
    if (const auto old = decode_public_header(datagram)) return old;
    if ((datagram[0] & 0x80) == 0) {
        header.payload = datagram.subspan(1);
        header.size = 1;
        return header;
    }
    if (datagram.size() < 5) return std::nullopt;
    header.version_octets = datagram.subspan(1, 4);
    header.version = ByteReader(header.version_octets).u32();
    header.type = type_of(datagram[0], header.version);
    Bytes in = datagram.subspan(5);
    bool good = true;
    if (is_google_clear(header.version)) {
        take_packed_ids(in, header, good);
        constexpr std::size_t kNumberAndHash = 16;  // packet number, 12 octets of hash over what follows
        if (header.type == PacketType::initial) take(in, kNumberAndHash, good);
    } else {
        take_ids(in, header, good);
        if (good && header.type == PacketType::initial) {
            const auto token = take_varint(in);
            good = token && *token <= in.size();
            if (good) take(in, static_cast<std::size_t>(*token), good);
        }
    }
    if (!good) return std::nullopt;
    const bool counted = !is_google_clear(header.version) && header.type != PacketType::negotiation && header.type != PacketType::retry;
    if (counted) {
        const auto length = take_varint(in);
        if (!length || *length > in.size()) return std::nullopt;
        header.rest = in.subspan(static_cast<std::size_t>(*length));
        in = in.first(static_cast<std::size_t>(*length));
    }
    header.size = static_cast<std::size_t>(in.data() - datagram.data());
    header.payload = in;
    return header;
}

}  // namespace sekisho::app::quic
