// Who a machine is: names, systems, makers, and what follows for alerts.
#include <gtest/gtest.h>

#include "judge/judge_cases.h"

namespace sekisho::judge {
namespace {

using event::Action;
using event::Alert;
using event::Event;
using event::Kind;
using event::Severity;
using event::Text;

struct Site {
    Site() {
        JudgeSettings settings;
        settings.home = {*Network::parse("192.168.0.0/16")};
        auto table = HostTable::load(SEKISHO_SOURCE_DIR "/rules/hosts.yaml");
        EXPECT_TRUE(table) << table.error().message();
        settings.hosts = std::move(*table);
        judge.emplace(std::move(settings), std::move(*SeverityTable::load(SEKISHO_SOURCE_DIR "/rules/severity.yaml")),
                      std::move(*Messages::load(SEKISHO_SOURCE_DIR "/rules/messages.yaml")));
    }
    void operator()(const Event& e) {
        for (auto change = judge->judge(e); change; change = judge->next()) told.push_back(*change->alert);
    }
    std::optional<Judge> judge;
    std::vector<Alert> told;
};

Event at(Kind kind, std::string_view client, std::string_view server, TimeNs time = kStart) {
    Event e;
    e.kind = kind;
    e.time_ns = time;
    e.ip_protocol = 6;
    e.src = e.client = ip(client);
    e.dst = e.server = ip(server);
    e.src_mac = {0x00, 0x0d, 0x0b, 1, 2, 3};
    return e;
}
Event sign(std::string_view host, std::string_view kind, std::string_view name, std::string_view system) {
    Event e = at(Kind::host, host, "192.168.1.255");
    e.set(Text::reason, kind);
    e.set(Text::name, name);
    e.set(Text::extra, system);
    return e;
}
Event browse(std::string_view host, std::string_view user_agent) {
    Event e = at(Kind::http, host, "203.0.113.9");
    e.set(Text::user_agent, user_agent);
    return e;
}
Event listed(std::string_view host, TimeNs time = kStart) {
    Event e = at(Kind::url, host, "203.0.113.1", time);
    e.set(Text::category, "malware");
    e.set(Text::host, "bad.example");
    e.action = Action::blocked;
    return e;
}

/// FIELD's incident X: the machine, its dead system and the recurrence in one High alert.
TEST(Hosts, AnOldMachineThatKeepsCallingIsOneHighAlert) {
    Site site;
    site(sign("192.168.1.77", "netbios", "GENBA-XP", "5.1"));
    for (int day = 0; day < 30; ++day)
        for (int n = 0; n < 35; ++n) site(listed("192.168.1.77", kStart + static_cast<TimeNs>(day) * kDay + static_cast<TimeNs>(n) * 60 * kSecondNs));
    ASSERT_EQ(site.told.size(), 2U);
    EXPECT_EQ(site.told[0].severity, Severity::medium);
    EXPECT_EQ(site.told[1].severity, Severity::high);
    EXPECT_EQ(site.told[1].id, site.told[0].id);
    EXPECT_EQ(site.told[1].host_name, "GENBA-XP");
    EXPECT_EQ(site.told[1].host_vendor, "Buffalo");
    EXPECT_NE(site.told[1].reason.en.find("operating system Windows XP, support ends 2014-04-08 (by netbios)"), std::string::npos) << site.told[1].reason.en;
    EXPECT_NE(site.told[1].title.ja.find("GENBA-XP (192.168.1.77)"), std::string::npos);
    std::vector<Alert> kept;
    site.judge->take_changed([&](const Alert& alert) { kept.push_back(alert); });
    ASSERT_EQ(kept.size(), 1U);
    EXPECT_EQ(kept[0].count, 30U * 35U);
    EXPECT_EQ(kept[0].days, 30U);
    EXPECT_NE(kept[0].reason.en.find("day 30 in a row"), std::string::npos);
}

TEST(Hosts, AnOldSystemOnTheInternetIsAnAlertOfItsOwn) {
    Site site;
    site(browse("192.168.1.77", "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 5.1; Trident/4.0)"));
    ASSERT_EQ(site.told.size(), 1U);
    EXPECT_EQ(site.told[0].class_name, "end-of-support");
    EXPECT_EQ(site.told[0].severity, Severity::medium);
    EXPECT_NE(site.told[0].guide.ja.find("Windows XP"), std::string::npos) << site.told[0].guide.ja;
    site(browse("192.168.1.77", "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 5.1; Trident/4.0)"));
    EXPECT_EQ(site.told.size(), 1U);
    Event inside = browse("192.168.1.78", "Mozilla/5.0 (Windows NT 6.1; Win64)");
    inside.server = inside.dst = ip("192.168.1.9");
    site(inside);
    EXPECT_EQ(site.told.size(), 1U);  // it only talks inside
    Event out = at(Kind::flow, "192.168.1.78", "203.0.113.44");
    out.packets_to_client = 2;
    site(out);
    ASSERT_EQ(site.told.size(), 2U);
    EXPECT_EQ(site.told[1].host, ip("192.168.1.78"));
}

TEST(Hosts, NewSignsCorrectOldOnesByWeight) {
    struct Case {
        std::vector<Event> signs;
        bool old;
    };
    const std::string_view kHost = "192.168.1.80";
    const Case cases[] = {
        {{browse(kHost, "x Windows NT 5.1"), browse(kHost, "x Windows NT 10.0; Win64")}, false},  // a program that calls itself old
        {{browse(kHost, "x Windows NT 10.0"), browse(kHost, "x Windows NT 5.1")}, false},
        {{browse(kHost, "x Windows NT 10.0"), sign(kHost, "ntlm", "", "6.1.7601")}, true},        // weighs more
        {{sign(kHost, "ntlm", "", "10.0.22631"), browse(kHost, "x Windows NT 6.1")}, false},
        {{sign(kHost, "tcp", "", "128 65535 M,N,N,S")}, false},                                     // perhaps
        {{sign(kHost, "ntlm", "", "5.10.1")}, false},                                               // not 5.1
        {{sign(kHost, "smb", "", "Windows 2002 2600 Service Pack 3")}, true},
        {{browse(kHost, "curl/8.0"), browse(kHost, "")}, false},
    };
    for (const Case& c : cases) {
        Site site;
        for (const Event& e : c.signs) site(e);
        site.told.clear();
        site(at(Kind::flow, kHost, "203.0.113.44", kStart + 2 * kDay));
        EXPECT_EQ(!site.told.empty(), c.old) << &c - cases;
    }
}

TEST(Hosts, AnotherCardIsAnotherMachineButARouterIsNone) {
    Site site;
    site(sign("192.168.1.90", "dhcp", "OLD-PC", ""));
    Event next = sign("192.168.1.90", "tcp", "", "64 64240 M,S,T,N,W");
    next.src_mac = {0x00, 0x11, 0x32, 1, 2, 3};
    site(next);
    site(listed("192.168.1.90"));
    EXPECT_TRUE(site.told.back().host_name.empty());
    for (int n = 1; n < 9; ++n) site(sign("192.168.5." + std::to_string(n), "tcp", "", "x"));  // all behind one card
    site(listed("192.168.5.8"));
    EXPECT_TRUE(site.told.back().host_vendor.empty());
}

TEST(HostTable, TellsMistakesWithTheirLine) {
    const std::pair<const char*, const char*> cases[] = {
        {"version: 2", "h:1"},
        {"version: 1\nsystem: []", "h:2"},
        {"version: 1\nsystems:\n  - {name: A, support_ended: 2014-02-30}", "h:3"},
        {"version: 1\nsystems:\n  - {name: A, signs: [ntml 5.1]}", "h:3"},
        {"version: 1\nsystems:\n  - {signs: [ntlm 5.1]}", "h:3"},
        {"version: 1\nvendors:\n  \"00:11\": A", "h:3"},
        {"version: 1\nvendors:\n  \"00:11:2g\": A", "h:3"},
    };
    for (const auto& [text, where] : cases) {
        const auto table = HostTable::parse(text, "h");
        ASSERT_FALSE(table) << text;
        EXPECT_EQ(table.error().where, where) << text << ": " << table.error().message();
    }
}

}  // namespace
}  // namespace sekisho::judge
