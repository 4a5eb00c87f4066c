// SMB 1 to 3: names, files, pipes with remote procedure calls, chains, encryption, gaps.
#include "app/smb/smb.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/corpus.h"
#include "sekisho/app/limits.h"

namespace sekisho::app {
namespace {

using sekisho::testing::RecordedTx;
using sekisho::testing::RecordingSink;

/// First value of a field in any transaction.
std::string value(const RecordingSink& sink, Field field) {
    for (const auto& tx : sink.transactions)
        if (const auto found = tx.fields.find(field); found != tx.fields.end()) return found->second.front();
    return {};
}

const RecordedTx* with_name(const RecordingSink& sink, std::string_view name) {
    for (const auto& tx : sink.transactions)
        if (const auto found = tx.fields.find(Field::file_name); found != tx.fields.end() && found->second.front() == name)
            return &tx;
    return nullptr;
}

std::string content(const RecordedTx& tx, Direction direction) {
    const auto found = tx.bodies.find({direction, Field::file_data});
    return found == tx.bodies.end() ? "" : found->second.front();
}

bool tells(const RecordingSink& sink, std::string_view detail) {
    for (const auto& tx : sink.transactions)
        if (const auto found = tx.fields.find(Field::detail); found != tx.fields.end())
            for (const auto& line : found->second)
                if (line == detail) return true;
    return false;
}

bool has_event(const RecordingSink& sink, AppEvent event) {
    for (std::size_t i = 0; i < sink.transactions.size(); ++i)
        if (sink.has_event(i, event)) return true;
    return false;
}

std::vector<std::uint64_t> opnums(const RecordingSink& sink) {
    std::vector<std::uint64_t> found;
    for (const auto& tx : sink.transactions)
        if (const auto fact = tx.facts.find(Fact::dcerpc_opnum); fact != tx.facts.end()) found.push_back(fact->second);
    return found;
}

TEST(Smb2, SessionAndShare) {
    const auto sink = run_to_end(kSmb, "smb/smb2_file");
    EXPECT_EQ(value(sink, Field::smb_ntlmssp_user), "hanako");
    EXPECT_EQ(value(sink, Field::smb_ntlmssp_domain), "FACTORY");
    EXPECT_EQ(value(sink, Field::smb_share), "\\\\files\\drawings");
    EXPECT_EQ(value(sink, Field::smb_named_pipe), "");
    for (const std::string_view detail :
         {"dialect=3.11", "ntlmssp_host=PC-12", "ntlmssp_version=10.0 build 19041 rev 15", "server_name=FILES",
          "status=STATUS_MORE_PROCESSING_REQUIRED", "filename=parts\\flange.pdf"})
        EXPECT_TRUE(tells(sink, detail)) << detail;
}

TEST(Smb2, FilesAreTransactionsOfTheirOwn) {
    const auto sink = run_to_end(kSmb, "smb/smb2_file");
    const auto* written = with_name(sink, "parts\\flange.pdf");
    ASSERT_NE(written, nullptr);
    EXPECT_EQ(content(*written, Direction::to_server).size(), 1080u);
    EXPECT_TRUE(content(*written, Direction::to_server).starts_with("%PDF-1.7"));
    const auto* read = with_name(sink, "parts\\bolt.txt");
    ASSERT_NE(read, nullptr);
    EXPECT_EQ(content(*read, Direction::to_client), std::string(300, 'b') + std::string(300, 'c'));
}

TEST(Smb2, ChainedCommandsShareTheFile) {
    const auto sink = run_to_end(kSmb, "smb/smb2_compound");
    const auto* file = with_name(sink, "note.txt");
    ASSERT_NE(file, nullptr);
    EXPECT_EQ(content(*file, Direction::to_server), "written in one go");
}

TEST(Smb2, PipesCarryRemoteProcedureCalls) {
    const auto sink = run_to_end(kSmb, "smb/smb2_pipe");
    EXPECT_EQ(value(sink, Field::smb_named_pipe), "\\\\files\\IPC$");
    EXPECT_THAT(opnums(sink), ::testing::ElementsAre(15u, 12u));
    EXPECT_EQ(value(sink, Field::dcerpc_stub_data), "open the service managerhandle") << "of call and answer";
    EXPECT_FALSE(value(sink, Field::dcerpc_iface).empty());
    EXPECT_EQ(with_name(sink, "svcctl"), nullptr) << "a pipe is no file";
}

TEST(Smb2, AHandleOpenedBeforeWeLookedIsAPipeWhenItSpeaksRpc) {
    EXPECT_THAT(opnums(run_to_end(kSmb, "smb/midstream_pipe")), ::testing::ElementsAre(12u));
}

TEST(Smb2, WritingOverWhatWasWrittenIsAnEvent) {
    const auto sink = run_to_end(kSmb, "smb/smb2_overlap");
    EXPECT_TRUE(has_event(sink, AppEvent::smb_file_overlap));
    const auto* file = with_name(sink, "a.bin");
    ASSERT_NE(file, nullptr);
    EXPECT_EQ(file->bodies.at({Direction::to_server, Field::file_data}), (std::vector<std::string>{"abcdef", "XYZ", "far"}));
}

TEST(Smb2, KerberosTicketsAreRecognised) {
    const auto sink = run_to_end(kSmb, "smb/kerberos");
    EXPECT_TRUE(tells(sink, "realm=EXAMPLE.TEST"));
    EXPECT_TRUE(tells(sink, "sname=cifs/files"));
}

TEST(Smb3, EncryptionIsToldOnce) {
    const auto sink = run_to_end(kSmb, "smb/smb3_encrypted");
    EXPECT_EQ(sink.transactions.size(), 2u);
    EXPECT_TRUE(tells(sink, "command=SMB3_ENCRYPTED"));
}

TEST(Smb1, NamesAndFiles) {
    const auto sink = run_to_end(kSmb, "smb/smb1_file");
    EXPECT_EQ(value(sink, Field::smb_ntlmssp_user), "jiro");
    EXPECT_EQ(value(sink, Field::smb_share), "\\\\OLD\\DATA");
    const auto* file = with_name(sink, "\\tool.exe");
    ASSERT_NE(file, nullptr);
    EXPECT_EQ(content(*file, Direction::to_server), "MZ written over SMB 1");
    EXPECT_EQ(content(*file, Direction::to_client), "MZ read over SMB 1");
}

TEST(Smb1, PipesCarryRemoteProcedureCalls) {
    const auto sink = run_to_end(kSmb, "smb/smb1_pipe");
    EXPECT_EQ(value(sink, Field::smb_named_pipe), "\\\\OLD\\IPC$");
    EXPECT_TRUE(tells(sink, "user=taro"));
    EXPECT_THAT(opnums(sink), ::testing::ElementsAre(27u));
}

TEST(Smb1, AChainOpensAndWrites) {
    const auto sink = run_to_end(kSmb, "smb/smb1_chain");
    const auto* file = with_name(sink, "\\chain.txt");
    ASSERT_NE(file, nullptr);
    EXPECT_EQ(content(*file, Direction::to_server), "chained write!");
}

TEST(Smb, OddMessagesAreEvents) {
    EXPECT_TRUE(has_event(run_to_end(kSmb, "smb/wrong_way"), AppEvent::smb_response_to_server));
    EXPECT_TRUE(has_event(run_to_end(kSmb, "smb/wrong_way"), AppEvent::smb_request_to_client));
    EXPECT_TRUE(has_event(run_to_end(kSmb, "smb/junk"), AppEvent::smb_malformed_data));
    EXPECT_TRUE(has_event(run_to_end(kSmb, "smb/netbios"), AppEvent::smb_negotiate_malformed_dialects));
    EXPECT_TRUE(has_event(run_to_end(kSmb, "smb/netbios"), AppEvent::smb_duplicate_negotiate));
}

TEST(Smb, AGapInAFileBeginsItAnew) {
    RecordingSink sink;
    testing::ParserRun run(kSmb, sink);
    const auto segments = corpus("smb/smb2_file");
    std::size_t at = 0;
    for (; with_name(sink, "parts\\flange.pdf") == nullptr; ++at) {
        ASSERT_LT(at, segments.size());
        if (segments[at].bytes.size() > 500 && segments[at].direction == Direction::to_server) break;
        run.feed(segments[at].direction, segments[at].bytes);
    }
    const std::string& write = segments[at].bytes;
    run.feed(Direction::to_server, write.substr(0, 216));  // 100 octets of the content
    EXPECT_TRUE(run.gap(Direction::to_server, 50));
    run.feed(Direction::to_server, write.substr(266));
    for (++at; at < segments.size(); ++at) run.feed(segments[at].direction, segments[at].bytes);
    const auto* file = with_name(sink, "parts\\flange.pdf");
    ASSERT_NE(file, nullptr);
    const auto& parts = file->bodies.at({Direction::to_server, Field::file_data});
    ASSERT_EQ(parts.size(), 2u);
    EXPECT_EQ(parts[0].size(), 100u);
    EXPECT_EQ(parts[1].size(), 1080u - 150u);
}

TEST(Smb, FindsItsPlaceAgainAfterAGap) {
    RecordingSink sink;
    testing::ParserRun run(kSmb, sink);
    const auto segments = corpus("smb/smb2_file");
    run.feed(Direction::to_server, segments[0].bytes.substr(0, 40));
    EXPECT_TRUE(run.gap(Direction::to_server, 5000));
    run.feed(Direction::to_server, "the end of something" + segments[4].bytes);
    EXPECT_EQ(value(sink, Field::smb_ntlmssp_user), "hanako");
}

TEST(Smb, TablesAreBounded) {
    RecordingSink sink;
    testing::ParserRun run(kSmb, sink);
    auto create = corpus("smb/smb2_compound");
    for (std::size_t i = 0; i < 8; ++i) run.feed(create[i].direction, create[i].bytes);
    // Requests that nobody answers: each takes a place, the oldest is ended.
    std::string request = create[6].bytes;
    for (unsigned i = 0; i < 500; ++i) {
        request[4 + 24] = static_cast<char>(i & 0xff);
        request[4 + 25] = static_cast<char>(i >> 8);
        run.feed(Direction::to_server, request);
    }
    std::size_t open = 0;
    for (const auto& tx : sink.transactions) open += tx.closed ? 0 : 1;
    EXPECT_LE(open, kSmbRequestsMax + kSmbFilesMax + kDcerpcCallsMax);
    run.end();
    for (const auto& tx : sink.transactions) EXPECT_TRUE(tx.closed);
}

}  // namespace
}  // namespace sekisho::app
