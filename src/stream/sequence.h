// Comparisons in TCP's circular sequence space (RFC 9293 section 3.4).
#pragma once

#include <cstdint>

namespace sekisho::stream {

constexpr std::int32_t seq_diff(std::uint32_t a, std::uint32_t b) noexcept { return static_cast<std::int32_t>(a - b); }
constexpr bool seq_lt(std::uint32_t a, std::uint32_t b) noexcept { return seq_diff(a, b) < 0; }
constexpr bool seq_le(std::uint32_t a, std::uint32_t b) noexcept { return seq_diff(a, b) <= 0; }
constexpr bool seq_gt(std::uint32_t a, std::uint32_t b) noexcept { return seq_diff(a, b) > 0; }
constexpr bool seq_ge(std::uint32_t a, std::uint32_t b) noexcept { return seq_diff(a, b) >= 0; }
constexpr std::uint32_t seq_max(std::uint32_t a, std::uint32_t b) noexcept { return seq_lt(a, b) ? b : a; }

}  // namespace sekisho::stream
