#include "sekisho/packet/decode_event.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace sekisho::packet {
namespace {

constexpr std::array kNames{
#define SEKISHO_NAME(name, text) std::string_view(text),
    SEKISHO_DECODE_EVENTS(SEKISHO_NAME)
#undef SEKISHO_NAME
};
static_assert(kNames.size() == static_cast<std::size_t>(DecodeEvent::count_));

}  // namespace

std::string_view to_string(DecodeEvent event) noexcept {
    const auto i = static_cast<std::size_t>(event);
    return i < kNames.size() ? kNames[i] : std::string_view{};
}

std::optional<DecodeEvent> parse_decode_event(std::string_view name) noexcept {
    const auto found = std::find(kNames.begin(), kNames.end(), name);
    if (found == kNames.end()) return std::nullopt;
    return static_cast<DecodeEvent>(found - kNames.begin());
}

}  // namespace sekisho::packet
