// Evidence from the ring to the file, and the chain: what was changed, removed or forged is told.
#include "slowpath/evidence.h"

#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <fstream>

#include "sekisho/base/file_text.h"
#include "slowpath/pcapng.h"

namespace sekisho::slowpath {
namespace {

namespace fs = std::filesystem;

struct EvidenceTest : testing::Test {
    void SetUp() override {
        std::string name = testing::TempDir() + "sekisho-evidence-XXXXXX";
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        folder = name;
        settings.run_folder = folder;
        settings.box_name = "box1";
        settings.slowpath.evidence_folder = folder + "/evidence";
        settings.rules.files = {folder + "/*.rules"};
        std::ofstream(folder + "/a.rules") << "# alert tcp any any -> any any (sid:7; rev:1;)\nalert tcp any any -> any any (msg:\"evil\"; sid:7; rev:2;)\n";
        auto opened = store::Journal::open(folder + "/alerts.db");
        ASSERT_TRUE(opened);
        journal.emplace(std::move(*opened));
        auto made = EvidenceKeeper::open(settings, "");
        ASSERT_TRUE(made) << made.error().message();
        keeper = std::move(*made);
    }
    void TearDown() override { fs::remove_all(folder); }

    event::Alert alert(std::uint64_t id, std::uint64_t flow) const {
        event::Alert a;
        a.id = id;
        a.telling = 1;
        a.gid = 1;
        a.sid = 7;
        a.rev = 2;
        a.flow_id = flow;
        a.signature = "evil";
        a.last_ns = 5 * kSecondNs;
        return a;
    }
    void keep(std::uint64_t id, std::uint64_t flow) {
        keeper->want(alert(id, flow));
        keeper->write_due(*journal, true);
    }
    std::string file(const std::string& name) const { return *read_file(settings.slowpath.evidence_folder + "/" + name, 1 << 24); }
    ChainReport verify() {
        const auto key = crypto::VerifyingKey::load(settings.slowpath.evidence_folder + "/key.pem.pub");
        EXPECT_TRUE(key);
        auto report = verify_chain(*journal, settings.slowpath.evidence_folder, *key);
        EXPECT_TRUE(report);
        return *report;
    }

    std::string folder;
    config::Settings settings;
    std::optional<store::Journal> journal;
    std::unique_ptr<EvidenceKeeper> keeper;
};

TEST_F(EvidenceTest, HoldsPacketsRuleAndAlert) {
    auto ring = event::RingWriter::open(event::evidence_ring_path(folder, 0), 64);
    ASSERT_TRUE(ring);
    for (int n = 3; n >= 1; --n) {  // out of order: they are put in order of time
        event::Event e;
        e.kind = event::Kind::packet;
        e.flow_id = n == 2 ? 99 : 42;
        e.time_ns = static_cast<TimeNs>(n) * kSecondNs;
        e.sid = n == 3 ? 7 : 0;
        e.length = 2000;
        const std::string octets = "frame-" + std::to_string(n);
        e.set_packet(as_bytes(octets));
        ring->write(e);
    }
    keeper->read(true);
    keep(1, 42);
    const std::string text = file("1-1.pcapng");
    EXPECT_EQ(text.substr(0, 4), std::string("\x0a\x0d\x0d\x0a"));
    EXPECT_NE(text.find("box box1, alert 1"), std::string::npos);
    EXPECT_NE(text.find("alert tcp any any -> any any (msg:\"evil\"; sid:7; rev:2;)"), std::string::npos);
    EXPECT_EQ(text.find("# alert"), std::string::npos);
    EXPECT_NE(text.find("matched by rule 7: evil"), std::string::npos);
    EXPECT_LT(text.find("frame-1"), text.find("frame-3"));
    EXPECT_EQ(text.find("frame-2"), std::string::npos);  // another conversation
    // Blocks follow one another, each with its length at both ends.
    std::size_t at = 0;
    while (at + 12 <= text.size()) {
        std::uint32_t size = 0, again = 0;
        std::memcpy(&size, text.data() + at + 4, 4);
        ASSERT_GE(size, 12U);
        ASSERT_LE(at + size, text.size());
        std::memcpy(&again, text.data() + at + size - 4, 4);
        EXPECT_EQ(size, again);
        EXPECT_EQ(size % 4, 0U);
        at += size;
    }
    EXPECT_EQ(at, text.size());
    EXPECT_EQ(keeper->counts().packets, 3U);
    EXPECT_EQ(keeper->counts().written, 1U);
}

TEST_F(EvidenceTest, TheChainHoldsAndTellsEachBreach) {
    for (std::uint64_t id = 1; id <= 5; ++id) keep(id, 0);
    EXPECT_TRUE(verify().faults.empty());
    EXPECT_EQ(verify().good, 5U);
    auto again = EvidenceKeeper::open(settings, "");  // the chain goes on after a restart, with the same key
    ASSERT_TRUE(again);
    keeper = std::move(*again);
    keep(6, 0);
    EXPECT_EQ(verify().good, 6U);

    const std::string path = settings.slowpath.evidence_folder + "/2-1.pcapng";
    const std::string before = file("2-1.pcapng");
    std::ofstream(path, std::ios::app) << "x";
    ASSERT_EQ(verify().faults.size(), 1U);
    EXPECT_EQ(verify().faults[0], "link 2, alert 2: 2-1.pcapng was changed");
    std::ofstream(path, std::ios::trunc) << before;
    EXPECT_TRUE(verify().faults.empty());
    fs::remove(path);
    EXPECT_EQ(verify().retired, 1U);  // retention may remove files; the chain still holds
    EXPECT_TRUE(verify().faults.empty());
}

TEST_F(EvidenceTest, AForgedLinkIsTold) {
    for (std::uint64_t id = 1; id <= 3; ++id) keep(id, 0);
    // Somebody without the key adds a link that fits the chain.
    auto forged = *journal->last_evidence();
    forged.number = 4;
    forged.alert = 4;
    forged.previous = forged.hash;
    forged.hash = link_hash(forged);
    ASSERT_TRUE(journal->add_evidence(forged));
    ASSERT_EQ(verify().faults.size(), 1U);
    EXPECT_EQ(verify().faults[0], "link 4, alert 4: the signature is not this box's");
    // A link taken out, or changed.
    auto gap = forged;
    gap.number = 9;
    ASSERT_TRUE(journal->add_evidence(gap));
    EXPECT_GE(verify().faults.size(), 3U);
}

TEST_F(EvidenceTest, WithoutPacketsItIsStillOnPaper) {
    auto a = alert(1, 0);
    a.gid = 9001;
    keeper->want(a);
    keeper->write_due(*journal, true);
    EXPECT_NE(file("1-1.pcapng").find("\"id\":1"), std::string::npos);
    for (std::uint64_t id = 2; id < 1000; ++id) keeper->want(alert(id, 0));
    EXPECT_GT(keeper->counts().passed_over, 0U);  // bounded
}

TEST(Pcapng, CutsLongComments) {
    const Pcapng capture({std::string(100'000, 'x')});
    EXPECT_LT(capture.text().size(), 66'000U);
}

}  // namespace
}  // namespace sekisho::slowpath
