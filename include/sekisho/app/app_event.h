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

/// What is odd about the protocol of a connection as a whole: app-layer-event:applayer_... .
enum class FlowEvent : std::uint8_t {
    mismatch_protocol_both_directions,   ///< each side speaks a protocol of its own
    wrong_direction_first_data,          ///< the server spoke first where clients do
    detect_protocol_only_one_direction,  ///< only one side could be recognised
    proto_detection_skipped,             ///< a hole in the first bytes: nothing could be recognised
    no_tls_after_starttls,
    unexpected_protocol,                 ///< after an upgrade another protocol than was asked for
    count_,
};
/// By its word in rules, "applayer_mismatch_protocol_both_directions".
std::optional<FlowEvent> parse_flow_event(std::string_view word) noexcept;

}  // namespace sekisho::app
