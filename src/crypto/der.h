// Elements of DER (X.690 section 8): tag, length, content. Definite lengths only, four octets at most.
#pragma once

#include <cstdint>
#include <optional>

#include "sekisho/base/byte_reader.h"

namespace sekisho::crypto {

struct DerElement {
    std::uint8_t tag = 0;
    Bytes content;
    Bytes whole;
};

/// Takes the first element off `in`; nothing when it is cut or malformed.
inline std::optional<DerElement> take_element(Bytes& in) noexcept {
    ByteReader reader(in);
    DerElement element;
    element.tag = reader.u8();
    std::size_t length = reader.u8();
    if (length & 0x80) {
        const std::size_t octets = length & 0x7f;
        if (octets == 0 || octets > 4) return std::nullopt;
        length = 0;
        for (std::size_t i = 0; i < octets; ++i) length = length << 8 | reader.u8();
    }
    element.content = reader.bytes(length);
    if (!reader.ok()) return std::nullopt;
    element.whole = in.first(reader.position());
    in = in.subspan(reader.position());
    return element;
}

}  // namespace sekisho::crypto
