#include "sekisho/judge/judge.h"

#include <gtest/gtest.h>

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

constexpr TimeNs kStart = 1'700'000'000ULL * kSecondNs;

IpAddress ip(std::string_view text) { return *IpAddress::parse(text); }

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
              "A dangerous attack on a public service [class=web-attack direction=inbound outcome=unknown events=1]");
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
    const TimeNs later = kStart + 61 * 60 * kSecondNs;
    EXPECT_EQ(judge.judge(hit("192.168.1.5", "203.0.113.1", "domain-c2", 9, later))->alert->id, 2U);
    judge.close_idle(later + 59 * 60 * kSecondNs);
    EXPECT_EQ(judge.open_stories(), 1U);
    judge.close_idle(later + 61 * 60 * kSecondNs);
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
    EXPECT_EQ(change->alert->severity, Severity::high);
    EXPECT_EQ(change->alert->cause, "url botnet");
    EXPECT_EQ(change->alert->outcome, Outcome::blocked);
    EXPECT_EQ(change->alert->signature, "URL category botnet: c2.example");
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
    EXPECT_EQ(judge.judge(e)->alert->host, ip("192.168.1.2"));  // a port is attached: not an address we read
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
}

}  // namespace
}  // namespace sekisho::judge
