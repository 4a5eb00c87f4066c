// What the prefilter knows of a rule must not change what the rule matches: literals behind a transform, rules that are
// found by one part and mean another, places that were tried before.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/pipeline_rig.h"

namespace sekisho::engine {
namespace {

using namespace testing;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string get(const std::string& host) { return "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n"; }

TEST(Prefilter, ADotPrefixMatchesTheDomainItself) {
    const std::string rules =
        alert_rule("http", R"(http.host; dotprefix; content:".dns.example"; endswith;)", 1);
    for (const auto& [host, hits] : {std::pair("dns.example", true), {"a.dns.example", true}, {"xdns.example", false}}) {
        Rig rig(rules);
        rig.feed(talk(80).open().client(get(host)).frames());
        EXPECT_EQ(!rig.sids().empty(), hits) << host;
    }
}

TEST(Prefilter, APayloadLiteralWakesItsMessageRule) {
    const std::string rules =
        alert_rule("http", R"(flow:to_client; content:"rare-token-in-page"; http.header; content:!"X-Safe";)", 1) +
        alert_rule("http", R"(flow:to_client; content:"rare-token-in-page"; http.header; content:!"Server";)", 2);
    const std::string page(9000, 'p');
    const std::string head = "HTTP/1.1 200 OK\r\nServer: s\r\nContent-Length: " + std::to_string(page.size() + 18) + "\r\n\r\n";
    Rig rig(rules);
    rig.feed(talk(80).open().client(get("a.example")).server(head).server(page.substr(0, 5000)).server(page.substr(5000))
                 .server("rare-token-in-page").frames());
    EXPECT_THAT(rig.sids(), ElementsAre(1));
}

TEST(Prefilter, ALaterPlaceCountsWhenTheFirstOneFails) {
    const std::string rules = headed_rule("alert http any any -> any any",
                                   R"(flow:to_client; file_data; content:"|22|f"; content:!"romC"; within:4; content:"tail"; distance:0;)", 1);
    const auto page = [](const std::vector<std::string>& pieces) {
        std::size_t size = 0;
        for (const auto& piece : pieces) size += piece.size();
        auto flow = talk(80).open().client(get("a.example"));
        flow.server("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n");
        for (const auto& piece : pieces) flow.server(piece);
        return flow.frames();
    };
    const std::string filler(1200, 'z');
    {
        Rig rig(rules);  // the first place waits for "tail", which comes two segments later
        rig.feed(page({"\"f ok", filler, "\"fromC", filler + "tail"}));
        EXPECT_THAT(rig.sids(), ElementsAre(1));
    }
    {
        Rig rig(rules);  // the first place fails for good, the second holds; it lies across two segments
        rig.feed(page({"\"fromC" + filler + "\"", "f yes" + filler, "tail"}));
        EXPECT_THAT(rig.sids(), ElementsAre(1));
    }
    {
        Rig rig(rules);
        rig.feed(page({"\"fromC", filler, "\"fromC", "tail"}));
        EXPECT_THAT(rig.sids(), IsEmpty());
    }
}

TEST(Prefilter, PacketRulesSeeTheFlagsTheyName) {
    const std::string rules = alert_rule("tcp", "flags:S,12;", 1) + alert_rule("tcp", "flags:!A;", 2) +
                              headed_rule("alert ip any any -> any any", "ip_proto:!6; ip_proto:!17;", 3) +
                              headed_rule("alert ip any any -> any any", "ip_proto:6; dsize:4;", 4);
    Rig rig(rules);
    rig.feed(talk().open().client("four").frames());
    EXPECT_THAT(rig.sids(), ElementsAre(1, 2, 4));
}

}  // namespace
}  // namespace sekisho::engine
