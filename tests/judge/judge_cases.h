// Points in time and addresses that tests of this room share.
#pragma once

#include "sekisho/judge/judge.h"

namespace sekisho::judge {

constexpr TimeNs kStart = 1'795'000'000ULL * kSecondNs;  // November 2026
constexpr TimeNs kHour = 3600 * kSecondNs;
constexpr TimeNs kDay = 24 * kHour;

inline IpAddress ip(std::string_view text) { return *IpAddress::parse(text); }

}  // namespace sekisho::judge
