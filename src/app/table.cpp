// The parser table: one line per protocol, asked in this order. Parsed protocols first, then the ones that
// are only recognised.
#include "app/dcerpc/dcerpc.h"
#include "app/dhcp/dhcp.h"
#include "app/dnp3/dnp3.h"
#include "app/dns/dns.h"
#include "app/enip/enip.h"
#include "app/ftp/ftp.h"
#include "app/http/http.h"
#include "app/http2/http2.h"
#include "app/ike/ike.h"
#include "app/imap/imap.h"
#include "app/krb5/krb5.h"
#include "app/ldap/ldap.h"
#include "app/modbus/modbus.h"
#include "app/mqtt/mqtt.h"
#include "app/ntp/ntp.h"
#include "app/pgsql/pgsql.h"
#include "app/pop3/pop3.h"
#include "app/quic/quic.h"
#include "app/rdp/rdp.h"
#include "app/recognise/recognise.h"
#include "app/rfb/rfb.h"
#include "app/rpc/nfs.h"
#include "app/sip/sip.h"
#include "app/smb/smb.h"
#include "app/smtp/smtp.h"
#include "app/snmp/snmp.h"
#include "app/ssh/ssh.h"
#include "app/telnet/telnet.h"
#include "app/tftp/tftp.h"
#include "app/tls/tls.h"
#include "app/websocket/websocket.h"
#include "sekisho/app/parser.h"

namespace sekisho::app {
namespace {

constinit const Parser* const kParsers[] = {
    &kHttp2,  // its preface looks like a request line
    &kHttp,
    &kTls,
    &kSsh,
    &kSmtp,
    &kFtp,
    &kFtpData,
    &kPop3,
    &kImap,
    &kTftp,
    &kQuic,
    &kIke,
    &kDnsTcp,
    &kDnsUdp,
    &kMdns,
    &kLlmnr,
    &kRfb,
    &kSipUdp,
    &kSipTcp,
    &kMqtt,
    &kModbus,
    &kDnp3Tcp,
    &kDnp3Udp,
    &kEnipTcp,
    &kEnipUdp,
    &kPgsql,
    &kSnmp,
    &kDhcp,
    &kNtp,
    &kSmb,
    &kDcerpcTcp,
    &kDcerpcUdp,
    &kKrb5Tcp,
    &kKrb5Udp,
    &kLdapTcp,
    &kLdapUdp,
    &kNfsTcp,
    &kNfsUdp,
    &kRdp,
    &kTelnet,
    &kWebSocket,
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
