// Points in time as an admin writes them: "2026-12-01T09:30:00Z", "2026-12-01" (its first second, UTC), and
// spans: "90s", "30m", "1h", "7d".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sekisho::urlfilter {

/// @return seconds since 1970
std::optional<std::uint64_t> parse_moment(std::string_view text) noexcept;
std::string format_moment(std::uint64_t seconds);
/// @return seconds, 1 to ten years
std::optional<std::uint64_t> parse_span(std::string_view text) noexcept;

}  // namespace sekisho::urlfilter
