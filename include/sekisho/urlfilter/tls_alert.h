// The TLS alert that answers a ClientHello to a blocked name (RFC 8446 section 6, RFC 5246 section 7.2).
//
// unrecognized_name (RFC 6066 section 3) is the one alert about the server name itself: "this name is not
// served here". Browsers show it as such and do not try again. handshake_failure makes some clients try
// again with other versions and suites, and is then told as a fault of the server's cipher settings;
// access_denied speaks of a client certificate that was never asked for.
//
//   0      1        3        5       6
//   | type | version| length | level | description |
//   | 21   | 3, 3   | 0, 2   | fatal | 112         |
#pragma once

#include <array>
#include <cstdint>

namespace sekisho::urlfilter {

/// The whole record, to be sent to the client in the server's place before the connection is reset.
constexpr std::array<std::uint8_t, 7> kBlockedNameAlert{21, 3, 3, 0, 2, 2, 112};

}  // namespace sekisho::urlfilter
