// A parsed rule: what the text of one Suricata 7 rule says, as plain values, before it is compiled.
// Built by the parser (parser.h), read by the compiler (compile.h), by `rules show` and by tests. Control
// plane only; the packet path sees the compiled set.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "sekisho/app/app_event.h"
#include "sekisho/app/field.h"
#include "sekisho/app/protocol.h"
#include "sekisho/base/address.h"
#include "sekisho/packet/packet.h"

namespace sekisho::signature {

class Regex;  // regex.h: a compiled PCRE2 pattern

// --- header ---------------------------------------------------------------------------------------------

enum class Action : std::uint8_t { alert, pass, drop, reject, reject_dst, reject_both };

/// Transport part of the header's protocol word. `ip` is any IP packet.
enum class Transport : std::uint8_t { ip, tcp, udp, icmp, icmpv6, sctp, other };

struct AddressRange {  ///< both ends included
    IpAddress first;
    IpAddress last;
};

/// Addresses after variables, groups and negations are resolved: sorted, disjoint ranges.
struct AddressSet {
    bool any = true;
    bool negated = false;  ///< written with a "!" somewhere; says nothing about what it holds
    std::vector<AddressRange> ranges;
    bool contains(const IpAddress& ip) const noexcept;  ///< binary search
};

struct PortSet {
    bool any = true;
    std::vector<std::pair<std::uint16_t, std::uint16_t>> ranges;  ///< sorted, disjoint, both ends included
    bool contains(std::uint16_t port) const noexcept;
};

struct Header {
    Action action = Action::alert;
    Transport transport = Transport::ip;
    app::Protocol protocol = app::Protocol::unknown;  ///< "http", "tls" ...; unknown: a transport rule
    bool packet_only = false;   ///< tcp-pkt: packet payloads, not the stream
    bool stream_only = false;   ///< tcp-stream
    std::uint8_t ip_version = 0;  ///< ip4 / ip6 / ipv4 / ipv6 header words; 0: both
    AddressSet source;
    PortSet source_ports;
    AddressSet destination;
    PortSet destination_ports;
    bool both_ways = false;     ///< "<>"; the compiler makes two rules of it
    bool exchange = false;      ///< "=>": what both sides say in one transaction; source and destination are the client's way
    std::uint8_t ip_protocol = 0;  ///< header words for a protocol that is no Transport (igmp); 0: as the transport says
    bool http1_only = false;    ///< "http1": `http` means HTTP/2 as well
};

/// Whether a flow or message of `protocol` is what the header names: `http` means HTTP/2 too, `dcerpc` its calls in SMB;
/// DNS over HTTP/2 is both.
inline bool covers(const Header& header, app::Protocol protocol) noexcept {
    const bool http2 = protocol == app::Protocol::http2 || protocol == app::Protocol::doh2;
    if (header.protocol == app::Protocol::http && http2) return !header.http1_only;
    return app::covers(header.protocol, protocol);
}

// --- what is tested in a buffer --------------------------------------------------------------------------

/// A number of a rule: written out, or the variable that an earlier byte_extract / byte_math set.
struct Operand {
    bool is_variable = false;
    std::uint8_t variable = 0;  ///< index into the rule's variables
    std::int64_t value = 0;
};

struct Content {
    std::string bytes;  ///< after |hex| and escapes
    bool nocase = false;
    bool negated = false;
    bool rawbytes = false;
    bool fast_pattern = false;       ///< the author's choice for the prefilter: a hint, see compile.h
    bool fast_pattern_only = false;
    std::uint16_t fast_pattern_offset = 0;  ///< fast_pattern:offset,length; the part that the author chose
    std::uint16_t fast_pattern_length = 0;  ///< 0: the whole content
    bool startswith = false;                ///< depth is then set to the content's size
    bool endswith = false;
    // As written: depth counts from the offset (the match ends at offset + depth at the latest), within from the
    // distance (it ends at the last match's end + distance + within at the latest).
    std::optional<Operand> offset, depth;     ///< from the buffer's first byte
    std::optional<Operand> distance, within;  ///< from the end of the last match; without one, the first byte
    bool relative() const noexcept { return distance || within; }
};

struct Pcre {
    std::shared_ptr<const Regex> regex;
    std::string text;       ///< as written, /.../flags
    bool negated = false;
    bool relative = false;  ///< flag R
};

struct IsDataAt {
    Operand at;
    bool relative = false;
    bool negated = false;
};

enum class Compare : std::uint8_t { eq, ne, lt, gt, le, ge, mask_and, mask_xor, range };
enum class Endian : std::uint8_t { big, little, dce };  ///< dce: as the DCERPC header says

/// How byte_* keywords take a number out of the buffer.
struct ByteFetch {
    Operand count;               ///< octets, 0..23 (string) or 0..8
    Operand offset;
    bool relative = false;
    bool is_string = false;
    std::uint8_t base = 0;       ///< string: 8, 10, 16; 0: by prefix
    Endian endian = Endian::big;
    std::uint32_t bitmask = 0;   ///< 0: none; the result is shifted right by its trailing zeros
};

struct ByteTest {
    ByteFetch fetch;
    Compare op = Compare::eq;
    bool negated = false;
    Operand value;
};

struct ByteJump {
    ByteFetch fetch;
    std::uint32_t multiplier = 1;
    Operand post_offset;
    bool align = false;  ///< to 4 octets
    bool from_beginning = false;
    bool from_end = false;
};

struct ByteExtract {
    ByteFetch fetch;
    std::uint32_t multiplier = 1;
    std::uint8_t align = 0;  ///< 0, 2 or 4
    std::uint8_t variable = 0;
};

struct ByteMath {
    enum class Op : std::uint8_t { add, subtract, multiply, divide, shift_left, shift_right } op = Op::add;
    ByteFetch fetch;
    Operand right;
    std::uint8_t variable = 0;
};

/// bsize and urilen: the whole buffer's size. `high` counts only for range, where both ends are excluded
/// (Suricata's a<>b).
struct BufferSize {
    Compare op = Compare::eq;
    std::uint64_t low = 0;
    std::uint64_t high = 0;
};

/// entropy: of so many octets of the buffer from a place on, 0 to 8 bits an octet.
struct Entropy {
    std::uint32_t offset = 0;
    std::uint32_t octets = 0;  ///< 0: to the end
    Compare op = Compare::eq;
    bool negated = false;
    double low = 0;
    double high = 0;           ///< range only; both ends are excluded
};

struct Dataset;  // dataset.h: a set of strings, hashes or addresses loaded with the rules
struct DatasetTest {
    /// set and unset hold when they change something; reputation compares the number that stands beside the entry.
    enum class Op : std::uint8_t { isset, isnotset, set, unset, reputation } op = Op::isset;
    std::shared_ptr<const Dataset> set;
    bool subdomains = false;         ///< a part of the value that begins with a dot and goes to its end counts, too
    std::uint32_t name = 0;          ///< name_id: what a worker has learned lives under it
    Compare compare = Compare::eq;   ///< reputation
    std::uint32_t reputation = 0;
};

/// asn1: walks the BER elements (X.690) from a place in the buffer; holds when one of the faults asked for is there.
struct Asn1Walk {
    bool bitstring_overflow = false;   ///< more unused bits than the string has
    bool double_overflow = false;      ///< a real number in text longer than programs expect
    std::uint32_t oversize_length = 0; ///< an element longer than this; 0: not asked
    std::int32_t offset = 0;
    bool relative = false;
};

struct Base64Decode;

using Test = std::variant<Content, Pcre, IsDataAt, ByteTest, ByteJump, ByteExtract, ByteMath, BufferSize, DatasetTest,
                          Asn1Walk, Entropy, std::shared_ptr<const Base64Decode>>;

/// base64_decode: decodes from a place in the buffer; `tests` (those after base64_data) look at the result.
struct Base64Decode {
    std::uint32_t bytes = 0;   ///< encoded octets at the most; 0: to the end
    std::uint32_t offset = 0;
    bool relative = false;
    std::vector<Test> tests;
};

enum class TransformKind : std::uint8_t {
    to_lowercase, to_uppercase, strip_whitespace, compress_whitespace, url_decode, xor_key, dotprefix, to_md5,
    to_sha1, to_sha256, pcrexform, header_lowercase, strip_pseudo_headers, from_base64, gunzip, zlib_deflate, domain,
    tld, subslice, json_decode,
};
/// Which octets from_base64 takes: up to the first that is no base64 (RFC 4648), all that are (RFC 2045 section 6.8),
/// or nothing unless the whole is base64.
enum class Base64Mode : std::uint8_t { rfc4648, rfc2045, strict };
struct Base64Part {
    std::uint32_t offset = 0;
    std::uint32_t octets = 0;  ///< encoded ones; 0: to the end
    Base64Mode mode = Base64Mode::rfc4648;
    bool operator==(const Base64Part&) const noexcept = default;
};
/// Where xor begins, and where in the buffer its key stands when the rule does not give it.
struct XorPart {
    std::uint32_t offset = 0;
    std::uint32_t key_at = 0;
    std::uint32_t key_octets = 0;  ///< 0: the rule gives the key
    bool operator==(const XorPart&) const noexcept = default;
};
/// gunzip and zlib_deflate: what comes after so many octets is left out.
struct InflateLimit {
    std::uint32_t octets = 1024;
    bool operator==(const InflateLimit&) const noexcept = default;
};
/// subslice: negative numbers count from the buffer's end. What lies outside gives nothing, or is cut off.
struct Subslice {
    std::int32_t offset = 0;
    std::optional<std::int32_t> octets;
    bool truncate = false;
    bool operator==(const Subslice&) const noexcept = default;
};
struct Transform {
    TransformKind kind;
    std::string argument;                 ///< xor key octets
    std::shared_ptr<const Regex> regex;   ///< pcrexform
    std::variant<std::monostate, Base64Part, XorPart, InflateLimit, Subslice> part = {};
    bool operator==(const Transform& other) const noexcept {
        return kind == other.kind && argument == other.argument && regex == other.regex && part == other.part;
    }
};

/// The side that something concerns.
enum class FlowDirection : std::uint8_t { any, to_server, to_client };

/// What a rule says of a buffer that a message does not have: it fails, it is what the rule asks for, or it is as good
/// as one on which the tests hold.
enum class Absence : std::uint8_t { fails, wanted, suffices };

/// All tests of one buffer, in the rule's order. For `multi` fields each mention is a group of its own.
struct BufferTests {
    app::Field field = app::Field::payload;
    std::vector<Transform> transforms;
    std::vector<Test> tests;  ///< empty exactly when the absence is wanted
    Absence absence = Absence::fails;
    FlowDirection side = FlowDirection::any;  ///< whose: set in rules with "=>" alone
};

// --- what is tested outside buffers -----------------------------------------------------------------------

/// One test of a packet's headers. The keyword's file supplies `match` and gives the arguments their meaning.
struct PacketTest {
    bool (*match)(const PacketTest& test, const packet::Packet& packet) noexcept = nullptr;
    std::string_view keyword;  ///< static text
    Compare op = Compare::eq;
    bool negated = false;  ///< speaks where `match` does not, a packet without what is asked for among them
    bool outside = false;  ///< of a number: it is there and is another
    std::uint64_t a = 0, b = 0, c = 0;
};

struct FactTest {
    app::Fact fact = app::Fact::http_status;
    Compare op = Compare::eq;
    bool negated = false;
    bool versus_time = false;  ///< compare with the packet's time in seconds instead of `low`
    std::uint64_t low = 0, high = 0;  ///< range: both ends excluded
    /// When not empty: in any of these ranges, both ends included, instead of op, low and high.
    std::vector<std::pair<std::uint64_t, std::uint64_t>> any_of = {};
};

struct FlowTest {
    FlowDirection direction = FlowDirection::any;
    bool established = false, not_established = false, stateless = false;
    bool only_stream = false, no_stream = false, only_frag = false, no_frag = false;
};

struct StreamSizeTest {
    enum class Side : std::uint8_t { server, client, both, either } side = Side::both;
    Compare op = Compare::eq;
    std::uint32_t size = 0;
};

/// flow.age, flow.pkts_toserver ...: numbers of the conversation so far.
struct FlowNumberTest {
    enum class What : std::uint8_t {
        age_seconds, packets_to_server, packets_to_client, packets_either, octets_to_server, octets_to_client, octets_either
    } what = What::age_seconds;
    Compare op = Compare::eq;
    bool negated = false;
    std::uint64_t low = 0, high = 0;
};

/// Which of a packet's addresses a test is about.
enum class AddressSide : std::uint8_t { any, source, destination, both };

class ReputationList;  // reputation.h: scores of addresses in one category
struct ReputationTest {
    AddressSide side = AddressSide::any;
    std::shared_ptr<const ReputationList> list;
    Compare op = Compare::eq;
    std::uint8_t score = 0;
};

class CountryDatabase;  // countries.h
/// geoip: an address whose country is known, and among these (negated: not among them).
struct CountryTest {
    AddressSide side = AddressSide::any;
    bool negated = false;
    std::vector<std::uint16_t> countries;  ///< CountryCode
    std::shared_ptr<const CountryDatabase> database;
};

struct AppProtocolTest {
    app::Protocol protocol = app::Protocol::unknown;
    bool negated = false;
};

/// ndpi-protocol: every one of these names (name_id of the lower-case name) is the flow's protocol or application.
struct ApplicationTest {
    std::vector<std::uint32_t> names;
    bool negated = false;
};
/// ndpi-risk: one of these flow risks was found.
struct FlowRiskTest {
    std::uint64_t risks = 0;
    bool negated = false;
};

/// A test of a file that a message carries; names, types and contents are fields.
struct FileTest {
    enum class Kind : std::uint8_t { present, size, digest } kind = Kind::present;
    bool negated = false;
    Compare op = Compare::eq;               ///< size
    std::uint64_t low = 0, high = 0;        ///< size; range: both ends excluded
    std::uint8_t algorithm = 0;             ///< digest: 0 MD5, 1 SHA-1, 2 SHA-256
    std::shared_ptr<const Dataset> list;    ///< digest
    FlowDirection side = FlowDirection::any;  ///< as that of a buffer
};

/// State kept between packets. Names are kept as 32-bit hashes (name_id) so that they mean the same before and
/// after a reload.
std::uint32_t name_id(std::string_view name) noexcept;

struct BitOp {
    enum class Scope : std::uint8_t { flow, ip_src, ip_dst, ip_pair, tx } scope = Scope::flow;
    enum class Op : std::uint8_t { set, unset, toggle, isset, isnotset } op = Op::set;
    std::vector<std::uint32_t> names;  ///< isset / isnotset: any of them (flowbits a|b)
    std::uint32_t expire_seconds = 0;  ///< xbits, hostbits
};

struct FlowIntOp {
    enum class Op : std::uint8_t { set, add, subtract, lt, le, eq, ne, ge, gt, isset, notset } op = Op::set;
    std::uint32_t name = 0;
    std::uint32_t value = 0;
    std::uint32_t value_name = 0;  ///< another flowint instead of value; 0: value counts
};

struct Threshold {
    enum class Type : std::uint8_t { limit, threshold, both, backoff, detection_filter, rate_filter, suppress } type = Type::limit;
    enum class Track : std::uint8_t { by_src, by_dst, by_both, by_rule, by_flow, either } track = Track::by_src;
    enum class Unique : std::uint8_t { none, source_port, destination_port } unique = Unique::none;  ///< detection_filter
    std::uint32_t count = 1;
    std::uint32_t seconds = 0;
    std::uint32_t multiplier = 0;       ///< backoff
    std::uint32_t timeout = 0;          ///< rate_filter
    Action new_action = Action::alert;  ///< rate_filter
    AddressSet addresses;               ///< suppress
};

// --- the whole --------------------------------------------------------------------------------------------

struct Place {
    std::string file;
    std::uint32_t line = 0;    ///< 1-based; of the first line when a rule goes over several
    std::uint32_t column = 0;  ///< 1-based, 0: not known
};

/// One option as written: the syntax tree keeps all of them, known or not.
struct Option {
    std::string name;
    std::string value;  ///< without the colon; empty when there is none
    std::uint32_t column = 0;
};

struct Rule {
    Place place;
    std::string text;  ///< as written, lines joined
    Header header;
    std::vector<Option> options;

