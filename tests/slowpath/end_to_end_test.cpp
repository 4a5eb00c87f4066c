// From the event ring to the SOC's files: the real daemon, a real rsyslogd, real certificates.
#include <gtest/gtest.h>

#include <map>

#include "slowpath/soc_fixture.h"
#include "soc/syslog_parser.h"

namespace sekisho::slowpath_test {
namespace {

class EndToEnd : public SocFixture {
  protected:
    void SetUp() override {
        SocFixture::SetUp();
        if (!have_rsyslogd()) GTEST_SKIP() << "there is no " << kRsyslogd;
        make_certificates();
        if (!HasFatalFailure()) start_rsyslogd();
    }

    std::string all_targets() const {
        return "    - {name: udp, host: 127.0.0.1, port: " + std::to_string(udp_port_) + ", transport: udp}\n" +
               "    - {name: tcp, host: 127.0.0.1, port: " + std::to_string(tcp_port_) + ", transport: tcp}\n" +
               tls_target("box", "soc.test");
    }

    /// How often each alert's number stands in what the SOC wrote; each line must be RFC 5424.
    std::map<std::string, int> told(const std::string& way) const {
        std::map<std::string, int> counts;
        for (const std::string& line : lines(path(way + ".log"))) {
            const auto m = soc_test::SyslogParser::parse(line);
            EXPECT_TRUE(m) << line;
            if (m) ++counts[m->data.at("sekisho@32473").at("alert")];
        }
        return counts;
    }

