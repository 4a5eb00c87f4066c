#include "sekisho/judge/judge.h"

#include <gtest/gtest.h>

#include <functional>

#include "judge/judge_cases.h"

namespace sekisho::judge {
namespace {

using event::Action;
using event::Alert;
using event::Bearing;
using event::Event;
using event::Kind;
using event::Outcome;
using event::Severity;
using event::Text;
using What = StoryChange::What;

Judge make(std::size_t stories_max = 0, std::uint64_t next_id = 1) {
    JudgeSettings settings;
    settings.home = {*Network::parse("192.168.0.0/16")};
    settings.stories_max = stories_max;
    settings.next_id = next_id;
    auto table = SeverityTable::load(SEKISHO_SOURCE_DIR "/rules/severity.yaml");
    auto messages = Messages::load(SEKISHO_SOURCE_DIR "/rules/messages.yaml");
    EXPECT_TRUE(table) << table.error().message();
    EXPECT_TRUE(messages) << messages.error().message();
    return Judge(std::move(settings), std::move(*table), std::move(*messages));
}

Event hit(std::string_view client, std::string_view server, std::string_view classtype, std::uint32_t sid,
          TimeNs at = kStart) {
    Event e;
    e.kind = Kind::alert;
    e.time_ns = at;
    e.sid = sid;
    e.ip_protocol = 6;
    e.src = e.client = ip(client);
    e.dst = e.server = ip(server);
    e.set(Text::classtype, classtype);
    e.set(Text::signature, "rule " + std::to_string(sid));
    return e;
}

std::vector<Alert> changed(Judge& judge) {
    std::vector<Alert> all;
    judge.take_changed([&](const Alert& a) { all.push_back(a); });
    return all;
}

TEST(Judge, TellsAStoryOnceAndCountsOn) {
    Judge judge = make();
    auto e = hit("198.51.100.7", "192.168.1.10", "web-application-attack", 1);
    const auto first = judge.judge(e);
    ASSERT_TRUE(first);
    EXPECT_EQ(first->what, What::opened);
    EXPECT_EQ(first->alert->severity, Severity::high);
    EXPECT_EQ(first->alert->host, ip("192.168.1.10"));
    EXPECT_EQ(first->alert->bearing, Bearing::inbound);
    EXPECT_EQ(first->alert->cause, "class web-attack");
    EXPECT_EQ(first->alert->title.en, "Attack on the public server 192.168.1.10");
    EXPECT_EQ(first->alert->reason.en,
              "A dangerous attack on a public service (inbound, class web-attack, events: 1)");
    for (std::uint32_t n = 2; n <= 50; ++n) {
        e = hit("198.51.100." + std::to_string(n), "192.168.1.10", "web-application-attack", n, kStart + n * kSecondNs);
        EXPECT_FALSE(judge.judge(e)) << n;  // a scanner's fifty rules are one story
    }
    const auto all = changed(judge);
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].count, 50U);
    EXPECT_EQ(all[0].first_ns, kStart);
    EXPECT_EQ(all[0].last_ns, kStart + 50 * kSecondNs);
    EXPECT_EQ(all[0].peers.size(), Alert::kPeersMax);
    EXPECT_EQ(all[0].peers_more, 50 - Alert::kPeersMax - 1);  // .7 came twice
    EXPECT_TRUE(changed(judge).empty());
}

TEST(Judge, EscalatesOnce) {
    Judge judge = make();
    auto e = hit("192.168.1.5", "203.0.113.1", "trojan-activity", 9);
    e.direction = event::Direction::to_client;  // in the answer to our client
    e.action = Action::blocked;
    auto change = judge.judge(e);
    ASSERT_TRUE(change);
    EXPECT_EQ(change->alert->severity, Severity::medium);
    EXPECT_EQ(change->alert->bearing, Bearing::fetched);
    EXPECT_FALSE(judge.judge(e));
    e.action = Action::allowed;  // this one got through
    change = judge.judge(e);
    ASSERT_TRUE(change);
    EXPECT_EQ(change->what, What::escalated);
    EXPECT_EQ(change->alert->severity, Severity::high);
    EXPECT_EQ(change->alert->outcome, Outcome::succeeded);
    EXPECT_EQ(change->alert->telling, 2U);
    EXPECT_EQ(change->alert->count, 3U);
    EXPECT_EQ(change->alert->blocked, 2U);
    EXPECT_FALSE(judge.judge(e));
}

