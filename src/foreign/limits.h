// Limits of the room: number, unit, reason and what happens at the limit. Every refusal is counted.
#pragma once

#include <chrono>
#include <cstddef>

#include "sekisho/base/clock.h"

namespace sekisho::foreign {

/// One message: RFC 5424 asks receivers for 2,048 octets, EVE records and URLs are longer. A longer one is thrown
/// away whole (cut JSON is no JSON), up to the next line end or as many octets as its count says.
constexpr std::size_t kMessageMax = 16'384;

/// Digits of an octet count (RFC 6587 section 3.4.1): beyond, the peer does not count octets.
constexpr std::size_t kCountDigitsMax = 6;

/// Fields of one line, and octets of values that had to be unescaped. Further fields are not looked at.
constexpr std::size_t kFieldsMax = 192;
constexpr std::size_t kUnescapedMax = kMessageMax;
/// Nesting of JSON, octets of a dotted name.
constexpr std::size_t kJsonDepthMax = 8;
constexpr std::size_t kJsonNameMax = 128;

/// Events that wait for the judge, 2 KiB each; when full new ones are lost.
constexpr std::size_t kWaitingMax = 4096;

/// Senders that are counted and rated one by one; further ones are refused.
constexpr std::size_t kSendersMax = 256;
/// Octets taken from one connection, datagrams from the socket, before others have their turn.
constexpr std::size_t kReadAtOnce = 65'536;
constexpr std::size_t kDatagramsAtOnce = 512;
/// A connection that says nothing for so long is closed; a handshake must be over by then.
constexpr auto kConnectionIdle = std::chrono::minutes(60);
constexpr auto kHandshakeMost = std::chrono::seconds(10);

}  // namespace sekisho::foreign
