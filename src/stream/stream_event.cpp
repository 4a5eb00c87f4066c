#include "sekisho/stream/stream_event.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace sekisho::stream {
namespace {

constexpr std::array kNames{
#define SEKISHO_NAME(name, text) std::string_view(text),
    SEKISHO_STREAM_EVENTS(SEKISHO_NAME)
#undef SEKISHO_NAME
};
static_assert(kNames.size() == static_cast<std::size_t>(StreamEvent::count_));

// Other spellings in rule sets of the field.
struct Alias {
    std::string_view name;
    StreamEvent event;
};
constexpr Alias kAliases[] = {
    {"3whs_synack_resend_with_diff_ack", StreamEvent::three_whs_synack_resend_with_different_ack},
    {"est_synack_resend_with_diff_ack", StreamEvent::est_synack_resend_with_different_ack},
};

}  // namespace

std::string_view to_string(StreamEvent event) noexcept {
    const auto i = static_cast<std::size_t>(event);
    return i < kNames.size() ? kNames[i] : std::string_view{};
}

std::optional<StreamEvent> parse_stream_event(std::string_view name) noexcept {
    if (constexpr std::string_view kPrefix = "stream."; name.starts_with(kPrefix)) name.remove_prefix(kPrefix.size());
    const auto found = std::find(kNames.begin(), kNames.end(), name);
    if (found != kNames.end()) return static_cast<StreamEvent>(found - kNames.begin());
    for (const auto& [alias, event] : kAliases)
        if (alias == name) return event;
    return std::nullopt;
}

}  // namespace sekisho::stream