TEST(Judge, EscalatesByRecurrence) {
    Judge judge = make();
    auto e = hit("192.168.1.5", "203.0.113.1", "trojan-activity", 9);
    e.direction = event::Direction::to_client;
    e.action = Action::blocked;
    int told = 0;
    for (int i = 0; i < 100; ++i) told += judge.judge(e).has_value() ? 1 : 0;
    EXPECT_EQ(told, 2);  // medium at the first, high at the twentieth
    EXPECT_EQ(judge.counts().escalated, 1U);
}

TEST(Judge, KeepsCausesAndHostsApart) {
    Judge judge = make();
    EXPECT_TRUE(judge.judge(hit("192.168.1.5", "203.0.113.1", "trojan-activity", 9)));
    EXPECT_TRUE(judge.judge(hit("192.168.1.5", "203.0.113.1", "trojan-activity", 10)));   // another family
    EXPECT_TRUE(judge.judge(hit("192.168.1.6", "203.0.113.1", "trojan-activity", 9)));    // another machine
    EXPECT_FALSE(judge.judge(hit("192.168.1.6", "203.0.113.99", "trojan-activity", 9)));  // another peer only
    EXPECT_EQ(judge.open_stories(), 3U);
}

TEST(Judge, OpensANewStoryAfterSilence) {
    Judge judge = make();
    EXPECT_EQ(judge.judge(hit("192.168.1.5", "203.0.113.1", "domain-c2", 9))->alert->id, 1U);
    const TimeNs later = kStart + 26 * kHour;
    EXPECT_EQ(judge.judge(hit("192.168.1.5", "203.0.113.1", "domain-c2", 9, later))->alert->id, 2U);
    judge.close_idle(later + 24 * kHour);
    EXPECT_EQ(judge.open_stories(), 1U);
    judge.close_idle(later + 26 * kHour);
    EXPECT_EQ(judge.open_stories(), 0U);
    const auto all = changed(judge);
    ASSERT_EQ(all.size(), 2U);
    EXPECT_FALSE(all[0].open);
    EXPECT_FALSE(all[1].open);
}

TEST(Judge, ClosesTheLongestSilentWhenFull) {
    Judge judge = make(4);
    for (int n = 1; n <= 4; ++n) judge.judge(hit("192.168.1." + std::to_string(n), "203.0.113.1", "domain-c2", 9));
    judge.judge(hit("192.168.1.1", "203.0.113.1", "domain-c2", 9, kStart + 1));  // .2 is now the oldest
    judge.judge(hit("192.168.1.9", "203.0.113.1", "domain-c2", 9, kStart + 2));
    EXPECT_EQ(judge.open_stories(), 4U);
    EXPECT_EQ(judge.counts().evicted, 1U);
    std::size_t closed = 0;
    for (const Alert& a : changed(judge)) {
        if (a.open) continue;
        ++closed;
        EXPECT_EQ(a.host, ip("192.168.1.2"));
    }
    EXPECT_EQ(closed, 1U);
}

TEST(Judge, CountsAdvertisingAndIgnoresRecords) {
    Judge judge = make();
    Event e = hit("192.168.1.5", "203.0.113.1", "", 0);
    e.kind = Kind::url;
    e.set(Text::category, "adware");
    e.action = Action::blocked;
    for (int i = 0; i < 10; ++i) EXPECT_FALSE(judge.judge(e));
    e.kind = Kind::http;
    EXPECT_FALSE(judge.judge(e));
    e.kind = Kind::anomaly;
    EXPECT_FALSE(judge.judge(e));
    EXPECT_EQ(judge.counts().count_only, 11U);
    EXPECT_EQ(judge.counts().ignored, 1U);
    for (const auto& [name, count] : judge.class_counts()) EXPECT_EQ(count, name == "advertising" ? 10U : name == "malformed" ? 1U : 0U);
}