    std::uint32_t gid = 1, sid = 0, rev = 0;
    std::string msg;
    std::string classtype;
    std::uint8_t priority = 3;   ///< from the keyword, else the classtype, else 3
    std::vector<std::string> references;
    std::vector<std::pair<std::string, std::string>> metadata;

    FlowTest flow;
    std::vector<BufferTests> buffers;      ///< payload first, where it has tests
    std::uint8_t variables = 0;            ///< how many byte_extract / byte_math variables
    std::vector<PacketTest> packet_tests;
    std::vector<FactTest> fact_tests;
    std::vector<FileTest> file_tests;
    std::vector<StreamSizeTest> stream_sizes;
    std::vector<FlowNumberTest> flow_numbers;
    std::vector<ReputationTest> reputations;
    std::vector<CountryTest> countries;         ///< geoip
    std::vector<AppProtocolTest> app_protocols;
    std::vector<app::AppEvent> app_events;      ///< app-layer-event
    std::vector<ApplicationTest> applications;  ///< ndpi-protocol
    std::vector<FlowRiskTest> flow_risks;       ///< ndpi-risk
    std::uint8_t flow_events = 0;               ///< app-layer-event: bits of app::FlowEvent, all of them
    std::vector<std::uint8_t> stream_events;    ///< stream::StreamEvent values
    std::vector<BitOp> bits;                    ///< in the rule's order
    std::vector<FlowIntOp> flow_ints;
    std::vector<Threshold> thresholds;          ///< keyword and threshold file
    bool noalert = false;
    bool tells_pass = false;  ///< a pass rule with the keyword `alert`: its match is told, too
    bool bypass = false;    ///< after the match the flow needs no more inspection
    bool same_ip = false;
    bool ip_only = false;   ///< addresses only: looked up once per flow and direction (set by the compiler)
};

}  // namespace sekisho::signature
