// Where names come from, and what a client gets: proxies' requests, learned addresses, encrypted hellos, warnings that
// can be passed, rules for single clients, DNS over TCP.
#include <gmock/gmock.h>

#include "engine/client_hello.h"
#include "engine/pipeline_rig.h"

namespace sekisho::engine {
namespace {

using namespace testing;
using namespace sekisho::testing;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::string asked_of_proxy(const std::string& line, const std::string& host, const std::string& more = {}) {
    return line + " HTTP/1.1\r\nHost: " + host + "\r\nAccept-Language: en\r\n" + more + "\r\n";
}

/// What the client is told in answer to what it sent; "" when everything passed.
std::string told(Rig& rig, const std::string& sent, unsigned port = 80, const char* client = "192.0.2.1", unsigned client_port = 40000) {
    std::string text;
    for (const Judged& judged : rig.feed(TcpTalk(client, client_port, "198.51.100.7", port).open().client(sent).frames()))
        for (const auto& [frame, back] : judged.answers)
            if (back) text += payload_of(frame);
    return text;
}

Rig enforcing(const config::Settings& settings) { return {policy_of("", settings), small_config(Enforcement::enforce)}; }

TEST(UrlGate, ProxyRequestsAreJudgedByTheirTarget) {
    for (const auto& [line, host] : {std::pair{"GET http://www.play.example/x", "proxy.example"},
                                     {"CONNECT www.play.example:443", "proxy.example:3128"},
                                     {"GET /", "www.play.example"}}) {
        Rig rig = enforcing(blocking("play.example\n"));
        EXPECT_THAT(told(rig, asked_of_proxy(line, host), 3128), HasSubstr("403 Forbidden")) << line;
    }
    Rig rig = enforcing(blocking("play.example\n"));
    EXPECT_EQ(told(rig, asked_of_proxy("CONNECT good.example:443", "good.example:443"), 3128), "");
    EXPECT_EQ(told(rig, asked_of_proxy("GET http://good.example/http://play.example/", "good.example"), 3128, "192.0.2.1", 40001), "");
}

TEST(UrlGate, AWarningIsPassedByThePersonAndRemembered) {
    auto settings = blocking("play.example\n");
    settings.url.categories["games"] = config::UrlAction::warn;
    settings.url.warn_minutes = 10;
    Rig rig = enforcing(settings);
    const std::string page = told(rig, asked_of_proxy("GET /roulette?x=1", "play.example"));
    EXPECT_THAT(page, HasSubstr("403 Warning"));
    const auto link_at = page.find("/.sekisho-continue/");
    ASSERT_NE(link_at, std::string::npos);
    const std::string link = page.substr(link_at, page.find('"', link_at) - link_at);
    EXPECT_THAT(link, HasSubstr("?/roulette?x=1"));

    const std::string stranger = told(rig, asked_of_proxy("GET " + link, "play.example"), 80, "192.0.2.99", 40001);
    EXPECT_THAT(stranger, HasSubstr("403 Warning")) << "the link is for the person who saw it";
    EXPECT_THAT(stranger, HasSubstr("?/roulette?x=1")) << "and leads on to the same place";
    const std::string go_on = told(rig, asked_of_proxy("GET " + link, "play.example"), 80, "192.0.2.1", 40002);
    EXPECT_THAT(go_on, HasSubstr("303 See Other\r\nLocation: /roulette?x=1\r\n"));
    const auto cookie_at = go_on.find("sekisho-continue=");
    const std::string cookie = "Cookie: a=b; " + go_on.substr(cookie_at, go_on.find(';', cookie_at) - cookie_at) + "\r\n";
    EXPECT_EQ(told(rig, asked_of_proxy("GET /roulette?x=1", "play.example", cookie), 80, "192.0.2.1", 40003), "");
    rig.now() += 11 * 60 * kSecondNs;
    EXPECT_THAT(told(rig, asked_of_proxy("GET /", "play.example", cookie), 80, "192.0.2.1", 40004), HasSubstr("403 Warning")) << "over";
}

TEST(UrlGate, RulesSpeakToSingleClients) {
    auto settings = blocking("play.example\n");
    settings.url.groups = {{"lab", {"192.0.2.64/26"}}};
    settings.url.rules = {{"lab-may", {"lab"}, {"games"}, config::UrlAction::allow, "", "", "", ""}};
    Rig rig = enforcing(settings);
    EXPECT_EQ(told(rig, asked_of_proxy("GET /", "play.example"), 80, "192.0.2.70"), "");
    EXPECT_THAT(told(rig, asked_of_proxy("GET /", "play.example"), 80, "192.0.2.1", 40001), HasSubstr("403"));
}

TEST(UrlGate, ThePageIsTheAdmins) {
    auto settings = blocking("play.example\n");
    settings.url.block_page = ::testing::TempDir() + "/page_" + std::to_string(::getpid());
    std::ofstream(settings.url.block_page) << "{{#en}}Ask {{contact}} about {{incident}}: {{category}}{{/en}}";
    settings.url.contact = "ext. 12";
    Rig rig = enforcing(settings);
    const std::string page = told(rig, asked_of_proxy("GET /", "play.example"));
    EXPECT_THAT(page, HasSubstr("\r\n\r\nAsk ext. 12 about "));
    const auto events = rig.events(event::Kind::url);
    ASSERT_EQ(events.size(), 1u);
    EXPECT_THAT(page, HasSubstr(std::to_string(events[0]->id))) << "the number on the page finds the event";
    std::ofstream(settings.url.block_page) << "{{nonsense}}";
    PolicyInput input;
    input.settings = settings;
    PolicyReport report;
    EXPECT_THAT(build_policy(input, report).error().message(), HasSubstr("line 1: there is no '{{nonsense}}'"));
    std::filesystem::remove(settings.url.block_page);
}

const std::string kUnrecognizedName("\x15\x03\x03\x00\x02\x02\x70", 7);

TEST(UrlGate, EncryptedHellosHaveAPolicyOfTheirOwn) {
    for (const auto& [policy, stopped, events] : {std::tuple{config::UrlAction::allow, false, 0u}, {config::UrlAction::alert, false, 1u},
                                                  {config::UrlAction::block, true, 1u}}) {
        auto settings = blocking("play.example\n");
        settings.url.ech = policy;
        Rig rig = enforcing(settings);
        EXPECT_EQ(told(rig, client_hello("public.example", true), 443) == kUnrecognizedName, stopped);
        ASSERT_EQ(rig.events(event::Kind::url).size(), events);
        if (events != 0) {
            EXPECT_EQ(rig.events(event::Kind::url)[0]->get(event::Text::category), "ech");
        }
        EXPECT_EQ(told(rig, client_hello("public.example", false), 443, "192.0.2.1", 40001), "");
    }
}

Octets dns_query(const std::string& label) {
    std::string text("\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00", 12);
    text += static_cast<char>(label.size());
    text += label + std::string("\x07""example\x00\x00\x01\x00\x01", 13);
    return PacketBuilder().ip("192.0.2.1", "198.51.100.53").udp(4000, 53).payload(text).build();
}

Octets dns_answer(const std::string& label, const std::string& address) {
    std::string text("\x12\x34\x81\x80\x00\x01\x00\x01\x00\x00\x00\x00", 12);
    text += static_cast<char>(label.size());
    text += label + std::string("\x07""example\x00\x00\x01\x00\x01", 13);
    text += std::string("\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x04", 12) + address;
    return PacketBuilder().ip("198.51.100.53", "192.0.2.1").udp(53, 4000).payload(text).build();
}

TEST(UrlGate, AConnectionWithoutANameKeepsTheOneThatDnsGave) {
    const std::string server("\xc6\x33\x64\x07", 4);
    for (const bool encrypted : {false, true}) {
        Rig rig = enforcing(blocking("good-for-now.example\n"));
        EXPECT_EQ(told(rig, client_hello("", encrypted), 443), "");
        rig.feed(dns_query("play"));
        EXPECT_EQ(rig.feed(dns_answer("play", server)).verdict, Verdict::pass);
        rig.swap(policy_of("", blocking("play.example\n")));  // it was asked for before it was listed
        EXPECT_EQ(told(rig, client_hello(encrypted ? "public.example" : "", encrypted), 443, "192.0.2.1", 40001), kUnrecognizedName);
        EXPECT_EQ(told(rig, client_hello("", encrypted), 443, "192.0.2.2", 40001), "") << "another client did not ask";
        EXPECT_EQ(told(rig, client_hello("good.example", false), 443, "192.0.2.1", 40002), "") << "a name that is given counts";
        EXPECT_THAT(told(rig, asked_of_proxy("GET /", "198.51.100.7"), 80, "192.0.2.1", 40003), HasSubstr("403"));
        rig.feed(dns_query("good"));
        rig.feed(dns_answer("good", server));
        EXPECT_EQ(told(rig, client_hello("", encrypted), 443, "192.0.2.1", 40004), "") << "two names of one address: nobody can tell";
    }
}

TEST(UrlGate, DnsOverTcpIsAnsweredInKind) {
    const std::string query("\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x04play\x07""example\x00\x00\x01\x00\x01", 30);
    const std::string framed = std::string("\x00\x1e", 2) + query;
    Rig rig = enforcing(blocking("play.example\n"));
    const std::string answer = told(rig, framed, 53);
    ASSERT_GT(answer.size(), 14u);
    EXPECT_EQ(static_cast<std::size_t>(answer[1]), answer.size() - 2);
    EXPECT_EQ(answer.substr(2, 2), query.substr(0, 2));
    EXPECT_EQ(answer[5] & 15, 3) << "NXDOMAIN";
}

TEST(UrlGate, AWarningWhereNoPageCanBeShown) {
    for (const auto& [unseen, alert] : {std::pair{config::UrlAction::alert, ""}, {config::UrlAction::block, kUnrecognizedName.c_str()}}) {
        auto settings = blocking("play.example\n");
        settings.url.categories["games"] = config::UrlAction::warn;
        settings.url.warn_unseen = unseen;
        Rig rig = enforcing(settings);
        EXPECT_EQ(told(rig, client_hello("play.example", false), 443), *alert != 0 ? kUnrecognizedName : "");
        EXPECT_EQ(rig.events(event::Kind::url).size(), 1u);
    }
}

TEST(UrlGate, ExpressionsAreSearchedForInTheWholeUrl) {
    auto settings = blocking("play.example\n");
    std::ofstream(settings.url.lists[0] + "/games/expressions") << "/roulette[0-9]+/\n";
    Rig rig = enforcing(settings);
    EXPECT_THAT(told(rig, asked_of_proxy("GET /a/Roulette7/b", "any.example")), HasSubstr("403"));
    EXPECT_EQ(told(rig, asked_of_proxy("GET /a/roulette/b", "any.example"), 80, "192.0.2.1", 40001), "");
}

}  // namespace
}  // namespace sekisho::engine