TEST(Judge, MakesStoriesOfUrlHits) {
    Judge judge = make();
    Event e = hit("192.168.1.5", "203.0.113.1", "", 0);
    e.kind = Kind::url;
    e.set(Text::category, "botnet");
    e.set(Text::host, "c2.example");
    e.action = Action::answered;
    const auto change = judge.judge(e);
    ASSERT_TRUE(change);
    EXPECT_EQ(change->alert->severity, Severity::medium);
    EXPECT_EQ(change->alert->cause, "url botnet");
    EXPECT_EQ(change->alert->outcome, Outcome::blocked);
    EXPECT_EQ(change->alert->signature, "URL category botnet: c2.example");
    std::vector<Severity> told;
    for (int i = 0; i < 20; ++i)
        if (const auto more = judge.judge(e)) told.push_back(more->alert->severity);
    EXPECT_EQ(told, std::vector{Severity::high});  // it keeps calling
}

TEST(Judge, NamesTheMachineBehindTheProxy) {
    Judge judge = make();
    auto e = hit("192.168.1.2", "203.0.113.1", "command-and-control", 9);
    e.set(Text::forwarded, "198.51.100.1, 192.168.7.7");
    auto change = judge.judge(e);
    EXPECT_EQ(change->alert->host, ip("192.168.7.7"));
    EXPECT_EQ(change->alert->via, ip("192.168.1.2"));
    e.set(Text::forwarded, "for=\"192.168.7.8:4711\";proto=http");
    e.sid = 10;
    EXPECT_EQ(judge.judge(e)->alert->host, ip("192.168.7.8"));
    e.set(Text::forwarded, "for=192.168.7.8;proto=http");
    e.sid = 11;
    EXPECT_EQ(judge.judge(e)->alert->host, ip("192.168.7.8"));
    auto inbound = hit("198.51.100.1", "192.168.1.3", "web-application-attack", 1);
    inbound.set(Text::forwarded, "192.168.7.7");  // a stranger's word
    EXPECT_EQ(judge.judge(inbound)->alert->host, ip("192.168.1.3"));
}

TEST(Judge, TellsOutcomes) {
    struct Case {
        Action action;
        std::uint32_t status;
        std::uint64_t answered;
        bool inbound;
        Outcome outcome;
    };
    const Case cases[] = {
        {Action::blocked, 200, 9, true, Outcome::blocked},   {Action::rejected, 0, 0, false, Outcome::blocked},
        {Action::allowed, 404, 9, true, Outcome::attempted}, {Action::allowed, 200, 9, true, Outcome::unknown},
        {Action::allowed, 0, 0, false, Outcome::attempted},  {Action::allowed, 0, 3, false, Outcome::succeeded},
    };
    std::uint32_t sid = 100;
    for (const Case& c : cases) {
        Judge judge = make();
        auto e = c.inbound ? hit("198.51.100.1", "192.168.1.3", "trojan-activity", ++sid)
                           : hit("192.168.1.3", "198.51.100.1", "trojan-activity", ++sid);
        e.action = c.action;
        e.status = c.status;
        e.packets_to_client = c.answered;
        e.set(Text::app, "http");
        EXPECT_EQ(judge.judge(e)->alert->outcome, c.outcome) << sid;
    }
}

TEST(Judge, GoesOnAfterARestart) {
    Judge judge = make();
    judge.judge(hit("192.168.1.5", "203.0.113.1", "domain-c2", 9));
    judge.judge(hit("198.51.100.7", "192.168.1.10", "web-application-attack", 1));
    Judge next = make(0, 3);
    for (Alert& alert : changed(judge)) EXPECT_TRUE(next.restore(alert));
    EXPECT_FALSE(next.judge(hit("192.168.1.5", "203.0.113.2", "domain-c2", 9, kStart + 5)));
    EXPECT_FALSE(next.judge(hit("198.51.100.8", "192.168.1.10", "web-application-attack", 2, kStart + 5)));
    EXPECT_EQ(next.judge(hit("192.168.1.6", "203.0.113.1", "domain-c2", 9))->alert->id, 3U);
    for (const Alert& alert : changed(next)) EXPECT_EQ(alert.count, alert.id == 3 ? 1U : 2U);
    Alert stranger;
    stranger.class_name = "no-such-class";
    EXPECT_FALSE(next.restore(stranger));
}

