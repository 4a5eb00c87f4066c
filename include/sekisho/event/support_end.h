// When a system's maker ends its fixes, as it stands in Alert::host_os: "Windows XP, support ends 2014-04-08 (by ntlm)".
#pragma once

#include <string>
#include <string_view>

namespace sekisho::event {

constexpr std::string_view kSupportEnds = ", support ends ";

/// @param date  "2014-04-08"
inline std::string support_end_text(std::string_view date) { return std::string(kSupportEnds).append(date); }

/// The date in a host's system; empty when none stands there.
inline std::string_view support_end_of(std::string_view system) noexcept {
    constexpr std::size_t kDate = 10;
    const auto at = system.find(kSupportEnds);
    return at == std::string_view::npos ? std::string_view{} : system.substr(at + kSupportEnds.size(), kDate);
}

}  // namespace sekisho::event
