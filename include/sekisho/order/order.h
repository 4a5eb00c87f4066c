// Orders of the SOC to one box, signed with Ed25519 (RFC 8032): cut a host off, or let it go on. A text of a few
// lines, so that it travels by any way (a file, a mail, ssh) and a person can read what was asked for:
//
//   sekisho-order 1
//   box: factory-7
//   sequence: 1796000000123          greater than that of any order this box obeyed
//   issued: 1796000000               seconds since the epoch, UTC
//   action: add                      or remove
//   host: 192.168.1.66
//   for: 28800                       seconds; with remove 0
//   reason: calls its control server every minute
//   signature: 128 hexadecimal digits, over all lines before this one, line ends included
//
// Lines end with LF and stand in this order, each once: an order has one spelling, so what was signed is what is read.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sekisho/base/address.h"
#include "sekisho/base/result.h"
#include "sekisho/crypto/signing_key.h"

namespace sekisho::order {

constexpr std::size_t kOrderMaxOctets = 1024;
constexpr std::size_t kReasonMaxOctets = 200;

struct Order {
    enum class Action { add, remove };
    std::string box;
    std::uint64_t sequence = 0;
    std::int64_t issued = 0;        ///< seconds since the epoch
    Action action = Action::add;
    IpAddress host;
    std::int64_t seconds = 0;       ///< how long; 0 with remove
    std::string reason;

    bool operator==(const Order&) const = default;
};

/// The text with its signature.
/// @error invalid  a box name or reason that cannot stand in a line, a time that is out of range
Result<std::string> write_order(const Order& order, const crypto::SigningKey& key);

/// Reads an order that this key signed. Nothing is read of what the signature does not cover.
/// @param text   not trusted
/// @error limit    longer than kOrderMaxOctets
///        denied   no signature of this key
///        invalid  not laid out as above, with its line
Result<Order> read_order(std::string_view text, const crypto::VerifyingKey& key);

}  // namespace sekisho::order
