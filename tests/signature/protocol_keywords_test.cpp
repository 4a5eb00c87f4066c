// Keywords of the smaller protocols: what they take, what they refuse.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "signature/language_support.h"

namespace sekisho::signature::testing {
namespace {

struct ProtocolCase {
    const char* protocol;
    const char* options;
    const char* error = "";  ///< part of the message; empty: the rule is right
};

constexpr ProtocolCase kProtocolCases[] = {
    {"dns", "dns.rrtype:aaaa;"}, {"dns", "dns.rcode:!nxdomain;"}, {"dns", "dns.rrtype:nonsense;", "number"},
    {"dns", "dns.queries.rrname; content:\"a\";"}, {"mdns", "mdns.queries.rrname; content:\"a\";"},
    {"llmnr", "llmnr.response.rrname; content:\"a\";"}, {"dns", "mdns.queries.rrname; content:\"a\";", "about dns"},
    {"snmp", "snmp.version:<3;"}, {"snmp", "snmp.pdu_type:get_next_request;"}, {"snmp", "snmp.pdu_type:!report;"},
    {"snmp", "snmp.pdu_type:push;", "number"}, {"dns", "snmp.version:1;", "about dns"},
    {"snmp", "snmp.usm; content:\"admin\"; snmp.community; content:\"public\";"},
    {"dhcp", "dhcp.leasetime:<7200; dhcp.rebinding_time:>3000; dhcp.renewal_time:1000<>2000;"},
    {"rfb", "rfb.sectype:>3; rfb.secresult:ok;"}, {"rfb", "rfb.secresult:perhaps;", "number"},
    {"mqtt", "mqtt.type:CONNECT; mqtt.protocol_version:5; mqtt.connect.flags:username,!will;"},
    {"mqtt", "mqtt.type:HELLO;", "neither a known name"}, {"mqtt", "mqtt.flags:!retain,dup; mqtt.qos:2;"},
    {"mqtt", "mqtt.flags:loud;", "unknown flag"}, {"mqtt", "mqtt.qos:3;", "number"},
    {"mqtt", "mqtt.connack.session_present:no; mqtt.reason_code:>127;"}, {"mqtt", "mqtt.connack.session_present:maybe;", "yes or no"},
    {"mqtt", "mqtt.subscribe.topic; content:\"a\"; mqtt.type:SUBACK;"},
    {"modbus", "modbus:function 21;"}, {"modbus", "modbus:unit 10, function 8, subfunction 4;"}, {"modbus", "modbus:function !reserved;"},
    {"modbus", "modbus:access write holding, address 100, value >2000;"}, {"modbus", "modbus:unit 1<>20, access read coils;"},
    {"modbus", "modbus:access write input;", "cannot be written"}, {"modbus", "modbus:access look;", "read or write"},
    {"modbus", "modbus:function many;", "neither a function code"}, {"modbus", "modbus:weather 3;", "none of unit"},
    {"dnp3", "dnp3_func:unsolicited_response; dnp3_ind:device_restart,need_time; dnp3_obj:12,1;"},
    {"dnp3", "dnp3_func:dance;", "neither a known name"}, {"dnp3", "dnp3_obj:12;", "group,variation"},
    {"dnp3", "dnp3_data; content:\"|02 01|\";"}, {"dnp3", "dnp3.data; content:\"|02 01|\";"},
    {"enip", "enip_command:99;"}, {"enip", "enip_command:list_identity;"}, {"enip", "cip_service:14,1,5;"},
    {"enip", "cip_service:1,2,3,4;", "service[,class"}, {"enip", "enip.cip_class:1; enip.cip_status:0; enip.revision:0x403;"},
    {"enip", "enip.vendor_id:few;", "number"}, {"sip", "sip.method; content:\"INVITE\"; sdp.media.media; content:\"audio\";"},
    {"pgsql", "pgsql.query; content:\"select\";"}, {"modbus", "app-layer-event:modbus.flooded;"},
    {"tcp", "ndpi-protocol:BitTorrent; ndpi-risk:!NDPI_TLS_WEAK_CIPHER,tls_obsolete_version;"}, {"tcp", "ndpi-protocol:TLS.TeamViewer;"},
    {"tcp", "ndpi-protocol:TLS.;", "dot between"}, {"tcp", "ndpi-risk:NDPI_BAD_LUCK;", "no flow risk"},
    {"dcerpc", "dcerpc.iface:367abb81-9844-35f1-ad32-98f038001003;"},
    {"tcp", "dce_iface:367abb81-9844-35f1-ad32-98f038001003,>1,any_frag; dce_opnum:1,3-5; dce_stub_data; content:\"a\";"},
    {"smb", "dcerpc.iface:367abb81-9844-35f1-ad32-98f038001003,any_frag; dcerpc.opnum:!12;"},
    {"http", "dcerpc.opnum:1;", "about http"}, {"dcerpc", "dcerpc.iface:svcctl;", "not a UUID"},
    {"dcerpc", "dcerpc.iface:367abb81-9844-35f1-ad32-98f038001003,=1,=2;", "one version"},
    {"dcerpc", "dcerpc.opnum:5-3;", "backwards"}, {"dcerpc", "dcerpc.opnum:many;", "number"}, {"dcerpc", "dcerpc.opnum:<0;", "no operation"},
    {"smb", "smb.share; content:\"a\"; smb.ntlmssp_user; content:\"b\"; smb.ntlmssp_domain; content:\"c\";"},
    {"smb", "smb_named_pipe; content:\"IPC\"; smb.version:1;"}, {"smb", "app-layer-event:smb.file_overlap;"},
    {"krb5", "krb5_msg_type:10; krb5_cname; content:\"a\"; krb5_sname; content:\"b\";"}, {"krb5", "krb5_msg_type:!AS_REQ;"},
    {"krb5", "krb5_err_code:>5;"}, {"krb5", "krb5.ticket_encryption:weak;"}, {"krb5", "krb5.ticket_encryption:!rc4-hmac,23;"},
    {"krb5", "krb5.ticket_encryption:rot13;", "neither weak"}, {"krb5", "app-layer-event:krb5.weak_encryption;"},
    {"nfs", "nfs_version:2<>4; nfs_procedure:!7;"}, {"nfs", "nfs.version:all;", "number"},
    {"udp", "rpc:100000,*,3;"}, {"udp", "rpc:100000,2;"}, {"udp", "rpc:all;", "number"}, {"udp", "rpc:1,2,3,4;", "program,version,procedure"},
    {"rdp", "rdp.cookie; content:\"a\";"},
    {"http2", "http2.frametype:GOAWAY; http2.settings:SETTINGS_HEADER_TABLE_SIZE>1000; http2.window:34634;"},
    {"http2", "http2.errorcode:!NO_ERROR; http2.priority:>250; http2.size_update:>4096;"},
    {"http2", "http2.frametype:SONG;", "neither a known name"}, {"http2", "http2.settings:SETTINGS_COLOUR;", "neither a known name"},
    {"http2", "http2.header; content:\"agent: x\"; http2.header_name; content:\"x\"; http.uri; content:\"/\";"},
    {"ike", "ike.init_spi; content:\"e47a\"; ike.exchtype:2; ike.nonce_payload_length:<200; ike.key_exchange_payload_length:>100;"},
    {"ike", "ike.chosen_sa_attribute:alg_enc=7;"}, {"ike", "ike.chosen_sa_attribute:alg_enc;", "name=value"},
    {"ike", "ike.chosen_sa_attribute:shade=7;", "neither a known name"},
    {"quic", "quic.sni; content:\"a\"; quic.version; content:\"Q046\"; quic.cyu.hash; content:\"0\"; ja3.hash; content:\"0\";"},
    {"ssh", "ssh.hassh; content:\"0\";"}, {"ssh", "ssh.hassh.server.string; content:\"zlib\";"},
    {"tls", "ssl_state:client_hello|server_hello;"}, {"tls", "ssl_state:!client_keyx;"}, {"tls", "ssl_state:tired;", "is not client_hello"},
    {"tls", "ssl_version:tls1.0,tls1.2;"}, {"tls", "ssl_version:!sslv3;"}, {"tls", "ssl_version:tls1.0,!tls1.2;", "do not mix"},
    {"tls", "tls.cert_chain_len:>3; tls.subjectaltname; content:\"a\";"}, {"tls", "ja4.hash; content:\"t13\";"},
    {"ldap", "ldap.request.operation:search_request; ldap.request.dn; content:\"dc=\"; ldap.request.attribute_type; content:\"mail\";"},
    {"ldap", "ldap.request.operation:3;"}, {"ldap", "ldap.request.operation:!bind_request;"}, {"ldap", "ldap.request.operation:dance;", "number"},
    {"tcp", "ldap.responses.operation:extended_response;"}, {"udp", "ldap.responses.operation:4,all;"}, {"ldap", "ldap.responses.operation:>4,any;"},
    {"ldap", "ldap.responses.operation:search_result_done,-1; ldap.responses.result_code:success,0;"}, {"ldap", "ldap.responses.operation:4,-8;"},
    {"ldap", "ldap.responses.operation:4,-9;", "counted from the end"}, {"ldap", "ldap.responses.operation:4,16;", "a place from 0 to 15"},
    {"ldap", "ldap.responses.operation:4,first;", "is not any, all"}, {"ldap", "ldap.responses.result_code:unwell;", "number"},
    {"ldap", "ldap.responses.result_code:16654,all; ldap.responses.count:>=2;"}, {"ldap", "ldap.responses.count:few;", "number"},
    {"ldap", "ldap.responses.dn; content:\"dc\"; ldap.responses.message; content:\"x\"; ldap.responses.attribute_type; content:\"cn\";"},
    {"ldap", "ldap.request.colour;", "LDAP field"}, {"http", "ldap.responses.count:1;", "about http"}, {"ldap", "frame:pdu; content:\"0\"; startswith;"},
    {"ldap", "app-layer-event:ldap.too_many_transactions;"}, {"ldap", "app-layer-event:ldap.incomplete_data;"},
    {"doh2", "dns.query; content:\"a\"; http.host; content:\"b\"; http2.header; content:\"c\"; dns.rcode:0;"}, {"doh2", "tls.sni; content:\"a\";", "about doh2"},
    {"doh2", "app-layer-event:http2.dns_request_too_long;"},
    {"sip", "sdp.media.session_info; content:\"a\";"},
    {"dnp3", "app-layer-event:dnp3.bad_link_crc;"}, {"mqtt", "app-layer-event:mqtt.nonsense;", "unknown event"},
};

TEST(ProtocolKeywords, AreParsedOrRefused) {
    for (const ProtocolCase& c : kProtocolCases) {
        const std::string header = std::string(c.protocol) + " any any -> any any";
        const auto message = error_of(c.options, header.c_str());
        if (*c.error == '\0') EXPECT_EQ(message, "") << c.options;
        else EXPECT_THAT(message, ::testing::HasSubstr(c.error)) << c.options;
    }
}

}  // namespace
}  // namespace sekisho::signature::testing
