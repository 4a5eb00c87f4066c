// Base64 (RFC 4648 section 4) as traffic and lists have it: white space between digits and missing padding are
// taken, the first other octet ends the text.
#pragma once

#include <cstddef>

#include "sekisho/base/bytes.h"

namespace sekisho {

struct Base64Result {
    std::size_t written = 0;  ///< octets in `out`
    std::size_t read = 0;     ///< octets of `in` up to the end or the first octet that is no base64
};

/// A to Z, a to z, 0 to 9, + and /.
bool is_base64_digit(std::uint8_t octet) noexcept;

/// `out` may be the same memory as `in`.  @cost linear, no allocation  @thread any. Stops when `out` is full.
Base64Result decode_base64(Bytes in, MutableBytes out) noexcept;

}  // namespace sekisho
