#include "app/quic/google.h"

#include <algorithm>
#include <array>

#include "sekisho/app/limits.h"
#include "sekisho/base/byte_reader.h"
#include "sekisho/crypto/digest.h"

namespace sekisho::app::quic {
namespace {

constexpr std::uint8_t kPadding = 0, kRstStream = 1, kConnectionClose = 2, kGoAway = 3, kWindowUpdate = 4, kBlocked = 5,
                       kStopWaiting = 6, kPing = 7;
constexpr std::uint8_t kStream = 0x80, kAck = 0x40;

/// CYU: the version's number, then the tags of the hello in their order: "46,PAD-SNI-VER".
class CyuText {
  public:
    explicit CyuText(Bytes version) noexcept {
        // "Q046": without its letter and leading zeros.
        std::string_view number = as_text(version).substr(1);
        number.remove_prefix(std::min(number.find_first_not_of('0'), number.size()));
        put(number);
    }
    void add(std::string_view tag) noexcept {
        put(any_ ? "-" : ",");
        any_ = true;
        put(tag.substr(0, tag.find('\0')));
    }
    std::string_view text() const noexcept { return {text_.data(), size_}; }

  private:
    void put(std::string_view part) noexcept {
        for (const char c : part)
            if (size_ < text_.size()) text_[size_++] = c;
    }
    std::array<char, 5 * kQuicGoogleTagsMax + 8> text_;
    std::size_t size_ = 0;
    bool any_ = false;
};

void put_cyu(TxId tx, std::string_view text, FieldSink& out) noexcept {
    std::array<std::uint8_t, 2 * crypto::kDigestMax> hex;
    const auto hash = crypto::digest(crypto::DigestAlgorithm::md5, as_bytes(text));
    out.put(tx, Field::quic_cyu_string, as_bytes(text));
    out.put(tx, Field::quic_cyu_hash, Bytes(hex).first(crypto::write_hex(hash.bytes(), '\0', false, hex)));
}

void skip_ack(ByteReader& reader, std::uint8_t type) noexcept {
    const auto width = [](unsigned bits) { return bits == 0 ? 1u : 2u * bits; };
    const unsigned largest = width(type >> 2 & 3u), block = width(type & 3u);
    reader.skip(largest + 2);  // and the delay
    const unsigned blocks = (type & 0x20) != 0 ? reader.u8() : 0;
    reader.skip(block + blocks * (1 + block));
    const unsigned stamps = reader.u8();
    if (stamps != 0) reader.skip(5 + 3 * (stamps - 1));
}

}  // namespace

std::size_t google_hello_size(Bytes front) noexcept {
    ByteReader reader(front);
    reader.skip(4);
    const std::size_t entries = reader.u16_le();
    const std::size_t head = 8 + entries * 8;
    if (!reader.ok() || entries == 0 || front.size() < head) return 0;
    return head + ByteReader(front.subspan(head - 4)).u32_le();  // the last value's end
}

// Tag CHLO, number of entries, two octets of nothing; entries of tag and the end of its value; the values. Numbers are
// little-endian.
bool read_google_hello(TxId tx, Bytes version, Bytes message, FieldSink& out) noexcept {
    ByteReader reader(message);
    if (as_text(reader.bytes(4)) != "CHLO") return false;
    const std::size_t entries = reader.u16_le();
    reader.skip(2);
    if (!reader.ok() || entries > kQuicGoogleTagsMax || reader.remaining() < entries * 8) return false;
    const Bytes values = reader.rest().subspan(entries * 8);
    CyuText cyu(version);
    std::size_t begin = 0;
    for (std::size_t i = 0; i < entries; ++i) {
        const std::string_view tag = as_text(reader.bytes(4));
        const std::size_t end = std::min<std::size_t>(reader.u32_le(), values.size());
        cyu.add(tag);
        const Bytes value = end > begin ? values.subspan(begin, end - begin) : Bytes{};
        begin = std::max(begin, end);
        if (tag == std::string_view("SNI\0", 4)) out.put(tx, Field::quic_sni, value);
        if (tag == "UAID") out.put(tx, Field::quic_ua, value);
    }
    put_cyu(tx, cyu.text(), out);
    return true;
}

bool read_google_frames(TxId tx, Bytes version, Bytes frames, FieldSink& out) noexcept {
    ByteReader reader(frames);
    while (reader.ok() && reader.remaining() > 0) {
        const std::uint8_t type = reader.u8();
        if ((type & kStream) != 0) {
            reader.skip((type & 3u) + 1);  // stream id
            const unsigned offset = type >> 2 & 7u;
            reader.skip(offset == 0 ? 0 : offset + 1);
            const std::size_t size = (type & 0x20) != 0 ? reader.u16() : reader.remaining();
            const Bytes data = reader.bytes(size);
            if (!reader.ok()) return false;
            if (read_google_hello(tx, version, data, out)) return true;
            continue;
        }
        if ((type & kAck) != 0) {
            skip_ack(reader, type);
            continue;
        }
        switch (type) {
            case kPadding:
            case kPing: break;
            case kRstStream: reader.skip(16); break;
            case kConnectionClose: reader.skip(4); reader.skip(reader.u16()); break;
            case kGoAway: reader.skip(8); reader.skip(reader.u16()); break;
            case kWindowUpdate: reader.skip(12); break;
            case kBlocked: reader.skip(4); break;
            case kStopWaiting: reader.skip(4); break;
            default: return false;
        }
    }
    return false;
}

}  // namespace sekisho::app::quic
