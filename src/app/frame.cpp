#include "sekisho/app/frame.h"

namespace sekisho::app {
namespace {

/// "smtp." of "smtp.data", where that is the prefix of a frame's protocol.
bool takes_prefix(std::string_view& name, std::string_view prefix) noexcept {
    if (name.size() <= prefix.size() || !name.starts_with(prefix) || name[prefix.size()] != '.') return false;
    name.remove_prefix(prefix.size() + 1);
    return true;
}

}  // namespace

std::optional<NamedFrame> find_frame(std::string_view name, Protocol rule) noexcept {
    for (const FrameInfo& frame : kFrames) {
        if (frame.protocol == Protocol::unknown) continue;
        std::string_view rest = name;
        const bool prefixed = takes_prefix(rest, frame.prefix);
        if (prefixed && rest == kFrames[0].name) return NamedFrame{kFrames[0].field, frame.protocol};
        if (prefixed && rest == frame.name) return NamedFrame{frame.field, frame.protocol};
        if (rule == frame.protocol && name == frame.name) return NamedFrame{frame.field, frame.protocol};
    }
    if (name == kFrames[0].name && rule != Protocol::unknown) return NamedFrame{kFrames[0].field, rule};
    return std::nullopt;
}

}  // namespace sekisho::app
