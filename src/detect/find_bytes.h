// First occurrence of a literal in a run of bytes, with or without regard to ASCII letter case.
#pragma once

#include <string_view>

#include "sekisho/base/bytes.h"

namespace sekisho::detect {

constexpr std::size_t kNotFound = static_cast<std::size_t>(-1);

/// Offset of `needle` in `hay`, or kNotFound. With `nocase` both sides are folded.
std::size_t find_bytes(Bytes hay, std::string_view needle, bool nocase) noexcept;
bool equal_bytes(Bytes a, std::string_view b, bool nocase) noexcept;  ///< sizes must agree

}  // namespace sekisho::detect
