// Names of app-layer events; the list itself is in sekisho/app/app_event_list.h.
#include "sekisho/app/app_event.h"

#include "sekisho/app/app_event_list.h"

namespace sekisho::app {
namespace {

struct Row {
    Protocol protocol;
    std::string_view name;
};

constexpr Row kRows[] = {
#define SEKISHO_APP_EVENT_ROW(protocol, id, name) {Protocol::protocol, name},
    SEKISHO_APP_EVENTS(SEKISHO_APP_EVENT_ROW)
#undef SEKISHO_APP_EVENT_ROW
};

constexpr const Row& row(AppEvent event) noexcept { return kRows[static_cast<std::size_t>(event)]; }

}  // namespace

std::string_view to_string(AppEvent event) noexcept { return row(event).name; }

Protocol protocol_of(AppEvent event) noexcept { return row(event).protocol; }

std::optional<AppEvent> parse_app_event(std::string_view dotted_name) noexcept {
    const std::size_t dot = dotted_name.find('.');
    if (dot == std::string_view::npos) return std::nullopt;
    const auto protocol = dotted_name.substr(0, dot);
    const auto name = dotted_name.substr(dot + 1);
    for (std::size_t i = 0; i < std::size(kRows); ++i)
        if (kRows[i].name == name && to_string(kRows[i].protocol) == protocol)
            return static_cast<AppEvent>(i);
    return std::nullopt;
}

std::optional<FlowEvent> parse_flow_event(std::string_view word) noexcept {
    constexpr std::string_view kWords[] = {
        "applayer_mismatch_protocol_both_directions", "applayer_wrong_direction_first_data",
        "applayer_detect_protocol_only_one_direction", "applayer_proto_detection_skipped",
        "applayer_no_tls_after_starttls", "applayer_unexpected_protocol"};
    static_assert(std::size(kWords) == static_cast<std::size_t>(FlowEvent::count_));
    for (std::size_t i = 0; i < std::size(kWords); ++i)
        if (kWords[i] == word) return static_cast<FlowEvent>(i);
    return std::nullopt;
}

}  // namespace sekisho::app
