// WatchGuard Fireware ("Fireware Log Message Catalog", "Read a Log Message"): a disposition, interfaces, addresses and
// ports stand by their order, all else as key="value":
//
//   firewall: msg_id="3000-0148" Deny 1-Trusted 0-External 52 tcp 20 127 192.168.1.5 203.0.113.9 56222 445 offset 8 S 1 (Policy-00)
//   http-proxy[2345]: msg_id="1AFF-0028" Deny 1-Trusted 0-External tcp 192.168.1.5 203.0.113.9 56789 80 msg="ProxyDrop: ..." (Policy-00)
//
// Interfaces may hold blanks and lengths are left out by some, so the order is told from the two addresses that follow
// one another. Fields made: process, disposition, protocol, source, destination, source_port, destination_port, policy.
#include <array>

#include "foreign/shapes/pairs.h"
#include "foreign/shapes/shapes.h"
#include "sekisho/base/address.h"
#include "sekisho/base/text.h"

namespace sekisho::foreign {
namespace {

constexpr std::size_t kWordsMax = 48;
using WordList = std::array<std::string_view, kWordsMax>;

constexpr std::string_view kProtocols[] = {"tcp", "udp", "icmp", "icmpv6", "igmp", "esp", "gre", "ah"};

std::string_view protocol_in(std::string_view word) noexcept {
    word.remove_prefix(word.find('/') == std::string_view::npos ? 0 : word.find('/') + 1);  // "http/tcp"
    for (const auto protocol : kProtocols)
        if (equals_nocase(word, protocol)) return protocol;
    return {};
}

void take_ports(const WordList& words, std::size_t from, std::size_t count, Fields& out) {
    if (from < count && out.get("protocol").empty() && !protocol_in(words[from]).empty()) out.add("protocol", protocol_in(words[from++]));
    if (from + 1 >= count || !parse_int(words[from], 0, 65'535) || !parse_int(words[from + 1], 0, 65'535)) return;
    out.add("source_port", words[from]);
    out.add("destination_port", words[from + 1]);
}

bool take_order(const WordList& words, std::size_t count, Fields& out) {
    if (count != 0) out.add("disposition", words[0]);
    for (std::size_t i = 0; i + 1 < count; ++i) {
        if (out.get("protocol").empty() && i > 0 && !protocol_in(words[i]).empty()) out.add("protocol", protocol_in(words[i]));
        if (!IpAddress::parse(words[i]) || !IpAddress::parse(words[i + 1])) continue;
        out.add("source", words[i]);
        out.add("destination", words[i + 1]);
        take_ports(words, i + 2, count, out);
        return true;
    }
    return false;
}

}  // namespace

bool take_firebox(std::string_view line, const Columns&, Fields& out) {
    constexpr std::string_view kMark = "msg_id=\"";
    const auto mark = line.find(kMark);
    if (mark == std::string_view::npos) return false;
    const std::string_view head = trim(line.substr(0, mark));
    const std::string_view tag = head.substr(head.rfind(' ') == std::string_view::npos ? 0 : head.rfind(' ') + 1);
    out.add("process", tag.substr(0, tag.find_first_of("[:")));
    WordList words;
    std::size_t count = 0;
    line.remove_prefix(mark);
    while (!line.empty()) {
        if (line.front() == ' ') {
            line.remove_prefix(1);
        } else if (line.front() == '(') {
            const auto close = std::min(line.find(')'), line.size());
            out.add("policy", line.substr(1, close - 1));
            line.remove_prefix(std::min(close + 1, line.size()));
        } else if (const std::string_view name = take_name(line); !name.empty()) {
            out.add(name, take_value(line, out));
        } else {
            const std::string_view word = line.substr(0, line.find(' '));
            line.remove_prefix(word.size());
            if (count < words.size()) words[count++] = word;
        }
    }
    return take_order(words, count, out);
}

}  // namespace sekisho::foreign
