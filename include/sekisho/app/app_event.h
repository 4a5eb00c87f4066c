// What a parser found malformed; "http.request_chunk_len" style names, the values of app-layer-event.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "sekisho/app/protocol.h"

namespace sekisho::app {

/// Values, protocols and names: the table in src/app/app_event.cpp. At most 512 values.
enum class AppEvent : std::uint16_t;

/// Name without the protocol: "request_chunk_len".
std::string_view to_string(AppEvent event) noexcept;
Protocol protocol_of(AppEvent event) noexcept;
/// Looks "http.request_chunk_len" up; nothing when there is no such event.
std::optional<AppEvent> parse_app_event(std::string_view dotted_name) noexcept;

}  // namespace sekisho::app
