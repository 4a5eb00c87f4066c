#include "sekisho/sign/sign.h"

#include <charconv>

namespace sekisho::sign {

std::string_view to_string(Kind kind) noexcept {
    constexpr std::array<std::string_view, static_cast<std::size_t>(Kind::count_)> kNames{"dhcp", "mdns", "netbios",
                                                                                          "smb",  "ntlm", "tcp"};
    const auto index = static_cast<std::size_t>(kind);
    return index < kNames.size() ? kNames[index] : "?";
}

void ShortText::add_number(std::uint64_t value) noexcept {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    add(std::string_view(digits, static_cast<std::size_t>(end - digits)));
}

}  // namespace sekisho::sign