/// What one of the follow-ups of an attack on our server makes of its story.
struct Course {
    const char* what;
    std::function<void(Event&)> next;  ///< from the alert to the event that follows
    Outcome outcome;
    Severity severity;
    const char* fact;  ///< words in the reason
};

TEST(Judge, FindsTheOutcomeInWhatFollows) {
    const Course courses[] = {
        {"refused", [](Event& e) { e.kind = Kind::http, e.status = 404, e.length = 153; }, Outcome::attempted, Severity::medium,
         "the answer was status 404 with 153 octets"},
        {"served", [](Event& e) { e.kind = Kind::http, e.status = 200, e.length = 5312; }, Outcome::unknown, Severity::medium,
         "answered 1 times"},
        {"failed over it", [](Event& e) { e.kind = Kind::http, e.status = 500; }, Outcome::unknown, Severity::medium, "status 500"},
        {"silence", [](Event& e) { e.kind = Kind::flow, e.packets_to_client = 3, e.bytes_to_client = 132; }, Outcome::attempted,
         Severity::medium, "refused or not answered 1 times"},
        {"bytes back", [](Event& e) { e.kind = Kind::flow, e.packets_to_client = 3, e.bytes_to_client = 3000; }, Outcome::unknown,
         Severity::medium, "answered 1 times"},
        {"dropped later", [](Event& e) { e.kind = Kind::flow, e.flags |= Event::kDropped; }, Outcome::blocked, Severity::medium,
         "1 of 1 stopped here, the conversation was then cut"},
        {"calls back",
         [](Event& e) {
             e.kind = Kind::tls, e.flow_id = 78, e.time_ns += 5 * kSecondNs, e.flow_start_ns = e.time_ns;
             std::swap(e.client, e.server), std::swap(e.src, e.dst);
         },
         Outcome::succeeded, Severity::high, "the machine then called its attacker"},
        {"another conversation", [](Event& e) { e.kind = Kind::http, e.status = 404, e.flow_id = 79; }, Outcome::unknown,
         Severity::medium, "events: 1"},
    };
    for (const Course& course : courses) {
        Judge judge = make();
        Event e = hit("198.51.100.7", "192.168.1.10", "attempted-admin", 1);
        e.flow_id = 77;
        ASSERT_EQ(judge.judge(e)->alert->severity, Severity::medium);
        course.next(e);
        const auto change = judge.judge(e);
        EXPECT_EQ(change.has_value(), course.severity == Severity::high) << course.what;
        const auto all = changed(judge);
        ASSERT_EQ(all.size(), 1U) << course.what;
        EXPECT_EQ(all[0].outcome, course.outcome) << course.what;
        EXPECT_EQ(all[0].severity, course.severity) << course.what;
        EXPECT_EQ(all[0].count, 1U);
        EXPECT_NE(all[0].reason.en.find(course.fact), std::string::npos) << course.what << ": " << all[0].reason.en;
    }
}

TEST(Judge, EscalatesWhenACallOutIsAnsweredLater) {
    Judge judge = make();
    Event e = hit("192.168.1.5", "203.0.113.1", "", 0);
    e.kind = Kind::url;  // the filter only tells, and the first packet has no answer yet
    e.set(Text::category, "policy-unknown");
    e.flow_id = 5;
    EXPECT_EQ(judge.judge(e)->alert->outcome, Outcome::unknown);
    e.kind = Kind::flow;
    e.packets_to_client = 10;
    e.bytes_to_client = 9000;
    e.ip_protocol = 6;
    judge.judge(e);
    const auto all = changed(judge);
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].outcome, Outcome::succeeded);
    EXPECT_EQ(all[0].answered, 1U);
}

