// ArcSight Common Event Format, revision 25 ("Implementing ArcSight Common Event Format"), as the MSG of an
// RFC 5424 message without structured data. In the header '|' and '\' are escaped, in the extension '=' , '\'
// and line ends. Severity: High 9, Medium 6, Low 3.
#include <array>

#include "soc/format/rfc5424.h"

namespace sekisho::soc {
namespace {

using event::Alert;

constexpr std::array<std::string_view, 3> kCefSeverity{"3", "6", "9"};
constexpr std::size_t kNameMax = 256;
constexpr std::size_t kValueMax = 320;

std::string escaped(std::string_view text, std::size_t max, char special) {
    std::string out;
    const std::string clean = printable(text);
    for (const char c : cut_utf8(clean, max)) {
        if (c == '\\' || c == special) out += '\\';
        out += c;
    }
    return out;
}

/// Appends " key=value" when it has a value and the whole pair still fits: a pair is never cut in two.
void append_pair(std::string& out, std::string_view key, std::string_view value) {
    if (value.empty()) return;
    const std::string pair = " " + std::string(key) + "=" + escaped(value, kValueMax, '=');
    if (out.size() + pair.size() <= kFormatMaxOctets) out += pair;
}

std::string milliseconds(TimeNs time) { return std::to_string(time / 1'000'000); }

}  // namespace

std::string format_cef(const Alert& a, const Envelope& envelope) {
    const auto level = std::min<std::size_t>(static_cast<std::size_t>(a.severity), 2);
    const std::string id = a.sid != 0 ? std::to_string(a.gid) + ":" + std::to_string(a.sid) : a.cause;
    std::string out = syslog_header(a, envelope) + "- CEF:0|Sekisho|Sekisho|" SEKISHO_VERSION "|";
    out += escaped(id, kNameMax, '|') + "|" + escaped(a.signature.empty() ? a.class_name : a.signature, kNameMax, '|') + "|";
    out += kCefSeverity[level];
    out += '|';
    const bool v4 = a.src.is_v4();
    const std::pair<std::string_view, std::string> pairs[] = {
        {"externalId", std::to_string(a.id)},
        {"rt", milliseconds(a.last_ns)},
        {"start", milliseconds(a.first_ns)},
        {"end", milliseconds(a.last_ns)},
        {"cnt", std::to_string(a.count)},
        {"act", std::string(to_string(a.outcome))},
        {v4 ? "src" : "c6a2", a.src.to_string()},
        {v4 ? "" : "c6a2Label", "Source IPv6 Address"},
        {"spt", std::to_string(a.src_port)},
        {v4 ? "dst" : "c6a3", a.dst.to_string()},
        {v4 ? "" : "c6a3Label", "Destination IPv6 Address"},
        {"dpt", std::to_string(a.dst_port)},
        {"proto", event::protocol_name(a.ip_protocol)},
        {"dvchost", std::string(envelope.box)},
        {"cat", a.class_name},
        {"cn1", std::to_string(envelope.number)},
        {"cn1Label", "sequence"},
        {"cs1", a.host.to_string()},
        {"cs1Label", "host"},
        {"cs2", std::string(to_string(a.bearing))},
        {"cs2Label", "direction"},
        {"dhost", a.target},
        {"smac", a.mac ? a.mac->to_string() : std::string()},
        {"app", a.app},
        {"reason", a.reason.en},
        {"request", a.url},
        {"msg", a.title.en + " / " + a.title.ja},
    };
    for (const auto& [key, value] : pairs)
        if (!key.empty()) append_pair(out, key, value);
    return out;
}

}  // namespace sekisho::soc
