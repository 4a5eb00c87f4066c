// One piece of compressed text, decoded in one step into a given room.
#pragma once

#include "sekisho/base/bytes.h"

namespace sekisho::signature {

enum class Compression : std::uint8_t { gzip, zlib };  ///< RFC 1952, RFC 1950

/// @param out  room for the result; what does not fit is left out; must not overlap `in`
/// @return     a part of `out`: what could be decoded, empty when nothing. A checksum at the end is not held against it
/// @cost       linear in what is read and written, about 10 KiB of stack, no allocation    @thread any
Bytes inflate_into(Compression compression, Bytes in, MutableBytes out) noexcept;

}  // namespace sekisho::signature