TEST(Judge, CountsDaysInARow) {
    Judge judge = make();
    Event e = hit("192.168.1.5", "203.0.113.1", "", 0);
    e.kind = Kind::url;
    e.set(Text::category, "malware");
    e.action = Action::blocked;
    std::vector<Severity> told;
    for (int day = 0; day < 4; ++day) {
        e.time_ns = kStart + static_cast<TimeNs>(day) * 24 * kHour;
        if (const auto change = judge.judge(e)) told.push_back(change->alert->severity);
    }
    EXPECT_EQ(told, (std::vector{Severity::medium, Severity::high}));  // one story; the third day is worse
    const auto all = changed(judge);
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].days, 4U);
    EXPECT_NE(all[0].reason.en.find("day 4 in a row"), std::string::npos);
    EXPECT_NE(all[0].reason.ja.find("4日連続"), std::string::npos);
    Judge next = make(0, 9);  // and after a restart that found the story closed
    Alert closed = all[0];
    closed.open = false;
    next.remember(closed);
    e.time_ns += 24 * kHour;
    const auto change = next.judge(e);
    ASSERT_TRUE(change);
    EXPECT_EQ(change->alert->days, 5U);
    EXPECT_EQ(change->alert->total, 5U);
    EXPECT_EQ(change->alert->severity, Severity::high);
}

/// Who visits a proper site that was broken into, and is stopped, is no bot: three mornings of it happened by
/// chance in the trials' 1,705 hits.
TEST(Judge, AVisitorOfACompromisedSiteIsNoBot) {
    Judge judge = make();
    auto e = hit("192.168.1.17", "203.0.113.1", "", 0);
    e.kind = Kind::url;
    e.action = Action::blocked;
    e.set(Text::category, "compromised");
    std::vector<Severity> told;
    for (int day = 0; day < 6; ++day)
        for (int visit = 0; visit < 4; ++visit) {
            e.time_ns = kStart + static_cast<TimeNs>(day) * 24 * kHour + static_cast<TimeNs>(visit) * kSecondNs;
            if (const auto change = judge.judge(e)) told.push_back(change->alert->severity);
        }
    EXPECT_EQ(told, std::vector{Severity::medium});
    e.time_ns = kStart + 6 * 24 * kHour;  // a week without a pause, week-end and all
    const auto week = judge.judge(e);
    ASSERT_TRUE(week);
    EXPECT_EQ(week->alert->severity, Severity::high);
    EXPECT_EQ(week->alert->days, 7U);
    told.clear();
    Judge busy = make();
    for (int n = 0; n < 100; ++n, e.time_ns += kSecondNs)
        if (const auto change = busy.judge(e)) told.push_back(change->alert->severity);
    EXPECT_EQ(told, (std::vector{Severity::medium, Severity::high}));  // nobody clicks a hundred times
    e.action = Action::allowed;
    EXPECT_EQ(make().judge(e)->alert->severity, Severity::high);  // reached
}

TEST(Judge, SaysWhoReportedIt) {
    Judge judge = make();
    auto e = hit("192.168.1.5", "203.0.113.1", "trojan-activity", 7);
    e.gid = 9102;
    e.flags = Event::kReported;
    e.set(Text::list, "FortiGate at 192.0.2.1");
    const auto change = judge.judge(e);
    ASSERT_TRUE(change);
    EXPECT_EQ(change->alert->reported_by, "FortiGate at 192.0.2.1");
    EXPECT_EQ(change->alert->cause, "sid 9102:7");
    EXPECT_EQ(change->alert->outcome, Outcome::unknown);  // a log without counts does not say that nobody answered
    EXPECT_EQ(change->alert->severity, Severity::high);
    EXPECT_NE(change->alert->reason.en.find("reported by FortiGate at 192.0.2.1"), std::string::npos) << change->alert->reason.en;
    EXPECT_NE(change->alert->reason.ja.find("FortiGate at 192.0.2.1 の報告"), std::string::npos) << change->alert->reason.ja;
}

TEST(Judge, TellsScansOfTheWholeSiteOnce) {
    Judge judge = make();
    int told = 0;
    for (int n = 1; n < 200; ++n)
        told += judge.judge(hit("198.51.100." + std::to_string(n % 9), "192.168.1." + std::to_string(n), "network-scan", 7)).has_value();
    EXPECT_EQ(told, 1);
    const auto all = changed(judge);
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].count, 199U);
    EXPECT_GE(all[0].hosts, 2U);
    Judge next = make(0, 2);
    EXPECT_TRUE(next.restore(all[0]));
    EXPECT_FALSE(next.judge(hit("198.51.100.77", "192.168.9.9", "network-scan", 7)));
    EXPECT_TRUE(next.judge(hit("192.168.1.3", "192.168.9.9", "network-scan", 7)));  // from inside it is another matter
}

