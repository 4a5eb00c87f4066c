#include "app/tls/ja4.h"

#include <algorithm>

#include "sekisho/crypto/digest.h"

namespace sekisho::app::tls {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";
constexpr std::uint16_t kServerName = 0;
constexpr std::uint16_t kAlpn = 16;
constexpr std::size_t kHashDigits = 12;

std::string_view version_text(std::uint16_t version) noexcept {
    switch (version) {
        case 0x0304: return "13";
        case 0x0303: return "12";
        case 0x0302: return "11";
        case 0x0301: return "10";
        case 0x0300: return "s3";
        case 0x0002: return "s2";
        default: return "00";
    }
}

bool is_alphanumeric(std::uint8_t c) noexcept {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

class Writer {
  public:
    explicit Writer(char* out) noexcept : out_(out) {}
    void put(std::string_view text) noexcept { out_ = std::copy(text.begin(), text.end(), out_); }
    void put(char c) noexcept { *out_++ = c; }
    void count(std::size_t number) noexcept {
        number = std::min<std::size_t>(number, 99);
        put(static_cast<char>('0' + number / 10));
        put(static_cast<char>('0' + number % 10));
    }

  private:
    char* out_;
};

/// Numbers as four digits, commas between, into a digest.
class HashedList {
  public:
    void add(std::uint16_t value) noexcept {
        const char text[] = {',', kHex[value >> 12], kHex[value >> 8 & 15], kHex[value >> 4 & 15], kHex[value & 15]};
        digest_.update(as_bytes(std::string_view(text, sizeof text).substr(joined_ ? 0 : 1)));
        joined_ = any_ = true;
    }
    void next_part() noexcept {
        digest_.update(as_bytes("_"));
        joined_ = false;
    }
    void write(Writer& out) noexcept {
        if (!any_) return out.put("000000000000");
        const auto value = digest_.finish();
        for (std::size_t i = 0; i < kHashDigits / 2; ++i) {
            out.put(kHex[value.octets[i] >> 4]);
            out.put(kHex[value.octets[i] & 15]);
        }
    }

  private:
    crypto::Digest digest_{crypto::DigestAlgorithm::sha256};
    bool joined_ = false;
    bool any_ = false;
};

// First and last character of the protocol; of its hexadecimal form where one of them is no letter or digit.
void put_protocol(Bytes protocol, Writer& out) noexcept {
    if (protocol.empty()) return out.put("00");
    const std::uint8_t first = protocol.front(), last = protocol.back();
    if (is_alphanumeric(first) && is_alphanumeric(last)) {
        out.put(static_cast<char>(first));
        out.put(static_cast<char>(last));
    } else {
        out.put(kHex[first >> 4]);
        out.put(kHex[last & 15]);
    }
}

}  // namespace

void NumberList::sort() noexcept { std::sort(values_.begin(), values_.begin() + static_cast<std::ptrdiff_t>(size_)); }

void Ja4::write(std::array<char, kTextSize>& text) noexcept {
    Writer out(text.data());
    out.put(over_quic ? 'q' : 't');
    out.put(version_text(version));
    out.put(named ? 'd' : 'i');
    out.count(ciphers.size());
    out.count(extensions.size());
    put_protocol(protocol, out);
    out.put('_');

    HashedList hashed_ciphers;
    ciphers.sort();
    for (const std::uint16_t cipher : ciphers) hashed_ciphers.add(cipher);
    hashed_ciphers.write(out);
    out.put('_');

    HashedList hashed_extensions;
    extensions.sort();
    for (const std::uint16_t extension : extensions)
        if (extension != kServerName && extension != kAlpn) hashed_extensions.add(extension);
    if (signatures.size() != 0) {
        hashed_extensions.next_part();
        for (const std::uint16_t algorithm : signatures) hashed_extensions.add(algorithm);
    }
    hashed_extensions.write(out);
}

}  // namespace sekisho::app::tls
