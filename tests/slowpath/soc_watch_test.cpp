#include "slowpath/soc_watch.h"

#include <gtest/gtest.h>

namespace sekisho::slowpath {
namespace {

using namespace std::chrono_literals;
using event::Text;

class SocWatchTest : public testing::Test {
  protected:
    std::vector<event::Event> look(std::chrono::seconds after) { return watch_.look(targets_, groups_, start_ + after, 42); }
    static soc::SenderStatus target(const std::string& name) {
        soc::SenderStatus status;
        status.name = name;
        return status;
    }

    const SocWatch::SteadyTime start_ = SocWatch::SteadyTime(1000h);
    std::vector<soc::SenderStatus> targets_{target("first"), target("second")};
    std::vector<soc::GroupStatus> groups_;
    SocWatch watch_{10min};
};

TEST_F(SocWatchTest, TellsARefusedCertificateOnceAnOutage) {
    EXPECT_TRUE(look(0s).empty());
    targets_[1].undelivered_since = start_;
    targets_[1].refused = true;
    targets_[1].last_error = "certificate has expired";
    const auto events = look(1s);
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].get(Text::classtype), "sekisho-soc-certificate");
    EXPECT_EQ(events[0].get(Text::host), "second");
    EXPECT_EQ(events[0].get(Text::signature), "SOC target second: certificate has expired");
    EXPECT_EQ(events[0].sid, 2U);
    EXPECT_EQ(events[0].time_ns, 42U);
    EXPECT_EQ(events[0].action, event::Action::blocked);
    EXPECT_TRUE(look(2s).empty());
    EXPECT_TRUE(look(1h).empty()) << "the certificate explains the silence";
    targets_[1].undelivered_since.reset();
    targets_[1].refused = false;
    EXPECT_TRUE(look(2h).empty());
    targets_[1].undelivered_since = start_ + 3h;
    targets_[1].refused = true;
    EXPECT_EQ(look(3h).size(), 1U) << "a new outage";
}

TEST_F(SocWatchTest, TellsSilenceAfterThePatience) {
    targets_[0].undelivered_since = start_;
    EXPECT_TRUE(look(10min - 1s).empty());
    const auto events = look(10min);
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].get(Text::classtype), "sekisho-soc-silent");
    EXPECT_EQ(events[0].sid, 1U);
    EXPECT_TRUE(look(20min).empty());
    targets_[0].refused = true;
    EXPECT_EQ(look(30min).size(), 1U) << "it came back with a certificate that is none of the SOC's: that is news";
    EXPECT_TRUE(look(31min).empty());
}

TEST_F(SocWatchTest, ARefusedOneThatIsStoodInForIsToldOnce) {
    targets_[0].refused = true;  // nothing waits for it: the second has it all
    EXPECT_EQ(look(1s).size(), 1U);
    EXPECT_TRUE(look(2s).empty());
    targets_[0].refused = false;
    EXPECT_TRUE(look(3s).empty());
    targets_[0].refused = true;
    EXPECT_EQ(look(4s).size(), 1U);
}

TEST_F(SocWatchTest, TellsASwitchAndAGroupThatIsSilent) {
    groups_.emplace_back().name = "socs";
    EXPECT_TRUE(look(0s).empty());
    groups_[0].switches = 1;
    groups_[0].last_switch = "second took over from first: Connection refused";
    auto events = look(1s);
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].get(Text::classtype), "sekisho-soc-switch");
    EXPECT_EQ(events[0].get(Text::host), "socs");
    EXPECT_EQ(events[0].get(Text::signature), "SOC group socs: second took over from first: Connection refused");
    EXPECT_EQ(events[0].sid, 3U) << "behind the two targets";
    EXPECT_TRUE(look(2s).empty());
    groups_[0].undelivered_since = start_ + 3s;
    EXPECT_TRUE(look(10min).empty());
    events = look(10min + 3s);
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].get(Text::classtype), "sekisho-soc-silent");
    EXPECT_EQ(events[0].get(Text::host), "socs");
    EXPECT_TRUE(look(20min).empty());
}

}  // namespace
}  // namespace sekisho::slowpath
