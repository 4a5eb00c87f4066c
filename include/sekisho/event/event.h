// The one record that the fast path and the slow path share: fixed size, little-endian, versioned.
// The fast path (or a replay) writes it, the slow path judges it, EVE-named JSON is one view of it
// (event/json.h). Numbers stand in named fields; text (host names, messages) stands in `text` and is
// reached by its name through `get(Text::host)`.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include "sekisho/base/address.h"
#include "sekisho/base/bytes.h"
#include "sekisho/base/clock.h"

namespace sekisho::event {

constexpr std::uint16_t kVersion = 1;
constexpr std::size_t kEventSize = 2048;

enum class Kind : std::uint8_t {
    none,
    alert,    ///< a rule hit
    http,     ///< one request and its response
    tls,      ///< one handshake
    dns,      ///< one query or one answer
    quic,     ///< one Initial with a name
    flow,     ///< a flow ended
    url,      ///< the URL filter decided other than allow
    anomaly,  ///< malformed input or a limit reached
    drop,     ///< a packet was not forwarded (replay in ips mode only)
    host,     ///< a passive sign of who a machine is: name `name`, system `extra`, by sign `reason`
    app,      ///< a transaction of another protocol: Text::app names it, Text::extra holds its particulars
    packet,   ///< octets of one frame kept as evidence; only in evidence rings. `sid` not 0: the rule that matched it
    smtp,     ///< one mail, or a session without one
    ftp,      ///< one command and its reply
    ftp_data, ///< one data connection of FTP
    tftp,     ///< one transfer
    fileinfo, ///< one file on the wire
    count_,
};

enum class Direction : std::uint8_t { to_server, to_client };

/// What became of the traffic that caused the event.
enum class Action : std::uint8_t { allowed, blocked, rejected, answered, count_ };

/// Names of the text fields of an event.
enum class Text : std::uint8_t {
    signature,     ///< the rule's msg
    classtype,     ///< the rule's classtype ("trojan-activity")
    category,      ///< the classtype's description; or the URL category's name
    severity,      ///< "high" / "medium" / "low" where the rule's metadata says so (signature_severity)
    metadata,      ///< the rule's metadata, "key value, key value"
    app,           ///< application protocol, EVE's app_proto ("http", "tls", "dns", "failed"; empty: unknown)
    host,          ///< HTTP host, without port; smtp: the client's own name
    url,           ///< HTTP request target as sent; smtp: subject; ftp: argument; file: the URL it came by
    method,        ///< HTTP method; command of FTP, TFTP
    user_agent,    ///< HTTP User-Agent
    content_type,  ///< HTTP response content type; file: its type by content
    forwarded,     ///< X-Forwarded-For / Forwarded as sent
    name,          ///< TLS / QUIC server name, DNS query name; smtp: sender; file: its name
    answer,        ///< DNS answers, one a line: "owner TAB ttl TAB type rdata"; no owner: the question's name; smtp:
                   ///< recipients, ftp: reply, both separated by commas
    tls_version,   ///< "TLS 1.2"
    tls_subject,   ///< certificate subject
    tls_issuer,    ///< certificate issuer
    tls_fingerprint,  ///< file: SHA-1, likewise below
    ja3,           ///< JA3 hash; file: MD5
    ja3s,          ///< JA3S hash; file: SHA-256
    alpn,
    list,          ///< URL filter: list and line that decided, "ut1/malware:1204"; kReported: "WatchGuard at 192.0.2.1"
    reason,        ///< what is malformed, or why a flow ended, in a word ("timeout", "tcp_closed")
    extra,         ///< further key=value pairs for people; kind app: "key=text" or "key:number", one a line
    count_,
};
constexpr std::size_t kTextCount = static_cast<std::size_t>(Text::count_);

struct TextRef {
    std::uint16_t offset = 0;
    std::uint16_t size = 0;
};

/// One event. Trivially copyable: it crosses shared memory as it stands. Only the first `used()` bytes
/// carry meaning, so a writer copies no more.
struct Event {
    std::uint16_t version = kVersion;
    Kind kind = Kind::none;
    Direction direction = Direction::to_server;
    Action action = Action::allowed;
    std::uint8_t ip_protocol = 0;  ///< IANA number
    std::uint8_t worker = 0;
    std::uint8_t flags = 0;        ///< kTruncated...
    std::uint64_t time_ns = 0;
    std::uint64_t sequence = 0;    ///< per ring, without gaps: a gap is a loss
    std::uint64_t flow_id = 0;
    std::uint64_t frame_number = 0;  ///< 1-based in a capture (EVE's pcap_cnt), 0 when unknown
    IpAddress src;                   ///< of the packet that caused the event
    IpAddress dst;
    std::uint16_t src_port = 0;      ///< for ICMP: the type
    std::uint16_t dst_port = 0;      ///< for ICMP: the code
    std::array<std::uint16_t, 2> vlan{};  ///< outer, inner; 0: none
    std::uint16_t in_port = 0;       ///< data port the frame came in by
    std::uint16_t text_used = 0;
    std::uint32_t text_lost = 0;     ///< octets of text that did not fit
    std::array<std::uint8_t, 6> src_mac{};
    std::array<std::uint8_t, 6> dst_mac{};