TEST(Judge, FoldsWhatIsBeyondTheDaysNotices) {
    Judge judge = make();
    std::vector<Alert> told;
    const auto take = [&](const Event& e) {
        for (auto change = judge.judge(e); change; change = judge.next()) told.push_back(*change->alert);
    };
    for (int n = 1; n <= 4; ++n) take(hit("198.51.100.1", "192.168.2." + std::to_string(n), "bad-unknown", 1));       // Low
    for (int n = 1; n <= 5; ++n) take(hit("198.51.100.1", "192.168.1." + std::to_string(n), "attempted-admin", 1));   // Medium
    take(hit("192.168.1.9", "203.0.113.1", "domain-c2", 2));                                                          // High
    take(hit("198.51.100.1", "192.168.1.99", "attempted-admin", 1, kStart + 24 * kHour));
    std::vector<bool> notices;
    for (const Alert& alert : told) notices.push_back(alert.notice);
    // Two Low of four, three Medium of five, the High although the day's five are used up, a new day.
    EXPECT_EQ(notices, (std::vector{true, true, false, false, true, true, true, false, false, true, true}));
    EXPECT_EQ(told[4].folded_low, 2U);    // the first notice after the fold counts it
    EXPECT_EQ(told[9].folded_medium, 2U);
    EXPECT_EQ(told[10].folded_medium, 0U);
    EXPECT_EQ(judge.counts().folded, 4U);
}

TEST(Judge, NamesTheMachineThatAskedTheProxy) {
    Judge judge = make();
    const auto leg = [](std::string_view client, std::string_view name, TimeNs at) {
        Event e = hit(client, "192.168.1.2", "", 0, at);
        e.kind = Kind::http;
        e.set(Text::method, "CONNECT");
        e.set(Text::host, name);
        return e;
    };
    const auto call = [](std::string_view name, std::uint32_t sid, TimeNs at) {
        Event e = hit("192.168.1.2", "203.0.113.1", "command-and-control", sid, at);
        e.set(Text::name, name);
        return e;
    };
    judge.judge(leg("192.168.7.7", "C2.example", kStart));
    auto change = judge.judge(call("c2.example", 1, kStart + kSecondNs));
    EXPECT_EQ(change->alert->host, ip("192.168.7.7"));
    EXPECT_EQ(change->alert->via, ip("192.168.1.2"));
    EXPECT_EQ(change->alert->via_how, "seen on its way to the proxy (high)");
    judge.judge(leg("192.168.7.8", "c2.example", kStart + 2 * kSecondNs));
    change = judge.judge(call("c2.example", 2, kStart + 3 * kSecondNs));
    EXPECT_EQ(change->alert->host, ip("192.168.7.8"));
    EXPECT_EQ(change->alert->via_how, "the latest of several that asked the proxy (medium)");
    change = judge.judge(call("c2.example", 3, kStart + 300 * kSecondNs));  // too long ago to explain it
    EXPECT_EQ(change->alert->host, ip("192.168.1.2"));
    EXPECT_FALSE(change->alert->via);

    // The rule hit already on the leg to the proxy: a call out of that machine, not an attack on the proxy.
    Event inner = hit("192.168.7.9", "192.168.1.2", "command-and-control", 4, kStart + 400 * kSecondNs);
    inner.set(Text::url, "http://c2.example/gate.php");
    inner.set(Text::host, "c2.example");
    change = judge.judge(inner);
    EXPECT_EQ(change->alert->bearing, Bearing::outbound);
    EXPECT_EQ(change->alert->host, ip("192.168.7.9"));
    EXPECT_FALSE(judge.judge(call("c2.example", 4, kStart + 401 * kSecondNs)));  // the proxy's own leg is the same story
}

