// Classes of alerts: the table that Suricata and ET Open ship (classification.config), whose descriptions SOC tools
// know as the category of an alert, and the reader of such files.
#include <string>

#include "sekisho/base/text.h"
#include "sekisho/signature/parser.h"
#include "signature/number.h"

namespace sekisho::signature {
namespace {

struct BuiltIn {
    const char* name;
    const char* description;
    std::uint8_t priority;
};
constexpr BuiltIn kBuiltIn[] = {
    {"not-suspicious", "Not Suspicious Traffic", 3},
    {"unknown", "Unknown Traffic", 3},
    {"bad-unknown", "Potentially Bad Traffic", 2},
    {"attempted-recon", "Attempted Information Leak", 2},
    {"successful-recon-limited", "Information Leak", 2},
    {"successful-recon-largescale", "Large Scale Information Leak", 2},
    {"attempted-dos", "Attempted Denial of Service", 2},
    {"successful-dos", "Denial of Service", 2},
    {"attempted-user", "Attempted User Privilege Gain", 1},
    {"unsuccessful-user", "Unsuccessful User Privilege Gain", 1},
    {"successful-user", "Successful User Privilege Gain", 1},
    {"attempted-admin", "Attempted Administrator Privilege Gain", 1},
    {"successful-admin", "Successful Administrator Privilege Gain", 1},
    {"rpc-portmap-decode", "Decode of an RPC Query", 2},
    {"shellcode-detect", "Executable code was detected", 1},
    {"string-detect", "A suspicious string was detected", 3},
    {"suspicious-filename-detect", "A suspicious filename was detected", 2},
    {"suspicious-login", "An attempted login using a suspicious username was detected", 2},
    {"system-call-detect", "A system call was detected", 2},
    {"tcp-connection", "A TCP connection was detected", 4},
    {"trojan-activity", "A Network Trojan was detected", 1},
    {"unusual-client-port-connection", "A client was using an unusual port", 2},
    {"network-scan", "Detection of a Network Scan", 3},
    {"denial-of-service", "Detection of a Denial of Service Attack", 2},
    {"non-standard-protocol", "Detection of a non-standard protocol or event", 2},
    {"protocol-command-decode", "Generic Protocol Command Decode", 3},
    {"web-application-activity", "access to a potentially vulnerable web application", 2},
    {"web-application-attack", "Web Application Attack", 1},
    {"misc-activity", "Misc activity", 3},
    {"misc-attack", "Misc Attack", 2},
    {"icmp-event", "Generic ICMP event", 3},
    {"inappropriate-content", "Inappropriate Content was Detected", 1},
    {"policy-violation", "Potential Corporate Privacy Violation", 1},
    {"default-login-attempt", "Attempt to login by a default username and password", 2},
    {"targeted-activity", "Targeted Malicious Activity was Detected", 1},
    {"exploit-kit", "Exploit Kit Activity Detected", 1},
    {"external-ip-check", "Device Retrieving External IP Address Detected", 2},
    {"domain-c2", "Domain Observed Used for C2 Detected", 1},
    {"pup-activity", "Possibly Unwanted Program Detected", 2},
    {"credential-theft", "Successful Credential Theft Detected", 1},
    {"social-engineering", "Possible Social Engineering Attempted", 2},
    {"coin-mining", "Crypto Currency Mining Activity Detected", 2},
    {"command-and-control", "Malware Command and Control Activity Detected", 1},
};

constexpr std::string_view kPrefix = "config classification:";

}  // namespace

const Classifications& default_classifications() {
    static const Classifications table = [] {
        Classifications made;
        for (const auto& line : kBuiltIn) made[line.name] = {line.name, line.description, line.priority};
        return made;
    }();
    return table;
}

Result<Classifications> parse_classifications(std::string_view text, const std::string& name) {
    Classifications table;
    std::size_t number = 0;
    for (const auto raw : split(text, '\n')) {
        ++number;
        const auto line = trim(raw);
        if (line.empty() || line.front() == '#') continue;
        const std::string where = name + ":" + std::to_string(number);
        if (!starts_with_nocase(line, kPrefix))
            return fail(ErrorCode::invalid, "the line does not begin with '" + std::string(kPrefix) + "'", where);
        const auto body = line.substr(kPrefix.size());
        const auto first = body.find(',');
        const auto last = body.rfind(',');
        if (first == std::string_view::npos || first == last)
            return fail(ErrorCode::invalid, "the form is 'config classification: name,description,priority'", where);
        Classification one;
        one.name = to_lower(trim(body.substr(0, first)));
        one.description = trim(body.substr(first + 1, last - first - 1));
        const auto priority = parse_number(trim(body.substr(last + 1)), 1, 255);
        if (one.name.empty()) return fail(ErrorCode::invalid, "the name is missing", where);
        if (!priority) return fail(ErrorCode::invalid, "priority: " + priority.error().what, where);
        one.priority = static_cast<std::uint8_t>(*priority);
        table[one.name] = std::move(one);
    }
    return table;
}

}  // namespace sekisho::signature
