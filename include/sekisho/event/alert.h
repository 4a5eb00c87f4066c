// The alert: one story about one of our machines, told from many events. The judge makes it, the journal
// keeps it, the SOC gets it; so it stands here, where all of them may see it. Slow path only: it allocates.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sekisho/base/address.h"
#include "sekisho/base/clock.h"
#include "sekisho/event/event.h"

namespace sekisho::event {

/// FIELD's table: act at once / must be checked / better known than not.
enum class Severity : std::uint8_t { low, medium, high, count_ };

/// What became of it. Ordered by how bad it is: a story keeps the worst.
enum class Outcome : std::uint8_t {
    blocked,    ///< the box stopped it
    attempted,  ///< it went by; the other end refused or did not answer
    unknown,    ///< it went by; nothing tells what came of it
    succeeded,  ///< it went by and the other end took part
    count_
};

/// Where it came from, seen from our network.
enum class Bearing : std::uint8_t {
    inbound,   ///< a stranger called one of our machines
    outbound,  ///< our machine called out
    fetched,   ///< our machine called out, and what counts came in the answer
    lateral,   ///< between two of our machines
    transit,   ///< between two strangers
    count_
};

/// A text in the two languages of the people who read alerts.
struct BothTongues {
    std::string ja, en;
};

struct Alert {
    static constexpr std::size_t kPeersMax = 16;

    std::uint64_t id = 0;            ///< per box, never used twice
    std::uint32_t telling = 0;       ///< 1 when first told to the SOC, one more for each escalation
    Severity severity = Severity::low;
    Outcome outcome = Outcome::blocked;
    Bearing bearing = Bearing::inbound;
    bool open = true;                ///< further events still count into it

    std::string class_name;          ///< of the severity table: "command-and-control"
    std::string cause;               ///< what makes events one story: "sid 1:2000001", "url malware", "class scan"
    IpAddress host;                  ///< our machine
    std::optional<MacAddress> mac;   ///< of the host, as seen on the wire
    std::vector<IpAddress> peers;    ///< the other ends, first seen first, at most kPeersMax
    std::uint64_t peers_more = 0;    ///< events from ends beyond those
    TimeNs first_ns = 0, last_ns = 0;
    std::uint64_t count = 0;         ///< events
    std::uint64_t blocked = 0;       ///< of them stopped

    // The event that opened the story, or escalated it last.
    std::uint32_t gid = 0, sid = 0, rev = 0;
    std::string signature;           ///< the rule's msg, or what the filter or decoder said
    std::string category;
    std::string app, target, url;    ///< application protocol; host name asked for; request target
    IpAddress src, dst;
    std::uint16_t src_port = 0, dst_port = 0;
    std::uint8_t ip_protocol = 0;
    std::uint64_t flow_id = 0;
    std::optional<IpAddress> via;    ///< the proxy that forwarded for the host

    // Who the host is, as far as passive signs tell. Empty: not known.
    std::string host_name;           ///< what it calls itself: "KEIRI-PC"
    std::string host_os;             ///< "Windows XP, out of support since 2014-04-08"
    std::string host_vendor;         ///< of its network card
    std::string reported_by;         ///< "WatchGuard at 192.0.2.1": another maker's box saw it; empty: we did
    std::string via_how;             ///< how the host behind `via` was found, and how sure that is

    // What came back, and how often it came back.
    std::uint64_t answered = 0;      ///< events that the other end answered
    std::uint32_t days = 1;          ///< days in a row on which this cause was seen
    std::uint64_t total = 0;         ///< events of this cause, earlier alerts included
    std::uint32_t hosts = 1;         ///< machines of ours in the story, at least

    // What people hear (the SOC hears all).
    bool notice = false;             ///< within the day's budget: a person is told at once
    std::uint32_t folded_medium = 0, folded_low = 0;  ///< told to nobody since the last notice: counted here

    BothTongues title, reason;
    BothTongues advice;              ///< what to do in the next ten minutes
    BothTongues guide;               ///< the whole, a line each: what happened, is it going on, what to do, whom to call
};

std::string_view to_string(Severity severity) noexcept;  ///< "Low", "Medium", "High"
std::string_view to_string(Outcome outcome) noexcept;
std::string_view to_string(Bearing bearing) noexcept;
std::optional<Severity> parse_severity(std::string_view text) noexcept;  ///< any case
std::optional<Outcome> parse_outcome(std::string_view text) noexcept;
std::optional<Bearing> parse_bearing(std::string_view text) noexcept;

/// "TCP", "UDP", "ICMP", "IPv6-ICMP" or the number.
std::string protocol_name(std::uint8_t ip_protocol);

/// Appends the alert as one JSON object (the CLI's and the JSON dialect's form).
void append_json(std::string& out, const Alert& alert);

}  // namespace sekisho::event
