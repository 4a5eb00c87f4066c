#include "sekisho/app/parser_selection.h"

namespace sekisho::app {
namespace {

bool shares(Transport a, Transport b) noexcept { return (static_cast<unsigned>(a) & static_cast<unsigned>(b)) != 0; }

constexpr Transport kTransports[] = {Transport::tcp, Transport::udp};

}  // namespace

std::optional<Protocol> followed_protocol(std::string_view name) noexcept {
    const auto protocol = parse_protocol(name);
    if (!protocol || find_parser(*protocol, Transport::both) == nullptr) return std::nullopt;
    return protocol;
}

ParserSelection::ParserSelection() {
    for (const Transport transport : kTransports) list(transport);
}

void ParserSelection::follow(Protocol protocol, Transport transport, Following following) {
    for (const Transport one : kTransports) {
        if (!shares(one, transport)) continue;
        following_[index(one)][static_cast<std::size_t>(protocol)] = following;
        list(one);
    }
}

void ParserSelection::list(Transport transport) {
    std::vector<const Parser*>& asked = asked_[index(transport)];
    asked.clear();
    const ParserTable& table = parser_table();
    for (const Parser* parser : std::span(table.parsers, table.count))
        if (shares(parser->transport, transport) && at(parser->protocol, transport) != Following::off) asked.push_back(parser);
}

const Parser* ParserSelection::find(Protocol protocol, Transport transport) const noexcept {
    return at(protocol, transport) == Following::off ? nullptr : find_parser(protocol, transport);
}

}  // namespace sekisho::app