TEST(Judge, AsksTheResolversClient) {
    Judge judge = make();
    Event ask = hit("192.168.7.7", "192.168.1.53", "domain-c2", 1);
    ask.set(Text::app, "dns");
    ask.set(Text::name, "c2.example");
    auto change = judge.judge(ask);
    EXPECT_EQ(change->alert->bearing, Bearing::outbound);
    EXPECT_EQ(change->alert->host, ip("192.168.7.7"));
    ask.client = ask.src = ip("192.168.1.53");
    ask.server = ask.dst = ip("203.0.113.53");
    ask.time_ns += kSecondNs;
    EXPECT_FALSE(judge.judge(ask));
    EXPECT_EQ(changed(judge).size(), 1U);
}

TEST(Judge, BelievesOnlyTrustedProxiesWhenSomeAreNamed) {
    JudgeSettings settings;
    settings.home = {*Network::parse("192.168.0.0/16")};
    settings.trusted_proxies = {ip("192.168.1.2"), ip("192.168.1.3")};
    Judge judge(std::move(settings), std::move(*SeverityTable::load(SEKISHO_SOURCE_DIR "/rules/severity.yaml")),
                std::move(*Messages::load(SEKISHO_SOURCE_DIR "/rules/messages.yaml")));
    const auto call = [&](std::string_view proxy, std::string_view header, std::uint32_t sid) {
        Event e = hit(proxy, "203.0.113.1", "command-and-control", sid);
        e.set(Text::forwarded, header);
        return judge.judge(e)->alert->host.to_string();
    };
    EXPECT_EQ(call("192.168.1.2", "192.168.7.7", 1), "192.168.7.7");
    EXPECT_EQ(call("192.168.1.9", "192.168.7.7", 2), "192.168.1.9");
    EXPECT_EQ(call("192.168.1.2", "192.168.66.66, 192.168.7.7, 192.168.1.3", 3), "192.168.7.7");  // what it says first may be invented
    EXPECT_EQ(call("192.168.1.2", "192.168.7.7, 198.51.100.9", 4), "192.168.1.2");
    EXPECT_EQ(call("192.168.1.2", "for=\"[fd00::1]:4711\"", 5), "192.168.1.2");
    EXPECT_EQ(call("192.168.1.2", "by=203.0.113.4;for=192.168.7.9;proto=http", 6), "192.168.7.9");
    EXPECT_EQ(call("192.168.1.2", ",,;=\"", 7), "192.168.1.2");
}

TEST(Messages, HasWordsForEachClassOfTheTable) {
    const auto table = SeverityTable::load(SEKISHO_SOURCE_DIR "/rules/severity.yaml");
    const auto messages = Messages::load(SEKISHO_SOURCE_DIR "/rules/messages.yaml");
    Alert plain;
    plain.class_name = "default";
    messages->tell(plain);
    for (ClassId id = 0; id < table->classes(); ++id) {
        if (table->facts(id).count_only) continue;
        Alert alert;
        alert.class_name = table->facts(id).name;
        messages->tell(alert);
        EXPECT_NE(alert.title.ja, plain.title.ja) << alert.class_name;
        EXPECT_FALSE(alert.advice.en.empty());
    }
    EXPECT_EQ(Messages::parse("version: 1\nmessages: {a: {title: x}}", "m.yaml").error().where, "m.yaml:2");
    constexpr std::string_view kWrong[] = {
        "version: 1\nmessages:\n  default: {title: {ja: a, en: 'the {hots}'}, advice: {ja: a, en: a}}",
        "version: 1\nmessages:\n  default: {title: {ja: a, en: a}, advise: {ja: a, en: a}}",
        "version: 1\nmessages: {default: {title: {ja: a, en: a}, advice: {ja: a, en: a}}}\nparts: {do: {ja: a, en: a}}",
        "version: 1\nmessages: {default: {title: {ja: a, en: a}, advice: {ja: a, en: a}}}\ngoing_on: {no: {ja: a, en: a}}"};
    for (const auto text : kWrong) EXPECT_EQ(Messages::parse(std::string(text), "m.yaml").error().where, "m.yaml:3") << text;
}

}  // namespace
}  // namespace sekisho::judge
