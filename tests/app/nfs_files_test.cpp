// Files over NFS: names by handle, contents of reads and writes, whole, cut and out of order.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>

#include "app/corpus.h"
#include "app/rpc/nfs.h"
#include "sekisho/app/limits.h"

namespace sekisho::app::nfs_files_test {
namespace {

using sekisho::testing::RecordedTx;
using sekisho::testing::RecordingSink;
using sekisho::testing::Segment;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string u32(std::uint64_t value) {
    std::string out;
    for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(value >> shift & 0xff));
    return out;
}
std::string u64(std::uint64_t value) { return u32(value >> 32) + u32(value & 0xffffffff); }
std::string counted(std::string_view octets) { return u32(octets.size()).append(octets).append((4 - octets.size() % 4) % 4, '\0'); }
std::string record(const std::string& message) { return u32(0x80000000 | message.size()) + message; }
std::string call(unsigned xid, unsigned version, unsigned procedure, const std::string& arguments) {
    return u32(xid) + u32(0) + u32(2) + u32(100003) + u32(version) + u32(procedure) + u64(0) + u64(0) + arguments;
}
std::string reply(unsigned xid, const std::string& results) { return u32(xid) + u32(1) + u32(0) + u64(0) + u32(0) + results; }
Segment up(const std::string& message) { return {kUp, record(message)}; }
Segment down(const std::string& message) { return {kDown, record(message)}; }

// --- version 3: procedures 3 LOOKUP, 6 READ, 7 WRITE, 8 CREATE, 21 COMMIT
std::string lookup(unsigned xid, std::string_view name) { return call(xid, 3, 3, counted("folder") + counted(name)); }
std::string found(unsigned xid, std::string_view handle) { return reply(xid, u32(0) + counted(handle) + u32(0)); }
std::string read(unsigned xid, std::string_view handle, unsigned offset) { return call(xid, 3, 6, counted(handle) + u64(offset) + u32(4096)); }
std::string content(unsigned xid, std::string_view octets, bool end) {
    return reply(xid, u32(0) + u32(0) + u32(octets.size()) + u32(end) + counted(octets));
}
std::string write(unsigned xid, std::string_view handle, unsigned offset, std::string_view octets) {
    return call(xid, 3, 7, counted(handle) + u64(offset) + u32(octets.size()) + u32(0) + counted(octets));
}
std::string commit(unsigned xid, std::string_view handle) { return call(xid, 3, 21, counted(handle) + u64(0) + u32(0)); }

// --- version 4: operations as arguments, and as results
const std::string kStateId(16, 's');
const std::string kAttributes = u32(1) + u32(0x10) + counted("12345678");
std::string operation(unsigned number, const std::string& arguments = {}) { return u32(number) + arguments; }
std::string result(unsigned number, const std::string& results = {}) { return u32(number) + u32(0) + results; }
std::string joined(const std::vector<std::string>& parts) {
    std::string all;
    for (const auto& part : parts) all += part;
    return all;
}
std::string compound(unsigned xid, const std::vector<std::string>& operations) {
    return call(xid, 4, 1, counted("tag") + u32(1) + u32(operations.size()) + joined(operations));
}
std::string compound_done(unsigned xid, const std::vector<std::string>& results) {
    return reply(xid, u32(0) + counted("tag") + u32(results.size()) + joined(results));
}
const std::string kSequence = operation(53, kStateId + u64(0) + u64(0)), kSequenceDone = result(53, kStateId + u64(0) + u64(0) + u32(0));
std::string put_handle(std::string_view handle) { return operation(22, counted(handle)); }
std::string open(const std::string& how, const std::string& claim) {
    return operation(18, u32(1) + u32(3) + u32(0) + u64(7) + counted("owner") + how + claim);
}
std::string opened(const std::string& delegation) {
    return result(18, kStateId + u32(1) + u64(1) + u64(2) + u32(4) + u32(1) + u32(0) + delegation);
}
std::string read4(unsigned offset) { return operation(25, kStateId + u64(offset) + u32(4096)); }
std::string content4(std::string_view octets, bool end) { return result(25, u32(end) + counted(octets)); }
std::string write4(unsigned offset, std::string_view octets) { return operation(38, kStateId + u64(offset) + u32(0) + counted(octets)); }
std::string close4() { return operation(4, u32(1) + kStateId); }
const std::string kUnchecked = u32(1) + u32(0) + u32(0) + u32(0);
std::string by_name(std::string_view name) { return u32(0) + counted(name); }

struct Told {
    std::string name;
    std::vector<std::string> read, written;
    bool operator==(const Told&) const = default;
};
void PrintTo(const Told& told, std::ostream* out) {
    *out << '"' << told.name << "\" read";
    for (const auto& body : told.read) *out << ' ' << body.substr(0, 20) << '(' << body.size() << ')';
    *out << " written";
    for (const auto& body : told.written) *out << ' ' << body.substr(0, 20) << '(' << body.size() << ')';
}

/// The files of a conversation over TCP, which must be the same however it is cut.
std::vector<Told> files_of(const std::vector<Segment>& segments) {
    testing::check_cuts(kNfsTcp, segments);
    RecordingSink sink;
    testing::run_segments(kNfsTcp, segments, 0, sink);
    std::vector<Told> files;
    for (const RecordedTx& tx : sink.transactions) {
        EXPECT_TRUE(tx.closed);
        if (tx.bodies.empty()) continue;
        Told told;
        if (const auto name = tx.fields.find(Field::file_name); name != tx.fields.end()) told.name = name->second.back();
        for (const auto& [place, bodies] : tx.bodies) (place.first == kUp ? told.written : told.read) = bodies;
        files.push_back(told);
    }
    return files;
}

TEST(NfsFiles, ReadWithItsName) {
    EXPECT_THAT(files_of({up(lookup(1, "plan.pdf")), down(found(1, "h1")), up(read(2, "h1", 0)), down(content(2, "%PDF-1.4 ", false)),
                          up(read(3, "h1", 9)), down(content(3, "rest", true))}),
                ElementsAre(Told{"plan.pdf", {"%PDF-1.4 rest"}, {}}));
}

TEST(NfsFiles, AFileEndsWhereTheServerSaysAndIsAnotherWhenItIsReadAgain) {
    const std::vector<Segment> once{up(read(2, "h1", 0)), down(content(2, "all", true)), up(read(3, "h1", 3)), down(content(3, "", true)),
                                    up(read(4, "h1", 0)), down(content(4, "again", true))};
    EXPECT_THAT(files_of(once), ElementsAre(Told{"", {"all"}, {}}, Told{"", {"again"}, {}}));
    // The size among the attributes says it too: 84 octets, of which the size is at 20.
    const std::string attributes = u32(1) + std::string(20, 'a') + u64(3) + std::string(56, 'a');
    EXPECT_THAT(files_of({up(read(2, "h1", 0)), down(reply(2, u32(0) + attributes + u32(3) + u32(0) + counted("all"))), up(read(3, "h1", 3)),
                          down(content(3, "more", true))}),
                ElementsAre(Told{"", {"all"}, {}}, Told{"", {"more"}, {}}));
}

TEST(NfsFiles, ContentsLongerThanTheHeadThatIsWaitedFor) {
    const std::string large(3 * kRpcHeadMax + 5, 'x');
    EXPECT_THAT(files_of({up(write(1, "h", 0, large)), down(reply(1, u32(0))), up(write(2, "h", static_cast<unsigned>(large.size()), "end")),
                          up(commit(3, "h")), up(write(4, "h", 0, "new"))}),
                ElementsAre(Told{"", {}, {large + "end"}}, Told{"", {}, {"new"}}));
}

TEST(NfsFiles, ARecordInFragments) {
    const std::string large(3 * kRpcHeadMax + 5, 'x');
    const std::string message = content(2, large, true);
    const auto in_fragments = [&](std::size_t size) {
        std::string out;
        std::string_view left = message;
        for (; left.size() > size; left.remove_prefix(size)) out += u32(size).append(left.substr(0, size));
        return out + u32(0) + record(std::string(left));
    };
    for (const std::size_t size : {11u, 30u, 1000u, 4096u, 5000u})
        EXPECT_THAT(files_of({up(read(2, "h", 0)), {kDown, in_fragments(size) + record(content(9, "of no call", true))}, up(read(3, "h", 0)),
                              down(content(3, "next", true))}),
                    ElementsAre(Told{"", {large}, {}}, Told{"", {"next"}, {}}))
            << size;
}

TEST(NfsFiles, VersionTwo) {
    const std::string handle(32, 'h');
    const std::string attributes = std::string(20, 'a') + u32(5) + std::string(44, 'a');
    const auto read2 = [&](unsigned xid, unsigned offset) { return up(call(xid, 2, 6, handle + u32(offset) + u32(100) + u32(0))); };
    const auto content2 = [&](unsigned xid, std::string_view octets) { return down(reply(xid, u32(0) + attributes + counted(octets))); };
    EXPECT_THAT(files_of({up(call(1, 2, 9, std::string(32, 'd') + counted("new.exe") + std::string(32, '\0'))), down(reply(1, u32(0) + handle + attributes)),
                          up(call(2, 2, 8, handle + u32(0) + u32(0) + u32(0) + counted("MZ"))), read2(3, 0), content2(3, "MZ9"), read2(4, 3),
                          content2(4, "00"), read2(5, 0), content2(5, "MZ")}),
                ElementsAre(Told{"new.exe", {}, {"MZ"}}, Told{"new.exe", {"MZ900"}, {}}, Told{"new.exe", {"MZ"}, {}}));
}

TEST(NfsFiles, APieceFromElsewhereBeginsAnew) {
    EXPECT_THAT(files_of({up(write(1, "h", 0, "one")), up(write(2, "h", 100, "two")), up(write(3, "h", 103, "three"))}),
                ElementsAre(Told{"", {}, {"one", "twothree"}}));
}

TEST(NfsFiles, WhatFailedIsNoFile) {
    EXPECT_THAT(files_of({up(lookup(1, "a")), down(reply(1, u32(2))), up(read(2, "h", 0)), down(reply(2, u32(13))),
                          up(read(3, "h", 0)), down(content(3, "", true)), down(content(9, "no call", true))}),
                IsEmpty());
}

TEST(NfsFiles, TheNewestNameOfAHandleCounts) {
    EXPECT_THAT(files_of({up(lookup(1, "a")), down(found(1, "h")), up(lookup(3, "b")), down(found(3, "h")), up(read(4, "h", 0)),
                          down(content(4, "one", true))}),
                ElementsAre(Told{"b", {"one"}, {}}));
}

TEST(NfsFiles, ContentsUsedLeastLatelyEndAndNamesAreForgotten) {
    std::vector<Segment> segments{up(lookup(1, "kept")), down(found(1, "kept")), up(lookup(2, "lost")), down(found(2, "lost"))};
    for (unsigned i = 0; i <= kNfsNamesMax; ++i) {
        segments.push_back(up(write(100 + i, "kept", i, "x")));
        segments.push_back(up(lookup(200 + i, "n" + std::to_string(i))));
        segments.push_back(down(found(200 + i, "h" + std::to_string(i))));
        segments.push_back(up(write(300 + i, "h" + std::to_string(i), 0, "y")));
    }
    segments.push_back(up(write(3, "lost", 0, "z")));
    segments.push_back(up(write(4, "h0", 1, "w")));
    const auto files = files_of(segments);
    EXPECT_THAT(files, Contains(Told{"kept", {}, {std::string(kNfsNamesMax + 1, 'x')}}));
    EXPECT_THAT(files, Contains(Told{"", {}, {"z"}}));
    EXPECT_THAT(files, Contains(Told{"n1", {}, {"y"}}));
    EXPECT_THAT(files, Contains(Told{"", {}, {"w"}}));
}

TEST(NfsFiles, ALongNameKeepsItsEnd) {
    const std::string name = std::string(300, 'n') + ".exe";
    const auto files = files_of({up(lookup(1, name)), down(found(1, "h")), up(write(2, "h", 0, "MZ"))});
    EXPECT_THAT(files, ElementsAre(Told{name.substr(name.size() - kNfsNameMax), {}, {"MZ"}}));
}

TEST(NfsFiles, ReadsWithoutAnAnswerAreForgotten) {
    std::vector<Segment> segments;
    for (unsigned i = 0; i <= kNfsExpectedMax; ++i) segments.push_back(up(read(i, "h", 0)));
    segments.push_back(down(content(0, "forgotten", true)));
    segments.push_back(down(content(1, "known", true)));
    EXPECT_THAT(files_of(segments), ElementsAre(Told{"", {"known"}, {}}));
}

TEST(NfsFiles, AGapInsideAContentCutsIt) {
    RecordingSink sink;
    testing::ParserRun run(kNfsTcp, sink);
    const std::string octets = record(write(1, "h", 0, std::string(9000, 'a')));
    run.feed(kUp, octets.substr(0, 5000));
    EXPECT_TRUE(run.gap(kUp, 1000));
    run.feed(kUp, octets.substr(6000) + record(write(2, "h", 9000, "b")));
    run.end();
    const auto& bodies = sink.transactions.at(1).bodies.at({kUp, Field::file_data});
    ASSERT_EQ(bodies.size(), 2u);
    EXPECT_EQ(bodies[0].size() + bodies[1].size(), 8001u);
    EXPECT_EQ(bodies[1].back(), 'b');
}

TEST(NfsFiles, AGapInsideAHeadHidesItsContent) {
    RecordingSink sink;
    testing::ParserRun run(kNfsTcp, sink);
    const std::string octets = record(write(1, "h", 0, std::string(9000, 'a')));
    run.feed(kUp, octets.substr(0, 100));
    EXPECT_TRUE(run.gap(kUp, 1000));
    run.feed(kUp, octets.substr(1100) + record(write(2, "h", 9000, "b")));
    run.end();
    ASSERT_EQ(sink.transactions.size(), 2u);
    EXPECT_EQ(sink.body_of(1, kUp, Field::file_data), "b");
}

TEST(NfsFiles, ContentsSayWhichCallBroughtThem) {
    RecordingSink sink;
    testing::run_segments(kNfsTcp, {up(write(1, "h", 0, "x"))}, 0, sink);
    ASSERT_EQ(sink.transactions.size(), 2u);
    EXPECT_EQ(sink.transactions[1].facts.at(Fact::nfs_version), 3u);
    EXPECT_THAT(sink.transactions[1].fields.at(Field::nfs_procedure), ElementsAre(u32(7)));
}

TEST(NfsFiles, OverUdp) {
    RecordingSink sink;
    testing::run_segments(kNfsUdp, {{kUp, lookup(1, "a.txt")}, {kDown, found(1, "h")}, {kUp, read(2, "h", 0)}, {kDown, content(2, "text", true)}}, 0, sink);
    ASSERT_EQ(sink.transactions.size(), 3u);
    EXPECT_THAT(sink.transactions[2].fields.at(Field::file_name), ElementsAre("a.txt"));
    EXPECT_EQ(sink.body_of(2, kDown, Field::file_data), "text");
    EXPECT_TRUE(sink.transactions[2].closed);
}

TEST(NfsFiles, VersionFourOpensWritesAndCloses) {
    EXPECT_THAT(files_of({up(compound(1, {kSequence, put_handle("dir"), open(kUnchecked, by_name("report.doc")), operation(10), operation(9, u32(1) + u32(2))})),
                          down(compound_done(1, {kSequenceDone, result(22), opened(u32(0)), result(10, counted("h")), result(9, kAttributes)})),
                          up(compound(2, {kSequence, put_handle("h"), write4(0, "one "), operation(9, u32(1) + u32(2))})),
                          up(compound(3, {put_handle("h"), operation(5, u64(0) + u32(0))})),
                          up(compound(4, {put_handle("h"), write4(4, "two")})), up(compound(5, {put_handle("h"), close4()})),
                          up(compound(6, {put_handle("h"), write4(0, "later")}))}),
                ElementsAre(Told{"report.doc", {}, {"one two"}}, Told{"report.doc", {}, {"later"}}));
}

TEST(NfsFiles, VersionFourKnowsEveryWayToOpen) {
    const std::string attributes = u32(0) + counted("");
    const std::string hows[] = {u32(0), kUnchecked, u32(1) + u32(1) + attributes, u32(1) + u32(2) + u64(1), u32(1) + u32(3) + u64(1) + attributes};
    const std::string claims[] = {by_name("name"), u32(2) + kStateId + counted("name"), u32(3) + counted("name")};
    const std::string ace = u32(0) + u32(0) + u32(0) + counted("who");
    const std::string delegations[] = {u32(0), u32(1) + kStateId + u32(0) + ace, u32(2) + kStateId + u32(0) + u32(1) + u64(9) + ace,
                                       u32(3) + u32(0), u32(3) + u32(1) + u32(0), u32(3) + u32(2) + u32(0)};
    const auto name_after = [](const std::string& how, const std::string& claim, const std::string& delegation) {
        return files_of({up(compound(1, {put_handle("dir"), open(how, claim), operation(10)})),
                         down(compound_done(1, {result(22), opened(delegation), result(10, counted("h"))})),
                         up(compound(2, {put_handle("h"), read4(0)})), down(compound_done(2, {result(22), content4("text", true)}))});
    };
    const auto named = ElementsAre(Told{"name", {"text"}, {}});
    for (const auto& how : hows) EXPECT_THAT(name_after(how, claims[0], u32(0)), named);
    for (const auto& claim : claims) EXPECT_THAT(name_after(hows[0], claim, u32(0)), named);
    for (const auto& delegation : delegations) EXPECT_THAT(name_after(hows[0], claims[0], delegation), named);
}

TEST(NfsFiles, VersionFourReadsWithoutAskingForTheHandle) {
    EXPECT_THAT(files_of({up(compound(1, {operation(24), operation(15, counted("docs")), operation(15, counted("a.txt")), read4(0)})),
                          down(compound_done(1, {result(24), result(15), result(15), content4("text", true)}))}),
                ElementsAre(Told{"a.txt", {"text"}, {}}));
    // The handle comes in between: the read is of the same file.
    EXPECT_THAT(files_of({up(compound(1, {operation(24), operation(15, counted("a.txt")), operation(10), read4(0)})),
                          down(compound_done(1, {result(24), result(15), result(10, counted("h")), content4("te", false)})),
                          up(compound(2, {put_handle("h"), read4(2)})), down(compound_done(2, {result(22), content4("xt", true)}))}),
                ElementsAre(Told{"a.txt", {"text"}, {}}));
}

TEST(NfsFiles, OperationsBehindALargeContentAreFollowed) {
    const std::string large(2 * kRpcHeadMax + 1, 'l');
    EXPECT_THAT(files_of({up(compound(1, {put_handle("a"), operation(32), write4(0, large), put_handle("b"), write4(0, large + "b"), close4(), operation(31),
                                          write4(static_cast<unsigned>(large.size()), "end"), close4()})),
                          up(compound(2, {put_handle("a"), write4(0, "new")}))}),
                ElementsAre(Told{"", {}, {large + "end"}}, Told{"", {}, {large + "b"}}, Told{"", {}, {"new"}}));
    EXPECT_THAT(files_of({up(compound(1, {put_handle("a"), read4(0), put_handle("b"), read4(7)})),
                          down(compound_done(1, {result(22), content4(large, true), result(22), content4(large + "b", true)}))}),
                ElementsAre(Told{"", {large}, {}}, Told{"", {large + "b"}, {}}));
}

TEST(NfsFiles, CompoundsOfASession) {
    EXPECT_THAT(files_of(corpus("nfs/compounds")),
                ElementsAre(Told{"answers.txt", {"answers"}, {}}, Told{"tool.exe", {}, {"MZ" + std::string(5001, '.') + "end"}}));
}

TEST(NfsFiles, ACompoundEndsWhereItFailed) {
    EXPECT_THAT(files_of({up(compound(1, {put_handle("a"), read4(0), read4(0)})),
                          down(compound_done(1, {result(22), u32(25) + u32(13), content4("no result", true)}))}),
                IsEmpty());
}

}  // namespace
}  // namespace sekisho::app::nfs_files_test
