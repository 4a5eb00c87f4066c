// Takes the number of a byte_test / byte_jump / byte_extract / byte_math out of a buffer.
#pragma once

#include <cstdint>
#include <optional>

#include "sekisho/base/bytes.h"
#include "sekisho/signature/rule.h"

namespace sekisho::detect {

struct FetchedValue {
    std::uint64_t value = 0;
    std::size_t end = 0;  ///< offset behind the octets that were read
};

/// @param at     offset of the first octet, already made absolute; may lie outside (then nothing)
/// @param count  octets to read
/// @param dce_little_endian  byte order where the rule says `dce`
std::optional<FetchedValue> fetch_value(const signature::ByteFetch& fetch, Bytes bytes, std::int64_t at,
                                        std::uint64_t count, bool dce_little_endian = false) noexcept;

}  // namespace sekisho::detect
