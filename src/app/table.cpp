// The parser table: one line per protocol, asked in this order. Parsed protocols first, then the ones that
// are only recognised.
#include "app/dns/dns.h"
#include "app/http/http.h"
#include "app/recognise/recognise.h"
#include "app/ssh/ssh.h"
#include "app/tls/tls.h"
#include "sekisho/app/parser.h"

namespace sekisho::app {
namespace {

constinit const Parser* const kParsers[] = {
    &kHttp,
    &kTls,
    &kSsh,
    &kDnsTcp,
    &kDnsUdp,
#define SEKISHO_RECOGNISED_LINE(id, ...) &kRecognised_##id,
    SEKISHO_RECOGNISED(SEKISHO_RECOGNISED_LINE)
#undef SEKISHO_RECOGNISED_LINE
};

}  // namespace

const ParserTable& parser_table() noexcept {
    static constinit const ParserTable table{kParsers, std::size(kParsers)};
    return table;
}

const Parser* find_parser(Protocol protocol, Transport transport) noexcept {
    for (const Parser* parser : kParsers) {
        const auto speaks = static_cast<unsigned>(parser->transport) & static_cast<unsigned>(transport);
        if (parser->protocol == protocol && speaks != 0) return parser;
    }
    return nullptr;
}

}  // namespace sekisho::app
