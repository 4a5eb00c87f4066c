// Keywords of the smaller protocols under all their names, on conversations of the parsers' corpora.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/keyword_cases.h"
#include "support/parser_segments.h"

namespace sekisho::engine {
namespace {

using namespace testing;
using namespace std::string_view_literals;

std::vector<Octets> corpus(const std::string& name, unsigned port) {
    auto conversation = talk(port);
    conversation.open();
    for (const auto& segment : sekisho::testing::load_segments(SEKISHO_SOURCE_DIR "/tests/app/corpus/" + name)) {
        if (segment.direction == app::Direction::to_server) conversation.client(segment.bytes);
        else conversation.server(segment.bytes);
    }
    return conversation.close().frames();
}

TEST(DnsKeywords, NameOfAQuestion) {
    const auto query = PacketBuilder().ip("192.0.2.1", "192.0.2.53").udp(40000, 53)
                           .payload("\0\7\1\0\0\1\0\0\0\0\0\0\3www\7example\0\0\1\0\1"sv).build();
    expect_options("dns", {query}, {{"dns.query; content:\"www.example\"; bsize:11;", true}, {"dns_query; content:\"www.example\";", true},
                                    {"dns.query.name; content:\"example\"; endswith;", true}, {"dns_query; content:\"mail\";", false},
                                    {"dns.query.name; content:\"mail\";", false}});
}

TEST(SshKeywords, OlderNames) {
    const auto frames = talk(22).open().client("SSH-2.0-PuTTY_0.80\r\n").server("SSH-2.0-OpenSSH_9.2\r\n").frames();
    expect_options("ssh", frames, {{"flow:to_server; ssh_software; content:\"PuTTY\"; startswith;", true},
                                   {"flow:to_server; ssh_software; content:\"OpenSSH\";", false},
                                   {"flow:to_client; ssh.software; content:\"OpenSSH_9.2\"; bsize:11;", true},
                                   {"ssh_proto; content:\"2.0\"; bsize:3;", true}, {"ssh.proto; content:\"1.99\";", false}});
}

TEST(EnipKeywords, IdentityOfADevice) {
    expect_options("enip", corpus("enip/identity", 44818),
                   {{"enip.vendor_id:1;", true}, {"enip.device_type:12;", true}, {"enip.device_type:11;", false},
                    {"enip.product_code:58;", true}, {"enip.product_code:>58;", false}, {"enip.serial:5393806;", true},
                    {"enip.serial:1;", false}, {"enip.state:3;", true}, {"enip.state:!3;", false}, {"enip.protocol_version:1;", true},
                    {"enip.protocol_version:2;", false}, {"enip.identity_status:<65535;", true}, {"enip.command:list_identity;", true},
                    {"enip.command:indicate_status;", false}, {"enip.status:0;", true}, {"enip.status:7;", false}});
}

TEST(EnipKeywords, ServicesAndTheirAnswers) {
    expect_options("enip", corpus("enip/session", 44818),
                   {{"enip.cip_instance:1;", true}, {"enip.cip_instance:99;", false}, {"enip.cip_attribute:5;", true},
                    {"enip.cip_attribute:99;", false}, {"enip.cip_extendedstatus:8209;", true}, {"enip.cip_extendedstatus:1;", false},
                    {"cip_service:14,1,5;", true}, {"cip_service:14,1,99;", false}});
}

TEST(NfsAndSmbKeywords, OlderAndNewerNames) {
    expect_options("nfs", corpus("nfs/calls", 2049), {{"nfs.procedure:3;", true}, {"nfs.procedure:99;", false}, {"nfs_version:4;", true}});
}

TEST(NfsAndSmbKeywords, FilesOfNfs) {
    expect_options("nfs", corpus("nfs/files", 2049),
                   {{"file_data; content:\"%PDF-1.4 rest\";", true}, {"filename:\"plan.pdf\"; filesize:13;", true}, {"filename:\"plan.pdf\"; filesize:9;", false},
                    {"fileext:\"exe\"; flow:to_server;", true}, {"filemagic:\"PDF\"; filename:\"plan\";", true}, {"filemagic:\"PDF\"; fileext:\"exe\";", false},
                    {"nfs_procedure:7; filename:\"new.exe\"; file_data; content:\"xxxx\";", true},
                    {"nfs_procedure:6; filename:\"new.exe\";", false}, {"nfs.version:2; filename:\"plan\";", false}});
    expect_options("nfs", corpus("nfs/compounds", 2049),
                   {{"filename:\"tool.exe\"; filesize:5006; file_data; content:\"MZ\"; startswith;", true}, {"filename:\"answers.txt\"; filesize:7;", true},
                    {"nfs.version:4; file_data; content:\".end\"; endswith;", true}, {"filename:\"export\";", false}});
}

TEST(MqttKeywords, CodeOfAConnack) {
    const auto frames = talk(1883).open().client("\x10\x0e\0\4MQTT\4\2\0\x3c\0\2me"sv).server("\x20\2\1\0"sv).close().frames();
    expect_options("mqtt", frames, {{"mqtt.connack.return_code:0;", true}, {"mqtt.connack.return_code:5;", false},
                                    {"mqtt.connack.session_present:yes;", true}, {"mqtt.connack.session_present:no;", false}});
}

TEST(LdapKeywords, RequestsAndTheirResponses) {
    expect_options("ldap", corpus("ldap/directory", 389),
                   {{"ldap.request.operation:bind_request;", true}, {"ldap.request.operation:0;", true}, {"ldap.request.operation:extended_request;", false},
                    {"ldap.request.operation:!0;", true}, {"ldap.request.operation:>16;", false}, {"ldap.request.operation:unbind_request;", true},
                    {"ldap.request.operation:search_request; ldap.request.dn; content:\"ou=People\"; startswith;", true},
                    {"ldap.request.operation:bind_request; ldap.request.dn; content:\"ou=People\";", false},
                    {"ldap.request.attribute_type; content:\"userPassword\"; bsize:12;", true}, {"ldap.request.attribute_type; content:\"uid\";", false},
                    {"ldap.request.operation:add_request; ldap.request.attribute_type; content:\"objectClass\";", true},
                    {"ldap.responses.attribute_type; content:\"mail\";", true}, {"ldap.responses.attribute_type; content:\"uid\";", false},
                    {"ldap.responses.dn; content:\"uid=b,\"; startswith;", true}, {"ldap.responses.message; content:\"no such object\"; bsize:14;", true},
                    {"ldap.request.operation:del_request; ldap.responses.result_code:no_such_object;", true},
                    {"ldap.request.operation:add_request; ldap.responses.result_code:no_such_object;", false}});
}

TEST(LdapKeywords, PlacesAndNumbersOfResponses) {
    expect_options("ldap", corpus("ldap/directory", 389),
                   {{"ldap.responses.operation:search_result_entry,0;", true}, {"ldap.responses.operation:search_result_entry,1;", true},
                    {"ldap.responses.operation:search_result_entry,2;", false}, {"ldap.responses.operation:search_result_reference,any;", true},
                    {"ldap.responses.operation:search_result_done,-1;", true}, {"ldap.responses.operation:search_result_entry,-1;", false},
                    {"ldap.responses.operation:search_result_entry,-4;", true}, {"ldap.responses.operation:<255,-5;", false},
                    {"ldap.responses.operation:search_result_entry,all;", false}, {"ldap.responses.operation:modify_response,all;", true},
                    {"ldap.responses.operation:search_result_done,all;", false}, {"ldap.responses.operation:3<>20,all;", true},
                    {"ldap.responses.result_code:insufficient_access_rights;", true}, {"ldap.responses.result_code:50,0;", true},
                    {"ldap.responses.result_code:50,-1;", true}, {"ldap.responses.result_code:50,-2;", false}, {"ldap.responses.result_code:50,1;", false},
                    {"ldap.responses.result_code:success,3;", true}, {"ldap.responses.result_code:busy;", false},
                    {"ldap.responses.result_code:compare_true,all;", true}, {"ldap.responses.count:4;", true}, {"ldap.responses.count:3;", false},
                    {"ldap.responses.count:0;", true}, {"ldap.responses.count:>4;", false}, {"ldap.responses.count:<2;", true}});
    expect_options("ldap", corpus("ldap/many", 389),
                   {{"ldap.responses.operation:search_result_done;", true}, {"ldap.responses.operation:intermediate_response;", true},
                    {"ldap.responses.operation:intermediate_response,-2;", true}, {"ldap.responses.result_code:size_limit_exceeded;", true},
                    {"ldap.responses.count:42;", true}, {"ldap.responses.operation:search_result_entry,15;", true}});
}

TEST(LdapKeywords, EventsAndFrames) {
    expect_options("ldap", corpus("ldap/unasked", 389), {{"app-layer-event:ldap.request_not_found;", true}, {"app-layer-event:ldap.invalid_data;", false},
                                                         {"frame:pdu; content:\"shutting down\";", true}});
    expect_options("tcp", corpus("ldap/sasl", 389), {{"app-layer-event:ldap.invalid_data;", false}, {"app-layer-protocol:ldap;", true}});
    expect_options("ldap", corpus("ldap/malformed", 389), {{"app-layer-event:ldap.invalid_data;", true}});
    expect_options("tcp", corpus("ldap/starttls", 389), {{"app-layer-protocol:tls;", true}});
}

TEST(DohKeywords, OneTransactionIsDnsAndHttp) {
    const std::string both = "dns.query; content:\"www.tunnel.example\"; bsize:18; http.host; content:\"dns.example\";";
    const std::string query = "dns.query; content:\"www.tunnel.example\";", host = "http.request_header; content:\"authority|3a 20|dns.example\";";
    const auto frames = corpus("http2/doh", 80);
    expect_options("doh2", frames, {{query, true}, {host, true}, {both, true}, {"dns.query; content:\"post.tunnel\"; startswith;", true},
                                    {"http.uri; content:\"/nothing\";", false}, {"dns.rrtype:txt;", true}});
    expect_options("dns", frames, {{query, true}, {"dns.answers.rrname; content:\"tunnel\";", true}, {"dns.query; content:\"plain\";", false}});
    expect_options("http2", frames, {{host, true}, {"http.uri; content:\"/plain\";", true}});
    expect_options("http", frames, {{host, true}});
    expect_options("http1", frames, {{host, false}});
    expect_options("tcp", frames, {{"app-layer-protocol:doh2;", true}, {query, true}});
    expect_options("doh2", corpus("http2/get", 80), {{"http.uri; content:\"/\";", false}});
}

TEST(FileKeywords, SizeNameAndKind) {
    const auto frames = talk(80).open().client("GET /x/report.pdf HTTP/1.1\r\nHost: h\r\n\r\n")
                            .server("HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\n%PDF-1.4\n%abcd").frames();
    expect_options("http", frames, {{"filesize:14;", true}, {"filesize:>14;", false}, {"filesize:10<>20;", true},
                                    {"fileext:\"pdf\";", true}, {"fileext:\"exe\";", false}, {"filename:\"report\";", true},
                                    {"filename:\"other\";", false}, {"filemagic:\"PDF\";", true}, {"filemagic:\"executable\";", false}});
}

}  // namespace
}  // namespace sekisho::engine
