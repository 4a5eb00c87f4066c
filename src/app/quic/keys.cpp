#include "app/quic/keys.h"

#include <algorithm>

#include "sekisho/app/limits.h"
#include "sekisho/crypto/hkdf.h"

namespace sekisho::app::quic {
namespace {

using Salt = std::array<std::uint8_t, 20>;

// RFC 9001 section 5.2, RFC 9369 section 3.3.1, and the drafts of RFC 9001.
constexpr Salt kSalt1{0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17, 0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a};
constexpr Salt kSalt2{0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93, 0x81, 0xbe, 0x6e, 0x26, 0x9d, 0xcb, 0xf9, 0xbd, 0x2e, 0xd9};
constexpr Salt kSaltDraft29{0xaf, 0xbf, 0xec, 0x28, 0x99, 0x93, 0xd2, 0x4c, 0x9e, 0x97, 0x86, 0xf1, 0x9c, 0x61, 0x11, 0xe0, 0x43, 0x90, 0xa8, 0x99};
constexpr Salt kSaltDraft23{0xc3, 0xee, 0xf7, 0x12, 0xc7, 0x2e, 0xbb, 0x5a, 0x11, 0xa7, 0xd2, 0x43, 0x2b, 0xb4, 0x63, 0x65, 0xbe, 0xf9, 0xf5, 0x02};
constexpr Salt kSaltDraft21{0x7f, 0xbc, 0xdb, 0x0e, 0x7c, 0x66, 0xbb, 0xe9, 0x19, 0x3a, 0x96, 0xcd, 0x21, 0x51, 0x9e, 0xbd, 0x7a, 0x02, 0x64, 0x4a};
constexpr Salt kSaltGoogle050{0x50, 0x45, 0x74, 0xef, 0xd0, 0x66, 0xfe, 0x2f, 0x9d, 0x94, 0x5c, 0xfc, 0xdb, 0xd3, 0xa7, 0xf0, 0xd3, 0xb5, 0x6b, 0x45};

const Salt* salt_of(std::uint32_t version) noexcept {
    struct Row {
        std::uint32_t first, last;
        const Salt* salt;
    };
    static constexpr Row kRows[] = {
        {kVersion1, kVersion1, &kSalt1},
        {kVersion2, kVersion2, &kSalt2},
        {kDraft | 33, kDraft | 34, &kSalt1},
        {kDraft | 29, kDraft | 32, &kSaltDraft29},
        {kDraft | 23, kDraft | 28, &kSaltDraft23},
        {kDraft | 21, kDraft | 22, &kSaltDraft21},
        {kFacebookDraft22, kFacebookDraft22, &kSaltDraft21},
        {kFacebookDraft27, kFacebookDraft27, &kSaltDraft23},
        {kGoogle050, kGoogle050, &kSaltGoogle050},
    };
    for (const Row& row : kRows)
        if (version >= row.first && version <= row.last) return row.salt;
    return nullptr;
}

struct Labels {
    std::string_view key, iv, header;
};
constexpr Labels kLabels{"quic key", "quic iv", "quic hp"};
constexpr Labels kLabels2{"quicv2 key", "quicv2 iv", "quicv2 hp"};

constexpr std::size_t kSecret = 32;
constexpr std::size_t kNumberMax = 4;  // octets of a packet number; the sample of header protection begins behind them
constexpr std::uint8_t kLongHeaderBits = 0x0f;

}  // namespace

bool InitialKeys::derive(std::uint32_t version, Bytes client_destination_id, Direction direction) noexcept {
    const Salt* salt = salt_of(version);
    if (salt == nullptr) return false;
    const auto initial = crypto::hkdf_extract(*salt, client_destination_id);
    std::array<std::uint8_t, kSecret> secret;
    crypto::hkdf_expand_label(initial.bytes(), direction == Direction::to_server ? "client in" : "server in", secret);
    const Labels& labels = version == kVersion2 ? kLabels2 : kLabels;
    std::array<std::uint8_t, crypto::kAesKey> key;
    crypto::hkdf_expand_label(secret, labels.key, key);
    key_.set_key(key);
    crypto::hkdf_expand_label(secret, labels.header, key);
    header_key_.set_key(key);
    crypto::hkdf_expand_label(secret, labels.iv, iv_);
    return true;
}

std::optional<Bytes> InitialKeys::open(Bytes packet, const Header& header, MutableBytes out) const noexcept {
    const std::size_t number_at = header.size;
    if (header.payload.size() < kNumberMax + crypto::kAesBlock || out.size() < packet.size()) return std::nullopt;
    const auto mask = header_key_.encrypt(packet.subspan(number_at + kNumberMax, crypto::kAesBlock));
    std::copy_n(packet.begin(), number_at + kNumberMax, out.begin());
    out[0] = static_cast<std::uint8_t>(out[0] ^ (mask[0] & kLongHeaderBits));
    const std::size_t number_size = (out[0] & 3u) + 1;
    auto nonce = iv_;
    for (std::size_t i = 0; i < number_size; ++i) {
        out[number_at + i] ^= mask[1 + i];
        // Initial packets are few: their whole number is what the header shows of it.
        nonce[nonce.size() - number_size + i] ^= out[number_at + i];
    }
    const std::size_t head = number_at + number_size;
    const Bytes sealed = packet.first(number_at + header.payload.size()).subspan(head);
    if (!crypto::gcm_open(key_, nonce, out.first(head), sealed, out.subspan(head))) return std::nullopt;
    return Bytes(out).subspan(head, sealed.size() - crypto::kGcmTag);
}

std::size_t InitialKeys::seal(Bytes plain, std::size_t number_at, MutableBytes out) const noexcept {
    const std::size_t head = number_at + kNumberMax;
    if (plain.size() < head + crypto::kAesBlock || out.size() < plain.size() + crypto::kGcmTag) return 0;
    auto nonce = iv_;
    for (std::size_t i = 0; i < kNumberMax; ++i) nonce[nonce.size() - kNumberMax + i] ^= plain[number_at + i];
    std::copy_n(plain.begin(), head, out.begin());
    if (!crypto::gcm_seal(key_, nonce, plain.first(head), plain.subspan(head), out.subspan(head))) return 0;
    const auto mask = header_key_.encrypt(Bytes(out).subspan(head, crypto::kAesBlock));
    out[0] = static_cast<std::uint8_t>(out[0] ^ (mask[0] & kLongHeaderBits));
    for (std::size_t i = 0; i < kNumberMax; ++i) out[number_at + i] ^= mask[1 + i];
    return plain.size() + crypto::kGcmTag;
}

}  // namespace sekisho::app::quic
