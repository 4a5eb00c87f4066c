// A DNS answer in the place of the server's, for names that are blocked (RFC 1035 section 4).
// The answer repeats the question, names the block by an extended error when the client speaks EDNS
// (RFC 6891, RFC 8914 code 15 "Blocked"), and carries no SOA, so that nobody keeps it for long after the
// admin has allowed the name (RFC 2308 section 5).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "sekisho/base/address.h"
#include "sekisho/base/bytes.h"

namespace sekisho::urlfilter {

/// What a blocked name is answered with. With neither address: NXDOMAIN. With one: that address for its
/// query type (A or AAAA), and an empty answer for every other type, since the name then exists.
struct DnsBlock {
    std::optional<IpAddress> v4;
    std::optional<IpAddress> v6;
    std::uint32_t ttl_seconds = 60;
};

/// Longest answer: header, question of a 253-octet name, one AAAA record, OPT with the extended error.
constexpr std::size_t kDnsAnswerMaxBytes = 12 + (255 + 4) + (12 + 16) + (11 + 6);

/// @param query  a DNS message as it came, without the TCP length prefix
/// @return octets written to `out`; 0 when the message is not one plain query for one name, or `out` is
///         too small: then there is nothing to answer and the packet can only be dropped
/// @thread any; no allocation
std::size_t make_dns_answer(Bytes query, const DnsBlock& block, MutableBytes out) noexcept;

}  // namespace sekisho::urlfilter
