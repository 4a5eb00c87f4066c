// RFC 5424: header, structured data, message. The facts stand in the structured data, once each:
//
//   <129>1 2026-11-23T01:02:03.000004+00:00 box1 sekisho 812 HIGH
//     [meta sequenceId="17"]
//     [sekisho@32473 seq="17" alert="4" telling="1" severity="High" class="malware" cause="sid 1:9"
//      direction="outbound" outcome="blocked" count="3" host="192.168.1.5" src="192.168.1.5" srcPort="40000"
//      dst="203.0.113.1" dstPort="80" proto="TCP" sid="1:9:4" first="..." last="..." mac= via= app= target=
//      peers= signature= url= reason= ]
//     BOM Title (en) / title (ja): advice
//
// SD-ID: 32473 is the enterprise number reserved for documentation (RFC 5612); the project has none of its own.
// `meta sequenceId` is the RFC's (section 7.3.1), wrapping at 2^31 - 1; `seq` never wraps.
// PRI: facility local0 (16), because authpriv is where hosts keep their own secrets and SOC receivers sort
// appliances by local facilities. Severity: High alert (1), Medium warning (4), Low notice (5).
// MSGID is the severity in capitals, so that a receiver can route by it without reading further.
// Length: at most 2048 octets. First the free text is cut, then the long fields shrink; the facts stay.
#include "soc/format/rfc5424.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "sekisho/base/clock.h"
#include "sekisho/event/json_writer.h"

namespace sekisho::soc {
namespace {

using event::Alert;

constexpr unsigned kFacilityLocal0 = 16;
constexpr std::array<unsigned, 3> kSyslogSeverity{5, 4, 1};  // by event::Severity: low, medium, high
constexpr std::array<std::string_view, 3> kMessageId{"LOW", "MEDIUM", "HIGH"};
constexpr std::string_view kBom = "\xef\xbb\xbf";
constexpr std::uint64_t kSequenceMax = 2147483647;
constexpr std::size_t kHostnameMax = 255;    // RFC 5424 section 6
constexpr std::size_t kLongFieldFirst = 400; // octets a long field may take before the message is too long
constexpr std::size_t kLongFieldLeast = 40;

std::size_t level(const Alert& alert) noexcept { return std::min<std::size_t>(static_cast<std::size_t>(alert.severity), 2); }

/// A header field: printable ASCII without blanks, "-" when nothing is left.
std::string header_word(std::string_view text, std::size_t max) {
    std::string word;
    for (const char c : text)
        if (c > ' ' && c < '\x7f' && word.size() < max) word += c;
    return word.empty() ? "-" : word;
}

/// PARAM-VALUE: '"', '\' and ']' are escaped (section 6.3.3).
void append_param(std::string& out, std::string_view name, std::string_view value) {
    out += ' ';
    out += name;
    out += "=\"";
    for (const char c : value) {
        if (c == '"' || c == '\\' || c == ']') out += '\\';
        out += c;
    }
    out += '"';
}

struct Param {
    std::string_view name;
    std::string value;
    bool is_long;  ///< from the traffic or written by people: may be shortened
};

std::vector<Param> params(const Alert& a, const Envelope& envelope) {
    std::string peers;
    for (const IpAddress& peer : a.peers) peers += (peers.empty() ? "" : ",") + peer.to_string();
    const auto text = [](auto value) { return std::to_string(value); };
    std::vector<Param> all{
        {"seq", text(envelope.number), false},
        {"alert", text(a.id), false},
        {"telling", text(a.telling), false},
        {"severity", std::string(to_string(a.severity)), false},
        {"class", a.class_name, true},
        {"cause", a.cause, true},
        {"direction", std::string(to_string(a.bearing)), false},
        {"outcome", std::string(to_string(a.outcome)), false},
        {"count", text(a.count), false},
        {"host", a.host.to_string(), false},
        {"src", a.src.to_string(), false},
        {"srcPort", text(a.src_port), false},
        {"dst", a.dst.to_string(), false},
        {"dstPort", text(a.dst_port), false},
        {"proto", event::protocol_name(a.ip_protocol), false},
        {"first", format_time(a.first_ns, true), false},
        {"last", format_time(a.last_ns, true), false},
        {"sid", a.sid == 0 ? std::string() : text(a.gid) + ":" + text(a.sid) + ":" + text(a.rev), false},
        {"mac", a.mac ? a.mac->to_string() : std::string(), false},
        {"via", a.via ? a.via->to_string() : std::string(), false},
        {"app", a.app, true},
        {"target", a.target, true},
        {"peers", peers, true},
        {"signature", a.signature, true},
        {"url", a.url, true},
        {"reason", a.reason.en, true},
    };
    std::erase_if(all, [](const Param& param) { return param.value.empty(); });
    return all;
}

std::string structured_data(const std::vector<Param>& all, const Envelope& envelope, std::size_t long_field_max) {
    std::string out = "[meta";
    append_param(out, "sequenceId", std::to_string(envelope.number == 0 ? 1 : (envelope.number - 1) % kSequenceMax + 1));
    out += "][sekisho@32473";
    for (const Param& param : all) {
        const std::string value = printable(param.value);
        append_param(out, param.name, param.is_long ? cut_utf8(value, long_field_max) : std::string_view(value));
    }
    out += ']';
    return out;
}

}  // namespace

std::string_view cut_utf8(std::string_view text, std::size_t octets) noexcept {
    if (text.size() <= octets) return text;
    while (octets > 0 && (static_cast<unsigned char>(text[octets]) & 0xc0U) == 0x80U) --octets;
    return text.substr(0, octets);
}

std::string printable(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const std::size_t length = event::utf8_length(text);
        const auto c = static_cast<unsigned char>(text[0]);
        const bool control = c < 0x20 || c == 0x7f || (c == 0xc2 && length == 2 && static_cast<unsigned char>(text[1]) < 0xa0);
        if (length == 0 || control) out += '?';
        else out.append(text.substr(0, length));
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return out;
}

std::string syslog_header(const Alert& alert, const Envelope& envelope) {
    const unsigned priority = kFacilityLocal0 * 8 + kSyslogSeverity[level(alert)];
    std::string out = "<" + std::to_string(priority) + ">1 ";
    out += format_time(alert.last_ns, true);
    out += ' ' + header_word(envelope.box, kHostnameMax) + " sekisho ";
    out += envelope.process == 0 ? "-" : std::to_string(envelope.process);
    out += ' ';
    out += kMessageId[level(alert)];
    out += ' ';
    return out;
}

std::string format_rfc5424(const Alert& alert, const Envelope& envelope) {
    const std::string header = syslog_header(alert, envelope);
    const auto all = params(alert, envelope);
    std::string data = structured_data(all, envelope, kLongFieldFirst);
    for (std::size_t most = kLongFieldFirst; header.size() + data.size() > kFormatMaxOctets && most > kLongFieldLeast;) {
        most = std::max(most / 2, kLongFieldLeast);
        data = structured_data(all, envelope, most);
    }
    const std::string text = printable(alert.title.en + " / " + alert.title.ja + ": " + alert.advice.en + " / " + alert.advice.ja);
    std::string out = header + data;
    if (out.size() + 1 + kBom.size() < kFormatMaxOctets) {
        out += ' ';
        out += kBom;
        out += cut_utf8(text, kFormatMaxOctets - out.size());
    }
    return out;
}

}  // namespace sekisho::soc
