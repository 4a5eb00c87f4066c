// Captures made with real tools (tests/scenario/make), through the pipeline that would run inline and the judge:
// class, severity, direction, outcome and number of stories of each. The examples of FIELD's severity table are
// among them.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "sekisho/engine/pipeline.h"
#include "sekisho/engine/policy.h"
#include "sekisho/judge/judge.h"
#include "sekisho/replay/pcap_source.h"

namespace sekisho {
namespace {

using event::Alert;
using event::Bearing;
using event::Outcome;
using event::Severity;

constexpr const char* kRules = SEKISHO_SOURCE_DIR "/rules";

struct Case {
    const char* capture;
    const char* example;    ///< of FIELD's table
    const char* class_name;
    Severity severity;
    Bearing bearing;
    Outcome outcome;
    std::size_t stories = 1;
};

constexpr Case kCases[] = {
    {"sql-injection", "High: dangerous attack on a public service", "web-attack", Severity::high, Bearing::inbound, Outcome::unknown},
    {"web-guessing", "High: an attack that succeeded", "brute-force", Severity::high, Bearing::inbound, Outcome::succeeded},
    {"ssh-guessing", "Medium: mechanical attack from outside", "brute-force", Severity::medium, Bearing::inbound, Outcome::unknown},
    {"worm", "High: worm traffic from inside", "worm", Severity::high, Bearing::outbound, Outcome::unknown},
    {"control-server", "High: bot traffic from inside", "command-and-control", Severity::high, Bearing::outbound, Outcome::blocked},
    {"bot-from-outside", "Medium: infection attempt of a bot from outside", "malware", Severity::medium, Bearing::inbound, Outcome::blocked, 2},
    {"eicar-mail", "Medium: infection attempt from outside", "malware", Severity::medium, Bearing::inbound, Outcome::blocked},
    {"eicar-web", "Medium: malware fetched and stopped", "malware", Severity::medium, Bearing::fetched, Outcome::blocked},
    {"p2p", "Medium: P2P software inside", "policy", Severity::medium, Bearing::outbound, Outcome::succeeded},
    {"beacon", "Medium: unwanted traffic from inside", "beaconing", Severity::medium, Bearing::outbound, Outcome::succeeded},
    {"port-scan", "Low: port scan from outside", "reconnaissance", Severity::low, Bearing::inbound, Outcome::unknown},
};

/// Hands events to the judge as the slow path would.
class JudgeSink final : public event::Sink {
  public:
    explicit JudgeSink(judge::Judge& judge) : judge_(judge) {}
    void write(const event::Event& event) noexcept override {
        for (auto change = judge_.judge(event); change; change = judge_.next()) stories_[change->alert->id] = *change->alert;
    }
    const std::map<std::uint64_t, Alert>& stories() const { return stories_; }

  private:
    judge::Judge& judge_;
    std::map<std::uint64_t, Alert> stories_;  ///< as told last
};

struct Scenario : testing::TestWithParam<Case> {
    static void SetUpTestSuite() {
        engine::PolicyInput input;
        input.settings.home_net = {"192.168.0.0/16"};
        input.settings.rules.files = {std::string(kRules) + "/*.rules"};
        input.settings.rules.classification_file = std::string(kRules) + "/classification.config";
        input.settings.url.enabled = false;
        engine::PolicyReport report;
        auto built = engine::build_policy(input, report);
        ASSERT_TRUE(built) << built.error().message();
        ASSERT_EQ(report.rules_failed, 0U);
        policy = std::move(*built);
    }
    static void TearDownTestSuite() { policy.reset(); }

    static judge::Judge make_judge() {
        judge::JudgeSettings settings;
        settings.home = {*Network::parse("192.168.0.0/16")};
        settings.hosts = *judge::HostTable::load(std::string(kRules) + "/hosts.yaml");
        return judge::Judge(std::move(settings), std::move(*judge::SeverityTable::load(std::string(kRules) + "/severity.yaml")),
                            std::move(*judge::Messages::load(std::string(kRules) + "/messages.yaml")));
    }
    static std::unique_ptr<const engine::Policy> policy;
};
std::unique_ptr<const engine::Policy> Scenario::policy;

std::string told(const std::map<std::uint64_t, Alert>& stories) {
    std::string text;
    for (const auto& [id, alert] : stories)
        text += std::string(to_string(alert.severity)) + " " + alert.class_name + " " + std::string(to_string(alert.bearing)) + " " +
                std::string(to_string(alert.outcome)) + ": " + alert.signature + "\n  " + alert.reason.en + "\n";
    return text;
}

TEST_P(Scenario, ComesOutAsExpected) {
    const Case& c = GetParam();
    auto source = replay::PcapSource::open(std::string(SEKISHO_SOURCE_DIR "/tests/scenario/captures/") + c.capture + ".pcap", "");
    ASSERT_TRUE(source) << source.error().message();
    judge::Judge judge = make_judge();
    JudgeSink sink(judge);
    engine::PipelineConfig config;
    config.enforcement = engine::Enforcement::enforce;
    config.flows = 4096;
    config.stream_memory_bytes = MiB(32);
    config.home = {*Network::parse("192.168.0.0/16")};
    engine::Pipeline pipeline(config, sink);
    packet::Frame frame;
    while ((*source)->next(frame)) {
        pipeline.inspect(frame, *policy);
        pipeline.tick(frame.time_ns, *policy);
    }
    pipeline.finish(*policy);
    ASSERT_EQ(sink.stories().size(), c.stories) << told(sink.stories());
    std::vector<Alert> kept;
    judge.take_changed([&](const Alert& alert) { kept.push_back(alert); });
    // The worst is the one expected; another may say what else was odd (a telnet login that was reachable at all).
    const Alert& alert = *std::max_element(kept.begin(), kept.end(), [](const Alert& a, const Alert& b) { return a.severity < b.severity; });
    EXPECT_EQ(alert.class_name, c.class_name) << told(sink.stories());
    EXPECT_EQ(alert.severity, c.severity) << told(sink.stories());
    EXPECT_EQ(to_string(alert.bearing), to_string(c.bearing)) << told(sink.stories());
    EXPECT_EQ(to_string(alert.outcome), to_string(c.outcome)) << alert.reason.en;
    EXPECT_FALSE(alert.reason.ja.empty());
    EXPECT_FALSE(alert.guide.ja.empty());
}

INSTANTIATE_TEST_SUITE_P(All, Scenario, testing::ValuesIn(kCases), [](const auto& one) {
    std::string name = one.param.capture;
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
});

TEST(Scenarios, EachCaptureHasItsCase) {
    std::size_t captures = 0;
    for (const auto& entry : std::filesystem::directory_iterator(SEKISHO_SOURCE_DIR "/tests/scenario/captures"))
        captures += entry.path().extension() == ".pcap" ? 1U : 0U;
    EXPECT_EQ(captures, std::size(kCases));
}

}  // namespace
}  // namespace sekisho
