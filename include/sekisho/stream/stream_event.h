// What TCP tracking found odd; the names are the values of the rule keyword stream-event.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace sekisho::stream {

/// Values and names: the table in src/stream/stream_event.cpp.
enum class StreamEvent : std::uint8_t;

std::string_view to_string(StreamEvent event) noexcept;
std::optional<StreamEvent> parse_stream_event(std::string_view name) noexcept;

}  // namespace sekisho::stream
