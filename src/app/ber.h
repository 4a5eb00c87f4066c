// Values of ASN.1's basic encoding rules (X.690), as far as protocols on a network use them: one-octet tags and
// definite lengths.
#pragma once

#include "sekisho/base/byte_reader.h"

namespace sekisho::app::ber {

constexpr std::uint8_t kInteger = 0x02, kOctetString = 0x04, kEnumerated = 0x0a, kSequence = 0x30;
/// Constructed values with a tag of the context or the application.
constexpr std::uint8_t context(unsigned tag) noexcept { return static_cast<std::uint8_t>(0xa0 | tag); }
constexpr std::uint8_t application(unsigned tag) noexcept { return static_cast<std::uint8_t>(0x60 | tag); }

struct Value {
    std::uint8_t tag = 0;
    Bytes content;
    bool ok = false;
};

/// Tag and length of a value.
struct Head {
    std::uint8_t tag = 0;
    std::uint32_t length = 0;
    bool definite = true;  ///< false: the length is indefinite, or has more than four octets
};

/// The head at the cursor, which moves behind it; reader.ok() tells whether it was all there.
inline Head read_head(ByteReader& reader) noexcept {
    Head head;
    head.tag = reader.u8();
    head.length = reader.u8();
    if ((head.length & 0x80) == 0) return head;
    const std::uint32_t octets = head.length & 0x7f;
    head.definite = octets != 0 && octets <= 4;
    head.length = 0;
    for (std::uint32_t i = 0; head.definite && i < octets; ++i) head.length = head.length << 8 | reader.u8();
    return head;
}

/// The value at the cursor, which moves behind it. Not ok when it does not end inside the bytes.
inline Value read(ByteReader& reader) noexcept {
    const Head head = read_head(reader);
    if (!head.definite) return {head.tag, {}, false};
    const Bytes content = reader.bytes(head.length);
    return {head.tag, content, reader.ok()};
}

inline Value read(Bytes bytes) noexcept {
    ByteReader reader(bytes);
    return read(reader);
}

/// Goes through the values inside a constructed one.
class Walk {
  public:
    explicit Walk(Bytes content) noexcept : reader_(content) {}
    /// The next value; not ok at the end, and when it is malformed.
    Value next() noexcept { return reader_.remaining() == 0 ? Value{} : read(reader_); }
    /// The next value with this tag; others before it are passed over.
    Value find(std::uint8_t tag) noexcept {
        for (Value value = next(); value.ok; value = next())
            if (value.tag == tag) return value;
        return {};
    }

  private:
    ByteReader reader_;
};

/// A non-negative INTEGER of at most eight octets; `fallback` for anything else.
inline std::uint64_t number(const Value& value, std::uint64_t fallback) noexcept {
    if (!value.ok || value.tag != kInteger || value.content.empty() || value.content.size() > 8) return fallback;
    std::uint64_t result = 0;
    for (const std::uint8_t octet : value.content) result = result << 8 | octet;
    return result;
}

}  // namespace sekisho::app::ber
