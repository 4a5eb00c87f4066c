// The detectors of behaviour, through the judge: flow records in, stories out. Each has its counter-example.
#include <gtest/gtest.h>

#include <random>

#include "judge/judge_cases.h"

namespace sekisho::judge {
namespace {

using event::Alert;
using event::Bearing;
using event::Event;
using event::Kind;
using event::Outcome;
using event::Severity;
using event::Text;

Judge make_judge() {
    JudgeSettings settings;
    settings.home = {*Network::parse("192.168.0.0/16")};
    return Judge(std::move(settings), std::move(*SeverityTable::load(SEKISHO_SOURCE_DIR "/rules/severity.yaml")),
                 std::move(*Messages::load(SEKISHO_SOURCE_DIR "/rules/messages.yaml")));
}

Event flow(std::string_view client, std::string_view server, std::uint16_t port, TimeNs start, TimeNs lasted = kSecondNs) {
    Event e;
    e.kind = Kind::flow;
    e.ip_protocol = 6;
    e.client = e.src = ip(client);
    e.server = e.dst = ip(server);
    e.server_port = e.dst_port = port;
    e.client_port = e.src_port = 50000;
    e.flow_start_ns = start;
    e.time_ns = start + lasted;
    e.flow_id = start;
    e.packets_to_server = 1;
    e.bytes_to_server = 60;
    return e;
}
Event answered(Event e, std::uint64_t sent = 800, std::uint64_t received = 2000) {
    e.packets_to_server = e.packets_to_client = 10;
    e.bytes_to_server = sent;
    e.bytes_to_client = received;
    return e;
}

struct Told {
    explicit Told(Judge& j) : judge(j) {}
    void operator()(const Event& e) {
        for (auto change = judge.judge(e); change; change = judge.next()) all.push_back(*change->alert);
    }
    Judge& judge;
    std::vector<Alert> all;
};

TEST(Behaviour, PortScanFromOutsideIsOneLowStory) {
    Judge judge = make_judge();
    Told told(judge);
    for (std::uint16_t port = 1; port <= 1000; ++port)
        told(flow("198.51.100.7", "192.168.1.10", port, kStart + port * kSecondNs / 100));
    ASSERT_EQ(told.all.size(), 1U);
    EXPECT_EQ(told.all[0].severity, Severity::low);
    EXPECT_EQ(told.all[0].bearing, Bearing::inbound);
    EXPECT_EQ(told.all[0].class_name, "reconnaissance");
    EXPECT_EQ(told.all[0].signature, "scan: 15 ports of 192.168.1.10 tried by 198.51.100.7 within 300 s");
    EXPECT_EQ(judge.open_stories(), 1U);
}

TEST(Behaviour, SweepFromOutsideIsOneLowStory) {
    Judge judge = make_judge();
    Told told(judge);
    for (int host = 1; host < 200; ++host)
        told(flow("198.51.100.7", "192.168.1." + std::to_string(host), 8080, kStart + static_cast<TimeNs>(host) * kSecondNs / 10));
    ASSERT_EQ(told.all.size(), 1U);
    EXPECT_EQ(told.all[0].severity, Severity::low);
    EXPECT_NE(told.all[0].signature.find("sweep: 25 machines tried at port 8080"), std::string::npos) << told.all[0].signature;
}

TEST(Behaviour, FewOrSlowOrAnsweredTriesAreNoScan) {
    Judge judge = make_judge();
    Told told(judge);
    for (std::uint16_t port = 1; port <= 14; ++port) told(flow("198.51.100.7", "192.168.1.10", port, kStart + port * kSecondNs));
    for (std::uint16_t port = 1; port <= 500; ++port) told(flow("198.51.100.8", "192.168.1.10", port, kStart + port * 60 * kSecondNs));
    for (std::uint16_t port = 1; port <= 500; ++port)
        told(answered(flow("192.168.1.4", "198.51.100.9", port, kStart + port * kSecondNs / 10)));
    EXPECT_TRUE(told.all.empty()) << told.all[0].signature;
}

TEST(Behaviour, WormFromInsideIsHigh) {
    for (const std::string net : {"192.168.2.", "203.0.113."}) {
        Judge judge = make_judge();
        Told told(judge);
        for (int host = 1; host < 200; ++host)
            told(flow("192.168.1.66", net + std::to_string(host), 445, kStart + static_cast<TimeNs>(host) * kSecondNs / 10));
        ASSERT_EQ(told.all.size(), 1U) << net;
        EXPECT_EQ(told.all[0].severity, Severity::high);
        EXPECT_EQ(told.all[0].host, ip("192.168.1.66"));
        EXPECT_EQ(told.all[0].class_name, "worm");
        EXPECT_EQ(told.all[0].bearing, net.starts_with("192") ? Bearing::lateral : Bearing::outbound);
    }
}

TEST(Behaviour, PasswordGuessingIsMediumFromOutsideAndHighWhenItWorks) {
    Judge judge = make_judge();
    Told told(judge);
    for (int n = 0; n < 60; ++n)
        told(answered(flow("198.51.100.7", "192.168.1.10", 22, kStart + static_cast<TimeNs>(n) * 2 * kSecondNs), 1800, 2400));
    ASSERT_EQ(told.all.size(), 1U);
    EXPECT_EQ(told.all[0].severity, Severity::medium);
    EXPECT_EQ(told.all[0].class_name, "brute-force");
    told(answered(flow("198.51.100.7", "192.168.1.10", 22, kStart + 125 * kSecondNs, 40 * kSecondNs), 9000, 90'000));
    ASSERT_EQ(told.all.size(), 2U);
    EXPECT_EQ(told.all[1].severity, Severity::high);
    EXPECT_EQ(told.all[1].outcome, Outcome::succeeded);
    EXPECT_EQ(told.all[1].id, told.all[0].id);
}

TEST(Behaviour, AFewLoginsAndLongSessionsAreNoGuessing) {
    Judge judge = make_judge();
    Told told(judge);
    for (int n = 0; n < 19; ++n) told(answered(flow("192.168.1.4", "192.168.1.10", 22, kStart + static_cast<TimeNs>(n) * kSecondNs)));
    for (int n = 0; n < 60; ++n)  // a fetcher of mail, each minute
        told(answered(flow("192.168.1.5", "203.0.113.9", 993, kStart + static_cast<TimeNs>(n) * 60 * kSecondNs)));
    told(answered(flow("192.168.1.4", "192.168.1.10", 22, kStart + 30 * kSecondNs, kHour), 90'000, 900'000));
    for (const Alert& alert : told.all) EXPECT_NE(alert.class_name, "brute-force") << alert.signature;
}

TEST(Behaviour, WebLoginGuessing) {
    Judge judge = make_judge();
    Told told(judge);
    Event e = flow("198.51.100.7", "192.168.1.10", 80, kStart);
    e.kind = Kind::http;
    e.set(Text::url, "/wp-login.php");
    e.set(Text::method, "POST");
    e.status = 200;
    for (int n = 0; n < 40; ++n) e.time_ns += kSecondNs, told(e);
    ASSERT_EQ(told.all.size(), 1U);
    EXPECT_EQ(told.all[0].severity, Severity::medium);
    e.status = 302;
    told(e);
    ASSERT_EQ(told.all.size(), 2U);
    EXPECT_EQ(told.all[1].outcome, Outcome::succeeded);
    EXPECT_EQ(told.all[1].severity, Severity::high);

    Event basic = flow("198.51.100.8", "192.168.1.11", 80, kStart);
    basic.kind = Kind::http;
    basic.set(Text::url, "/");
    basic.status = 401;
    for (int n = 0; n < 25; ++n) told(basic);
    EXPECT_EQ(told.all.size(), 3U);
    basic.status = 200;
    told(basic);
    ASSERT_EQ(told.all.size(), 4U);
    EXPECT_EQ(told.all[3].severity, Severity::high);
}

TEST(Behaviour, RegularCallsHomeAreFoundDespiteJitter) {
    std::mt19937 random(7);
    std::uniform_real_distribution<double> jitter(0.8, 1.2);
    Judge judge = make_judge();
    Told told(judge);
    TimeNs at = kStart;
    for (int n = 0; n < 60; ++n) {
        told(answered(flow("192.168.1.30", "203.0.113.80", 443, at)));
        at += static_cast<TimeNs>(60e9 * jitter(random));
    }
    ASSERT_EQ(told.all.size(), 1U);
    EXPECT_EQ(told.all[0].class_name, "beaconing");
    EXPECT_EQ(told.all[0].severity, Severity::medium);
    EXPECT_EQ(told.all[0].outcome, Outcome::succeeded);
    EXPECT_EQ(told.all[0].host, ip("192.168.1.30"));
}

TEST(Behaviour, PeopleUpdatesClocksAndStreamsDoNotCallHome) {
    std::mt19937 random(7);
    std::exponential_distribution<double> person(1.0 / 60);
    Judge judge = make_judge();
    Told told(judge);
    TimeNs at = kStart;
    for (int n = 0; n < 200; ++n) {
        at += static_cast<TimeNs>(person(random) * 1e9);
        told(answered(flow("192.168.1.30", "203.0.113.80", 443, at), 500 + random() % 5000));
    }
    for (int n = 0; n < 100; ++n) {
        const TimeNs minute = kStart + static_cast<TimeNs>(n) * 60 * kSecondNs;
        for (int host = 1; host < 10; ++host)  // what all machines call
            told(answered(flow("192.168.1." + std::to_string(host), "203.0.113.81", 443, minute)));
        told(answered(flow("192.168.1.30", "203.0.113.82", 123, minute)));
        told(answered(flow("192.168.1.30", "203.0.113.83", 443, kStart + static_cast<TimeNs>(n) * kSecondNs)));
        told(answered(flow("192.168.1.30", "192.168.1.2", 443, minute)));  // inside
    }
    for (const Alert& alert : told.all) EXPECT_NE(alert.class_name, "beaconing") << alert.signature;
}

TEST(Behaviour, UnusualVolumeIsMeasuredAgainstTheMachinesOwnPast) {
    constexpr std::uint64_t kGiB = 1ULL << 30;
    Judge judge = make_judge();
    Told told(judge);
    const auto day = [&](int n, std::string_view host, std::uint64_t octets) {
        for (int part = 0; part < 4; ++part)
            told(answered(flow(host, "203.0.113.5", 443, kStart + static_cast<TimeNs>(n) * kDay + static_cast<TimeNs>(part * part) * 1700 * kSecondNs), octets / 4));
    };
    for (int n = 0; n < 10; ++n) {
        day(n, "192.168.1.40", kGiB / 10);
        day(n, "192.168.1.41", 5 * kGiB);  // a backup: much, but always
    }
    EXPECT_TRUE(told.all.empty());
    day(10, "192.168.1.40", 4 * kGiB);
    day(10, "192.168.1.41", 6 * kGiB);
    ASSERT_EQ(told.all.size(), 1U);
    EXPECT_EQ(told.all[0].host, ip("192.168.1.40"));
    EXPECT_EQ(told.all[0].class_name, "unusual-volume");
    EXPECT_EQ(told.all[0].severity, Severity::medium);
}

TEST(Behaviour, NewServicesAreToldAfterTheFirstDays) {
    Judge judge = make_judge();
    Told told(judge);
    const auto use = [&](std::string_view client, std::uint16_t port, TimeNs at) { told(answered(flow(client, "192.168.1.50", port, at))); };
    use("192.168.1.4", 445, kStart);
    use("198.51.100.9", 443, kStart + kHour);
    EXPECT_TRUE(told.all.empty());
    use("192.168.1.4", 445, kStart + 4 * kDay);
    use("198.51.100.10", 443, kStart + 4 * kDay);
    use("192.168.1.4", 49'152, kStart + 4 * kDay);  // handed out to a client
    EXPECT_TRUE(told.all.empty());
    use("198.51.100.9", 3389, kStart + 4 * kDay);
    ASSERT_EQ(told.all.size(), 1U);
    EXPECT_EQ(told.all[0].severity, Severity::medium);
    EXPECT_EQ(told.all[0].bearing, Bearing::inbound);
    use("192.168.1.4", 8080, kStart + 4 * kDay);
    ASSERT_EQ(told.all.size(), 2U);
    EXPECT_EQ(told.all[1].severity, Severity::low);

    Judge next = make_judge();  // what was learned outlives a restart, and junk in it is passed over
    next.recall(judge.memory() + "x\n1 2\n192.168.1.1 a b c\n999.1.1.1 6 80 inside\n");
    Told later(next);
    later(answered(flow("198.51.100.9", "192.168.1.50", 443, kStart + 5 * kDay)));
    EXPECT_TRUE(later.all.empty());
    later(answered(flow("198.51.100.9", "192.168.1.50", 21, kStart + 5 * kDay)));
    EXPECT_EQ(later.all.size(), 1U);
}

TEST(Behaviour, MemoryDoesNotGrowUnderAFlood) {
    Judge judge = make_judge();
    Told told(judge);
    std::mt19937 random(3);
    for (std::uint32_t n = 0; n < 300'000; ++n) {
        Event e = flow("198.51.100.7", "192.168.1.1", 80, kStart + n * 1000);
        e.client = e.src = IpAddress::v4(static_cast<std::uint32_t>(random()));
        e.server = e.dst = IpAddress::v4(0xc0a80000U | (static_cast<std::uint32_t>(random()) & 0xffffU));
        e.server_port = static_cast<std::uint16_t>(random());
        told(n % 3 == 0 ? answered(e) : e);
    }
    EXPECT_LE(judge.open_stories(), 300U);
}

}  // namespace
}  // namespace sekisho::judge
