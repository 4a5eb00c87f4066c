// Header words of Suricata 7: detect-engine-proto's names for transports, application protocols by app/protocol.h.
#include "signature/header.h"

#include <functional>

#include "sekisho/base/text.h"
#include "signature/address_set.h"

namespace sekisho::signature {
namespace {

struct ActionName {
    std::string_view name;
    Action action;
};
constexpr ActionName kActions[] = {
    {"alert", Action::alert},       {"pass", Action::pass},          {"drop", Action::drop},
    {"reject", Action::reject},     {"rejectsrc", Action::reject},   {"rejectdst", Action::reject_dst},
    {"rejectboth", Action::reject_both}, {"config", Action::alert},
};

struct TransportName {
    std::string_view name;
    Transport transport;
    std::uint8_t ip_version;
    bool packet_only;
    bool stream_only;
};
constexpr TransportName kTransports[] = {
    {"ip", Transport::ip, 0, false, false},          {"pkthdr", Transport::ip, 0, false, false},
    {"ip4", Transport::ip, 4, false, false},         {"ipv4", Transport::ip, 4, false, false},
    {"ip6", Transport::ip, 6, false, false},         {"ipv6", Transport::ip, 6, false, false},
    {"tcp", Transport::tcp, 0, false, false},        {"tcp-pkt", Transport::tcp, 0, true, false},
    {"tcp-stream", Transport::tcp, 0, false, true},  {"udp", Transport::udp, 0, false, false},
    {"icmp", Transport::icmp, 0, false, false},      {"icmpv4", Transport::icmp, 4, false, false},
    {"icmpv6", Transport::icmpv6, 6, false, false},  {"sctp", Transport::sctp, 0, false, false},
};

// Words of the rule language for protocols that have another name in app/protocol.h.
struct ProtocolAlias {
    std::string_view name;
    app::Protocol protocol;
};
constexpr ProtocolAlias kProtocolAliases[] = {{"http1", app::Protocol::http}, {"ikev2", app::Protocol::ike}};

std::optional<app::Protocol> find_protocol(std::string_view word) {
    for (const auto& alias : kProtocolAliases)
        if (alias.name == word) return alias.protocol;
    const auto protocol = app::parse_protocol(word);
    if (protocol == app::Protocol::unknown || protocol == app::Protocol::failed) return std::nullopt;
    return protocol;
}

bool parse_protocol_word(std::string_view word, Header& header) {
    const std::string lower = to_lower(word);
    if (lower == "igmp") {
        header.transport = Transport::other;
        header.ip_protocol = packet::ip_proto::igmp;
        return true;
    }
    for (const auto& known : kTransports) {
        if (known.name != lower) continue;
        header.transport = known.transport;
        header.ip_version = known.ip_version;
        header.packet_only = known.packet_only;
        header.stream_only = known.stream_only;
        return true;
    }
    const auto protocol = find_protocol(lower);
    if (!protocol) return false;
    header.http1_only = lower == "http1";
    header.protocol = *protocol;  // over TCP or UDP, whichever the parser runs on: transport stays `ip`
    return true;
}

tl::unexpected<TextError> wrong(const Word& word, std::string what) {
    return tl::unexpected(TextError{std::move(what), word.column});
}

}  // namespace

tl::expected<Header, TextError> parse_header(const std::array<Word, kHeaderWords>& words, const Variables& variables) {
    Header header;
    bool known_action = false;
    for (const auto& action : kActions) {
        if (action.name != words[kActionWord].text) continue;
        header.action = action.action;
        known_action = true;
    }
    if (!known_action)
        return wrong(words[kActionWord], "unknown action '" + std::string(words[kActionWord].text) +
                                             "' (alert, pass, drop, reject, rejectsrc, rejectdst, rejectboth, config)");
    if (!parse_protocol_word(words[kProtocolWord].text, header))
        return wrong(words[kProtocolWord], "unknown protocol '" + std::string(words[kProtocolWord].text) + "'");

    const std::string_view direction = words[kDirectionWord].text;
    if (direction != "->" && direction != "<>" && direction != "=>")
        return wrong(words[kDirectionWord], "direction '" + std::string(direction) + "' is neither '->' nor '<>' nor '=>'");
    header.both_ways = direction == "<>";
    header.exchange = direction == "=>";

    auto addresses = [&](HeaderWord word, AddressSet& set) -> tl::expected<void, TextError> {
        auto parsed = parse_addresses(words[word].text, variables);
        if (!parsed) return wrong(words[word], parsed.error().what);
        set = std::move(*parsed);
        return {};
    };
    auto ports = [&](HeaderWord word, PortSet& set) -> tl::expected<void, TextError> {
        auto parsed = parse_ports(words[word].text, variables);
        if (!parsed) return wrong(words[word], parsed.error().what);
        set = std::move(*parsed);
        return {};
    };
    auto done = addresses(kSourceWord, header.source)
                    .and_then([&] { return ports(kSourcePortWord, header.source_ports); })
                    .and_then([&] { return addresses(kDestinationWord, header.destination); })
                    .and_then([&] { return ports(kDestinationPortWord, header.destination_ports); });
    if (!done) return tl::unexpected(done.error());
    return header;
}

}  // namespace sekisho::signature