    Json target(const std::string& name) const {
        const Json now = status();
        for (const Json& one : now["soc"])
            if (one["name"] == name) return one;
        return {};
    }
};

TEST_F(EndToEnd, TellsEachAlertOnceOverUdpTcpAndTls) {
    constexpr std::uint32_t kAlerts = 60;
    settings(all_targets());
    auto ring = event::RingWriter::open(event::ring_path(path("run"), 0), 256);
    auto second = event::RingWriter::open(event::ring_path(path("run"), 1), 256);
    ASSERT_TRUE(ring && second);
    start_daemon();
    for (int round = 0; round < 3; ++round)
        for (std::uint32_t n = 0; n < kAlerts; ++n) (n % 2 == 0 ? ring : second)->write(call_out(kFirstHost + n));
    for (const std::string way : {"udp", "tcp", "tls"}) {
        EXPECT_TRUE(eventually([&] { return told(way).size() == kAlerts; })) << way << " " << told(way).size();
        for (const auto& [alert, times] : told(way)) EXPECT_EQ(times, 1) << way << " alert " << alert;
    }
    ASSERT_TRUE(eventually([&] { return status()["soc_queue"]["held"] == 0; }));
    ASSERT_TRUE(eventually([&] { return status()["events"] == 3 * kAlerts; }));
    const Json now = status();
    EXPECT_EQ(now["events_lost"], 0);
    EXPECT_EQ(now["alerts"]["high"], kAlerts);
    EXPECT_EQ(target("tls")["encryption"].get<std::string>().substr(0, 4), "TLSv");
    const auto m = soc_test::SyslogParser::parse(lines(path("tls.log")).front());
    ASSERT_TRUE(m);
    EXPECT_EQ(m->hostname, "box1");
    EXPECT_EQ(m->priority, 129U);
    EXPECT_EQ(m->data.at("sekisho@32473").at("signature"), "TEST \"call\" ] home");
    EXPECT_EQ(m->data.at("sekisho@32473").at("target"), "関所.example");
    ASSERT_EQ(alerts().size(), kAlerts);
    for (const Json& alert : alerts()) EXPECT_EQ(alert["count"], 3);
    EXPECT_EQ(lines(path("events.json")).size(), 3 * kAlerts);
    EXPECT_EQ(Json::parse(ask("alert", {"1"}))["history"].size(), 1U);
    EXPECT_EQ(daemon_.end(SIGTERM), 0);
}

TEST_F(EndToEnd, HoldsAlertsWhileTheSocIsDown) {
    settings(all_targets());
    auto ring = event::RingWriter::open(event::ring_path(path("run"), 0), 256);
    rsyslogd_.end(SIGTERM);
    start_daemon();
    for (std::uint32_t n = 0; n < 10; ++n) ring->write(call_out(kFirstHost + n));
    ASSERT_TRUE(eventually([&] { return target("tcp")["failed"] > 0 && target("tcp")["waiting"] == 10; }));
    EXPECT_NE(target("tcp")["last_error"].get<std::string>().find("refused"), std::string::npos);
    EXPECT_EQ(daemon_.end(SIGKILL), -1);
    rsyslogd_ = Process({kRsyslogd, "-n", "-f", path("rsyslog.conf"), "-i", path("rsyslogd.pid")}, path("rsyslogd.log"));
    ASSERT_TRUE(eventually([this] { return connects(tls_port_); }));
    start_daemon();
    for (const std::string way : {"udp", "tcp", "tls"}) {
        EXPECT_TRUE(eventually([&] { return told(way).size() == 10; })) << way;
        for (const auto& [alert, times] : told(way)) EXPECT_EQ(times, 1) << way;
    }
}

TEST_F(EndToEnd, TellsNothingToAServerOfAnotherName) {
    settings(tls_target("box", "other.test"));
    auto ring = event::RingWriter::open(event::ring_path(path("run"), 0), 64);
    start_daemon();
    ring->write(call_out(kFirstHost));
    ASSERT_TRUE(eventually([&] { return target("tls")["failed"] > 0; }));
    EXPECT_NE(target("tls")["last_error"].get<std::string>().find("hostname mismatch"), std::string::npos) << target("tls");
    EXPECT_EQ(target("tls")["waiting"], 1);
    EXPECT_TRUE(told("tls").empty());
}

TEST_F(EndToEnd, TellsNothingToAServerOfAnotherCa) {
    settings(tls_target("box", "soc.test", "rogue"));
    auto ring = event::RingWriter::open(event::ring_path(path("run"), 0), 64);
    start_daemon();
    ring->write(call_out(kFirstHost));
    ASSERT_TRUE(eventually([&] { return target("tls")["failed"] > 0; }));
    EXPECT_NE(target("tls")["last_error"].get<std::string>().find("certificate is refused"), std::string::npos) << target("tls");
    EXPECT_TRUE(told("tls").empty());
}

TEST_F(EndToEnd, SaysSoWhenTheServerRefusesOurCertificate) {
    settings(tls_target("stranger", "soc.test"));
    auto ring = event::RingWriter::open(event::ring_path(path("run"), 0), 64);
    start_daemon();
    ring->write(call_out(kFirstHost));
    ASSERT_TRUE(eventually([&] { return target("tls")["failed"] > 1; }));
    EXPECT_EQ(target("tls")["sent"], 0) << target("tls");
    EXPECT_EQ(target("tls")["waiting"], 1);
    EXPECT_FALSE(target("tls")["last_error"].get<std::string>().empty());
    EXPECT_TRUE(told("tls").empty());
}

class Deaths : public SocFixture {};

TEST_F(Deaths, OfTheDaemonCountEachEventOnceAndShowLosses) {
    settings("");
    auto ring = event::RingWriter::open(event::ring_path(path("run"), 0), 64);
    start_daemon();
    std::uint64_t written = 0;
    for (int life = 0; life < 4; ++life) {
        for (int i = 0; i < 400; ++i, ++written) {
            ring->write(call_out(kFirstHost));
            if (i % 40 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        EXPECT_EQ(daemon_.end(SIGKILL), -1);
        for (int i = 0; i < 100; ++i, ++written) ring->write(call_out(kFirstHost));  // nobody reads: 64 at most fit
        start_daemon();
    }
    const std::uint64_t lost = ring->lost();
    EXPECT_GE(lost, 4U * 36U);
    ASSERT_TRUE(eventually([&] { return !alerts().empty() && alerts()[0]["count"] == written - lost; }))
        << alerts()[0]["count"] << " of " << written << ", lost " << lost;
    ASSERT_EQ(alerts().size(), 1U);  // one story, over all lives
    EXPECT_EQ(alerts()[0]["telling"], 1);
    EXPECT_TRUE(eventually([&] { return status()["events_lost"] == lost; }));
}

TEST_F(Deaths, OfTheFastPathAreSeen) {
    settings("");
    start_daemon();
    {
        auto ring = event::RingWriter::open(event::ring_path(path("run"), 0), 64);
        ring->write(call_out(kFirstHost));
        ASSERT_TRUE(eventually([&] { return status()["rings"].size() == 1 && status()["rings"][0]["read"] == 1; }));
    }
    auto again = event::RingWriter::open(event::ring_path(path("run"), 0), 64);
    again->write(call_out(kFirstHost + 1));
    ASSERT_TRUE(eventually([&] { return status()["rings"][0]["read"] == 2 && status()["rings"][0]["restarts"] == 1; }));
    again = event::RingWriter::open(event::ring_path(path("run"), 1), 64);
    auto larger = event::RingWriter::open(event::ring_path(path("run"), 0), 128);
    larger->write(call_out(kFirstHost + 2));
    ASSERT_TRUE(eventually([&] { return alerts().size() == 3; }));
}

TEST_F(Deaths, RefuseASecondDaemon) {
    settings("");
    start_daemon();
    EXPECT_EQ(run({kDaemon, "--config", path("sekisho.yaml")}, path("second.log")), 1);
    EXPECT_NE(content(path("second.log")).find("another slow path runs"), std::string::npos);
    EXPECT_EQ(daemon_.end(SIGTERM), 0);
}

TEST_F(Deaths, AnswersInWords) {
    settings("");
    start_daemon();
    const auto call = [this](const std::string& command, std::vector<std::string> args) {
        return *control::call(path("run/slowpath.sock"), {command, std::move(args)}, std::chrono::seconds(5));
    };
    EXPECT_FALSE(call("dance", {}).ok);
    EXPECT_EQ(call("alert", {"99"}).text, "there is no alert 99");
    EXPECT_FALSE(call("alert", {"x"}).ok);
    EXPECT_FALSE(call("alerts", {"severity=worst"}).ok);
    EXPECT_TRUE(call("alerts", {"5", "severity=high", "host=192.168.1.1", "open=yes"}).ok);
    EXPECT_TRUE(Json::parse(call("counters", {}).text)["classes"].contains("malware"));
}

}  // namespace
}  // namespace sekisho::slowpath_test
