// Rules on SMB, DCERPC, Kerberos, NFS and RDP, from the wire to the alert. The conversations are the corpora of the
// parsers.
#include <gmock/gmock.h>

#include "pipeline_rig.h"
#include "support/parser_segments.h"

namespace sekisho::engine {
namespace {

using namespace testing;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

/// The rules' sids in the order of their alerts. @param cut  octets of a TCP segment
std::vector<std::uint32_t> sids_of(std::string_view corpus, unsigned port, const std::string& rules, std::size_t cut = 1400) {
    TcpTalk talk("192.0.2.1", 40000, "192.0.2.2", port);
    talk.open();
    for (const auto& segment :
         sekisho::testing::load_segments(std::string(SEKISHO_SOURCE_DIR "/tests/app/corpus/") + std::string(corpus)))
        segment.direction == app::Direction::to_server ? talk.client(segment.bytes, cut) : talk.server(segment.bytes, cut);
    talk.close();
    Rig rig(rules);
    rig.feed(talk.frames());
    rig.finish();
    return rig.sids();
}

constexpr std::string_view kSvcctl = "dcerpc.iface:367abb81-9844-35f1-ad32-98f038001003";
std::string svcctl(std::string_view more) { return std::string(kSvcctl) + std::string(more) + "; flow:to_server;"; }

TEST(WindowsRules, InterfaceVersionAndOperation) {
    const std::string rules = alert_rule("dcerpc", svcctl(""), 1) + alert_rule("dcerpc", svcctl(",=2"), 2) + alert_rule("dcerpc", svcctl(",>2"), 3) +
                              alert_rule("dcerpc", svcctl(",<3,any_frag"), 4) + alert_rule("tcp", svcctl("") + " dce_opnum:10-15;", 5) +
                              alert_rule("tcp", svcctl("") + " dce_opnum:!15;", 6) + alert_rule("dcerpc", svcctl(",!2"), 7) +
                              alert_rule("dcerpc", "dcerpc.iface:e1af8308-5d1f-11c9-91a4-08002b14a0fa;", 8);
    EXPECT_THAT(sids_of("dcerpc/big_endian", 135, rules), UnorderedElementsAre(1u, 2u, 4u, 5u));
    EXPECT_THAT(sids_of("dcerpc/big_endian", 135, rules, 3), UnorderedElementsAre(1u, 2u, 4u, 5u));
}

TEST(WindowsRules, ARuleWithoutADirectionHitsCallAndAnswer) {
    EXPECT_THAT(sids_of("dcerpc/big_endian", 135, alert_rule("dcerpc", std::string(kSvcctl) + ";", 1)), ElementsAre(1u, 1u));
}

TEST(WindowsRules, StubDataAcrossFragments) {
    const std::string rules = alert_rule("dcerpc", "flow:to_server; dce_stub_data; content:\"first second last\"; bsize:17;", 1) +
                              alert_rule("dcerpc", "flow:to_server; dce_stub_data; content:!\"third\";", 2) +
                              alert_rule("dcerpc", "flow:to_client; dce_stub_data; content:\"AB\";", 3) +
                              alert_rule("dcerpc", "flow:to_server; dce_stub_data; content:\"AB\";", 4);
    // Over TCP an answer's stub data begins with its head: the second fragment's stands between A and B.
    EXPECT_THAT(sids_of("dcerpc/fragments", 135, rules), UnorderedElementsAre(1u, 2u));
}

TEST(WindowsRules, NumbersInStubDataHaveTheSendersOrder) {
    const std::string big = "flow:to_server; dce_stub_data; byte_test:4,=,258,0,dce;";
    const std::string little = "flow:to_server; dce_stub_data; content:\"op\"; byte_test:2,=,28261,0,relative,dce;";
    EXPECT_THAT(sids_of("dcerpc/big_endian", 135, alert_rule("dcerpc", big, 1)), ElementsAre(1u));
    EXPECT_THAT(sids_of("smb/smb1_pipe", 139, alert_rule("smb", little, 1)), ElementsAre(1u)) << "\"open\": 0x6e65";
}

TEST(WindowsRules, CallsInPipesAreCallsOfBothProtocols) {
    const std::string rules = alert_rule("smb", svcctl("") + " dcerpc.opnum:12; dcerpc.stub_data; content:\"create service\";", 1) +
                              alert_rule("dcerpc", svcctl("") + " dcerpc.opnum:12;", 2) + alert_rule("tcp", svcctl("") + " dce_opnum:15;", 3) +
                              alert_rule("smb", "smb.named_pipe; content:\"IPC$\"; endswith;", 4) +
                              alert_rule("http", "http.uri; content:\"IPC$\";", 5);
    for (const std::size_t cut : {1400, 1, 7}) {
        EXPECT_THAT(sids_of("smb/smb2_pipe", 445, rules, cut), UnorderedElementsAre(1u, 2u, 3u, 4u)) << cut;
    }
}

TEST(WindowsRules, FilesOnShares) {
    const std::string rules = alert_rule("smb", "file_data; content:\"%PDF-1.7\"; startswith;", 1) +
                              alert_rule("tcp", "file_data; content:\"bbbccc\"; flow:to_client;", 2) +
                              alert_rule("smb", "file.name; content:\"flange.pdf\"; endswith;", 3) +
                              alert_rule("smb", "smb.ntlmssp_user; content:\"hanako\"; smb.ntlmssp_domain; content:\"FACTORY\";", 4) +
                              alert_rule("smb", "smb_share; content:\"drawings\";", 5) + alert_rule("smb", "file_data; content:\"absent\";", 6);
    for (const std::size_t cut : {1400, 1}) {
        const auto sids = sids_of("smb/smb2_file", 445, rules, cut);
        for (const std::uint32_t sid : {1u, 2u, 3u, 4u, 5u}) EXPECT_THAT(sids, Contains(sid)) << cut;
        EXPECT_THAT(sids, Not(Contains(6u)));
    }
}

TEST(WindowsRules, EventsOfSmb) {
    const std::string rules = alert_rule("smb", "app-layer-event:smb.file_overlap; flow:to_server;", 1) +
                              alert_rule("smb", "app-layer-event:smb.malformed_data;", 2);
    EXPECT_THAT(sids_of("smb/smb2_overlap", 445, rules), ElementsAre(1u));
    EXPECT_THAT(sids_of("smb/junk", 445, rules), Contains(2u));
}

TEST(WindowsRules, Kerberos) {
    const std::string rules = alert_rule("krb5", "krb5_msg_type:10;", 1) + alert_rule("krb5", "krb5_err_code:25;", 2) +
                              alert_rule("krb5", "krb5.ticket_encryption:weak;", 3) + alert_rule("krb5", "krb5.ticket_encryption:aes256-cts-hmac-sha1-96;", 4) +
                              alert_rule("krb5", "krb5_sname; content:\"cifs\"; krb5_msg_type:TGS_REP;", 5) +
                              alert_rule("krb5", "app-layer-event:krb5.weak_encryption;", 6) + alert_rule("krb5", "krb5.ticket_encryption:!weak,18;", 7);
    EXPECT_THAT(sids_of("krb5/exchange", 88, rules), UnorderedElementsAre(1u, 1u, 2u, 3u, 4u, 5u, 6u));
}

TEST(WindowsRules, NfsAndRpc) {
    const std::string rules = alert_rule("nfs", "nfs_procedure:3;", 1) + alert_rule("nfs", "nfs.version:4; nfs_procedure:15;", 2) +
                              alert_rule("nfs", "nfs_procedure:13<>15;", 3) + alert_rule("tcp", "rpc:100003,3,14;", 4) +
                              alert_rule("tcp", "rpc:100003,*,*;", 5) + alert_rule("tcp", "rpc:100000,*,*;", 6);
    const auto sids = sids_of("nfs/calls", 2049, rules);
    for (const std::uint32_t sid : {1u, 2u, 3u, 4u, 5u}) EXPECT_THAT(sids, Contains(sid));
    EXPECT_EQ(std::count(sids.begin(), sids.end(), 3u), 2) << "the rename of version 3, the look-up of version 4";
    EXPECT_THAT(sids, Not(Contains(6u)));
}

TEST(WindowsRules, RdpCookie) {
    EXPECT_THAT(sids_of("rdp/tls", 3389, alert_rule("rdp", "rdp.cookie; content:\"hanako\";", 1)), ElementsAre(1u));
}

TEST(WindowsRules, RecordsSayWhatWasDone) {
    TcpTalk talk("192.0.2.1", 40000, "192.0.2.2", 445);
    talk.open();
    for (const auto& segment : sekisho::testing::load_segments(SEKISHO_SOURCE_DIR "/tests/app/corpus/smb/smb2_pipe"))
        segment.direction == app::Direction::to_server ? talk.client(segment.bytes) : talk.server(segment.bytes);
    Rig rig("");
    rig.feed(talk.close().frames());
    rig.finish();
    std::string all;
    for (const auto* told : rig.events(event::Kind::app)) {
        EXPECT_EQ(told->get(event::Text::app), "smb");
        all += std::string(told->get(event::Text::extra)) + "\n";
    }
    EXPECT_THAT(all, HasSubstr("command=SMB2_COMMAND_TREE_CONNECT"));
    EXPECT_THAT(all, HasSubstr("ntlmssp_user=hanako"));
    EXPECT_THAT(all, HasSubstr("interface=367abb81-9844-35f1-ad32-98f038001003"));
    EXPECT_THAT(all, HasSubstr("opnum:15"));
}

}  // namespace
}  // namespace sekisho::engine
