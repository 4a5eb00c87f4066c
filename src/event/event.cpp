#include "sekisho/event/event.h"

#include <algorithm>
#include <cstring>

namespace sekisho::event {
namespace {

constexpr std::array<std::string_view, static_cast<std::size_t>(Kind::count_)> kKindNames{
    "none", "alert", "http", "tls", "dns", "quic", "flow", "url", "anomaly", "drop", "host", "app", "packet",
    "smtp", "ftp", "ftp_data", "tftp", "fileinfo"};
constexpr std::array<std::string_view, static_cast<std::size_t>(Action::count_)> kActionNames{
    "allowed", "blocked", "rejected", "answered"};

/// Octets of `value` that fit into `room` without leaving half a UTF-8 character behind. Text that is not
/// UTF-8 is cut where the room ends.
std::size_t fitting(std::string_view value, std::size_t room) noexcept {
    if (value.size() <= room) return value.size();
    std::size_t end = room;
    for (std::size_t back = 0; back < 4 && end > 0; ++back, --end)
        if ((static_cast<unsigned char>(value[end]) & 0xc0U) != 0x80U) return end;
    return room;
}

}  // namespace

void Event::set(Text name, std::string_view value) noexcept {
    TextRef& ref = texts[static_cast<std::size_t>(name)];
    const bool last_in_space = ref.size != 0 && ref.offset + ref.size == text_used;
    if (last_in_space) text_used = ref.offset;                   // the newest text can be taken back
    const std::size_t offset = value.size() <= ref.size ? ref.offset : text_used;
    const std::size_t room = value.size() <= ref.size ? ref.size : kTextSpace - text_used;
    const std::size_t size = fitting(value, room);
    if (size < value.size()) {
        flags |= kTruncated;
        text_lost += static_cast<std::uint32_t>(value.size() - size);
    }
    if (size != 0) std::memmove(text.data() + offset, value.data(), size);
    ref = {static_cast<std::uint16_t>(offset), static_cast<std::uint16_t>(size)};
    text_used = static_cast<std::uint16_t>(std::max<std::size_t>(text_used, size == 0 ? 0 : offset + size));
    if (size == 0) ref.offset = 0;
}

void Event::set_packet(Bytes octets) noexcept {
    const std::size_t size = std::min(octets.size(), text.size());
    if (size != 0) std::memcpy(text.data(), octets.data(), size);
    texts = {};
    text_used = static_cast<std::uint16_t>(size);
}

bool Event::sound() const noexcept {
    if (version != kVersion || kind == Kind::none || kind >= Kind::count_) return false;
    if (direction > Direction::to_client || action >= Action::count_) return false;
    if (text_used > kTextSpace) return false;
    return std::all_of(texts.begin(), texts.end(), [this](TextRef ref) {
        return static_cast<std::size_t>(ref.offset) + ref.size <= text_used;
    });
}

std::string_view to_string(Kind kind) noexcept {
    const auto index = static_cast<std::size_t>(kind);
    return index < kKindNames.size() ? kKindNames[index] : "unknown";
}

std::string_view to_string(Action action) noexcept {
    const auto index = static_cast<std::size_t>(action);
    return index < kActionNames.size() ? kActionNames[index] : "unknown";
}

}  // namespace sekisho::event