    // kind alert
    std::uint32_t sid = 0;
    std::uint32_t gid = 1;
    std::uint32_t rev = 0;
    std::uint32_t priority = 3;      ///< Suricata's: 1 is worst
    std::uint64_t tx_id = 0;
    // kind http: status and body size; dns: type, rcode, id; url: category id and incident number
    std::uint32_t status = 0;        ///< HTTP status / DNS rcode / FTP reply code
    std::uint32_t type = 0;          ///< DNS query type / anomaly code / URL decision
    std::uint64_t length = 0;        ///< HTTP response body octets; file: its size
    std::uint32_t id = 0;            ///< DNS id / URL incident number
    std::uint32_t flags_dns = 0;     ///< DNS header flags word
    // kind flow (also filled on alerts: the flow so far)
    std::uint64_t packets_to_server = 0;
    std::uint64_t packets_to_client = 0;
    std::uint64_t bytes_to_server = 0;
    std::uint64_t bytes_to_client = 0;
    std::uint64_t flow_start_ns = 0;
    // tls
    std::uint64_t tls_not_before = 0;  ///< seconds since the epoch
    std::uint64_t tls_not_after = 0;
    IpAddress client;                  ///< the flow's initiator, whatever the packet's direction
    IpAddress server;
    std::uint16_t client_port = 0;
    std::uint16_t server_port = 0;
    std::uint32_t reserved = 0;

    std::array<TextRef, kTextCount> texts{};
    static constexpr std::size_t kTextSpace = 1704;
    std::array<char, kTextSpace> text;  // left uninitialised beyond text_used

    static constexpr std::uint8_t kTruncated = 1;    ///< a text was cut, see text_lost
    static constexpr std::uint8_t kDnsAnswer = 2;    ///< dns: this is the answer
    static constexpr std::uint8_t kDropped = 4;      ///< the packet was not forwarded; flow: the box ended it
    static constexpr std::uint8_t kReported = 8;     ///< told by another maker's box, Text::list says by which

    // The text array stays uninitialised on purpose (1.7 KiB a record on the packet path).
    Event() noexcept {}  // NOLINT(modernize-use-equals-default)

    /// Sets a text; cut (and counted in text_lost) when the space is used up. Setting twice keeps the last.
    void set(Text name, std::string_view value) noexcept;
    std::string_view get(Text name) const noexcept {
        const TextRef ref = texts[static_cast<std::size_t>(name)];
        return {text.data() + ref.offset, ref.size};
    }
    /// kind packet: the frame's octets in the place of texts, cut to kPacketOctets; `length` has its full size.
    void set_packet(Bytes octets) noexcept;
    Bytes packet_octets() const noexcept { return as_bytes(std::string_view(text.data(), text_used)); }
    /// Octets of the record that carry meaning.
    std::size_t used() const noexcept { return sizeof(Event) - kTextSpace + text_used; }
    /// True for a record from elsewhere (ring, file) whose version, kind and text references are sound.
    bool sound() const noexcept;
};

static_assert(sizeof(Event) == kEventSize);
/// Octets of a frame that an evidence record holds: a whole Ethernet frame with tags.
constexpr std::size_t kPacketOctets = Event::kTextSpace;
static_assert(std::is_trivially_copyable_v<Event>);

/// Where the packet path puts its events. Implemented by the ring writer, the replay's JSON sink and tests.
class Sink {
  public:
    virtual ~Sink() = default;
    /// Takes a copy. Never blocks; when there is no room the sink counts the loss.
    virtual void write(const Event& event) noexcept = 0;
};

std::string_view to_string(Kind kind) noexcept;
std::string_view to_string(Action action) noexcept;

}  // namespace sekisho::event
