// What enforcement does: drops from the very packet that completes a match, resets, block pages, TLS alerts and
// DNS answers, and that observing does none of it.
#include <gmock/gmock.h>

#include "engine/client_hello.h"
#include "engine/pipeline_rig.h"
#include "sekisho/packet/decode.h"

namespace sekisho::engine {
namespace {

using namespace testing;
using namespace sekisho::testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string acting_rule(const std::string& action, const std::string& options, unsigned sid = 1) {
    return headed_rule(action + " tcp any any -> any any", options, sid);
}
bool is_reset(const Octets& frame) { return (decoded(frame).tcp_flags & kRst) != 0; }

// talk().open() is frames 0..2; each client() piece is two: the data and its acknowledgement.
std::vector<Octets> split_attack() {
    return talk().open().client("..att").client("ack..").client("more").server("late").frames();
}

TEST(Blocking, DropsFromThePacketThatCompletesTheMatch) {
    Rig rig(acting_rule("drop", R"(content:"attack";)"), Enforcement::enforce);
    const auto judged = rig.feed(split_attack());
    for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(judged[i].verdict, Verdict::pass) << i;
    EXPECT_EQ(judged[5].verdict, Verdict::drop);
    EXPECT_EQ(judged[5].cause, Cause::rule);
    for (std::size_t i = 6; i < judged.size(); ++i) {
        EXPECT_EQ(judged[i].verdict, Verdict::drop) << i;
        EXPECT_EQ(judged[i].cause, Cause::flow_settled) << i;
    }
    ASSERT_THAT(rig.sids(), ElementsAre(1));
    EXPECT_EQ(rig.events(event::Kind::alert)[0]->action, event::Action::blocked);
    EXPECT_EQ(rig.pipeline().judged(Verdict::drop, Cause::rule), 1u);
}

TEST(Blocking, ObservingPassesEverythingAndSaysSo) {
    Rig rig(acting_rule("drop", R"(content:"attack";)"));
    for (const Judged& judged : rig.feed(split_attack())) {
        EXPECT_EQ(judged.verdict, Verdict::pass);
        EXPECT_THAT(judged.answers, IsEmpty());
    }
    ASSERT_THAT(rig.sids(), ElementsAre(1));
    EXPECT_EQ(rig.events(event::Kind::alert)[0]->action, event::Action::allowed);
}

TEST(Blocking, PartsOfAMatchMayBeManySegmentsApart) {
    TcpTalk slow = talk().open();
    slow.client("first-part;");
    for (int i = 0; i < 40; ++i) slow.client("x");
    slow.client("then-this");
    Rig rig(acting_rule("drop", R"(content:"first-part"; content:"then"; distance:0;)"), Enforcement::enforce);
    const auto judged = rig.feed(slow.frames());
    EXPECT_EQ(judged[judged.size() - 2].verdict, Verdict::drop);
    EXPECT_EQ(judged[judged.size() - 2].cause, Cause::rule);
}

TEST(Blocking, RejectResetsTheSenderAndRejectbothBoth) {
    for (const auto& [action, expected] : {std::pair{"reject", std::vector{true}}, {"rejectdst", std::vector{false}},
                                           {"rejectboth", std::vector{true, false}}}) {
        Rig rig(acting_rule(action, R"(content:"attack";)"), Enforcement::enforce);
        const auto judged = rig.feed(split_attack());
        EXPECT_EQ(judged[5].verdict, Verdict::reset) << action;
        std::vector<bool> to_sender;
        for (const auto& [frame, back] : judged[5].answers) {
            EXPECT_TRUE(is_reset(frame));
            EXPECT_EQ(decoded(frame).dst.to_string(), back ? "192.0.2.1" : "198.51.100.7");
            to_sender.push_back(back);
        }
        std::sort(to_sender.rbegin(), to_sender.rend());
        EXPECT_EQ(to_sender, expected) << action;
        EXPECT_EQ(rig.events(event::Kind::alert)[0]->action, event::Action::rejected);
    }
}

TEST(Blocking, RejectOfADatagramIsAnIcmpError) {
    Rig rig("reject udp any any -> any any (content:\"attack\"; sid:1;)", Enforcement::enforce);
    const Judged judged = rig.feed(PacketBuilder().ip("192.0.2.1", "198.51.100.7").udp(1, 2).payload("attack").build());
    EXPECT_EQ(judged.verdict, Verdict::reset);
    ASSERT_EQ(judged.answers.size(), 1u);
    EXPECT_TRUE(decoded(judged.answers[0].first).is_icmp());
    EXPECT_TRUE(judged.answers[0].second);
}

TEST(Blocking, APassRuleExemptsTheFlow) {
    for (const auto enforcement : {Enforcement::enforce, Enforcement::observe}) {
        Rig rig(acting_rule("pass", R"(content:"letmein";)", 1) + acting_rule("drop", R"(content:"attack";)", 2), enforcement);
        const auto judged = rig.feed(talk().open().client("letmein attack").client("attack").frames());
        for (const Judged& one : judged) EXPECT_EQ(one.verdict, Verdict::pass);
        EXPECT_EQ(judged.back().cause, Cause::pass_rule);
        EXPECT_THAT(rig.sids(), IsEmpty());
    }
}

TEST(Blocking, ConflictingCopiesAreNotLetThrough) {
    Rig rig(acting_rule("alert", R"(content:"attack";)"), Enforcement::enforce);
    const auto segment = [](std::uint32_t seq, std::string_view text) {
        return PacketBuilder().ip("192.0.2.1", "198.51.100.7").tcp(40000, 5555).seq(seq).ack(5001).flags(kPsh | kAck)
            .payload(text).build();
    };
    rig.feed(talk().open().frames());
    EXPECT_EQ(rig.feed(segment(1007, "second")).verdict, Verdict::pass);
    const Judged conflict = rig.feed(segment(1007, "SECOND"));
    EXPECT_EQ(conflict.verdict, Verdict::drop);
    EXPECT_EQ(conflict.cause, Cause::stream_conflict);
}

TEST(Blocking, SegmentsOutOfPlaceAreNotLetThrough) {
    Rig rig(acting_rule("alert", R"(content:"attack";)"), Enforcement::enforce);
    rig.feed(talk().open().frames());
    const Judged refused = rig.feed(PacketBuilder().ip("192.0.2.1", "198.51.100.7").tcp(40000, 5555).seq(900'000'000)
                                        .ack(5001).flags(kPsh | kAck).payload("beyond the window").build());
    EXPECT_EQ(refused.verdict, Verdict::drop);
    EXPECT_EQ(refused.cause, Cause::stream_out_of_place);
}

const std::string kPlayRequest = "GET /a HTTP/1.1\r\nHost: www.play.example\r\nAccept-Language: en\r\n\r\n";

TEST(Blocking, ABlockedNameGetsAPage) {
    Rig rig(policy_of("", blocking("play.example\n")), small_config(Enforcement::enforce));
    const auto frames = talk(80).open().client(kPlayRequest).client("again").frames();
    const auto judged = rig.feed(frames);
    EXPECT_EQ(judged[3].verdict, Verdict::answer);
    EXPECT_EQ(judged[3].cause, Cause::url);
    std::string page;
    bool server_reset = false;
    for (const auto& [frame, back] : judged[3].answers) {
        const packet::Packet answer = decoded(frame);
        if (back) {
            EXPECT_EQ(answer.src.to_string() + " " + answer.dst.to_string(), "198.51.100.7 192.0.2.1");
            EXPECT_EQ(answer.src_port, 80);
            page += as_text(answer.payload_bytes());
        } else {
            EXPECT_EQ(answer.dst.to_string(), "198.51.100.7");
            server_reset = server_reset || is_reset(frame);
        }
    }
    EXPECT_TRUE(server_reset);
    EXPECT_THAT(page, HasSubstr("403"));
    EXPECT_THAT(page, HasSubstr("www.play.example"));
    EXPECT_THAT(page, HasSubstr("games"));
    EXPECT_EQ(judged[5].verdict, Verdict::reset) << "what the client still sends is reset";
    ASSERT_EQ(rig.events(event::Kind::url).size(), 1u);
    const event::Event& event = *rig.events(event::Kind::url)[0];
    EXPECT_EQ(event.action, event::Action::blocked);
    EXPECT_EQ(event.get(event::Text::host), "www.play.example");
    EXPECT_EQ(event.get(event::Text::category), "games");
    EXPECT_THAT(std::string(event.get(event::Text::list)), HasSubstr("games/domains:1"));
}

TEST(Blocking, ThePortOfABlockedConnectionServesTheNextOne) {
    Rig rig(policy_of("", blocking("play.example\n")), small_config(Enforcement::enforce));
    const auto blocked = talk(80).open().client(kPlayRequest).frames();
    rig.feed(blocked);
    EXPECT_EQ(rig.feed(blocked[0]).cause, Cause::flow_settled) << "its own SYN again is no new connection";
    TcpTalk next("192.0.2.1", 40000, "198.51.100.7", 80, 70'000);
    const auto fine = rig.feed(next.open().client("GET / HTTP/1.1\r\nHost: parts.example\r\n\r\n").frames());
    for (std::size_t i = 0; i < fine.size(); ++i) EXPECT_EQ(fine[i].verdict, Verdict::pass) << i;
    TcpTalk again("192.0.2.1", 40000, "198.51.100.7", 80, 900'000);
    const auto judged = rig.feed(again.open().client(kPlayRequest).frames());
    EXPECT_NE(judged[3].verdict, Verdict::answer) << "a SYN within a conversation that goes on begins nothing";
}

TEST(Blocking, TheSuccessorOfASettledConnectionIsJudgedFromItsFirstPacket) {
    Rig rig(acting_rule("drop", R"(content:"attack";)") + "alert tcp any any -> any any (msg:\"m\"; flags:S; seq:70000; sid:2;)\n",
            Enforcement::enforce);
    rig.feed(split_attack());
    TcpTalk next("192.0.2.1", 40000, "198.51.100.7", 5555, 70'000);
    const auto judged = rig.feed(next.open().client("fine").frames());
    for (std::size_t i = 0; i < judged.size(); ++i) EXPECT_EQ(judged[i].verdict, Verdict::pass) << i;
    EXPECT_THAT(rig.sids(), ElementsAre(1, 2));
}

TEST(Blocking, ObservingOnlyTellsABlockedName) {
    Rig rig(policy_of("", blocking("play.example\n")), small_config());
    for (const Judged& judged : rig.feed(talk(80).open().client(kPlayRequest).frames())) EXPECT_EQ(judged.verdict, Verdict::pass);
    ASSERT_EQ(rig.events(event::Kind::url).size(), 1u);
    EXPECT_EQ(rig.events(event::Kind::url)[0]->action, event::Action::allowed);
}

TEST(Blocking, ABlockedServerNameGetsATlsAlert) {
    const std::string hello = client_hello("www.play.example");
    for (const std::size_t cut : {hello.size(), std::size_t{60}, std::size_t{9}}) {
        Rig rig(policy_of("", blocking("play.example\n")), small_config(Enforcement::enforce));
        const auto judged = rig.feed(talk(443).open().client(hello, cut).frames());
        const Judged* answer = nullptr;
        for (const Judged& one : judged)
            if (one.verdict == Verdict::answer) answer = &one;
        ASSERT_NE(answer, nullptr) << "pieces of " << cut;
        std::string told;
        for (const auto& [frame, back] : answer->answers)
            if (back) told += payload_of(frame);
        ASSERT_GE(told.size(), 7u);
        EXPECT_EQ(told[0], 21) << "a TLS alert record";
        EXPECT_EQ(told[5], 2) << "fatal";
    }
}

TEST(Blocking, ABlockedQueryGetsAnAnswerFromTheServersAddress) {
    const std::string query("\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x04play\x07""example\x00\x00\x01\x00\x01", 30);
    for (const std::string address : {"", "192.0.2.99"}) {
        auto settings = blocking("play.example\n");
        settings.url.block_address = address;
        Rig rig(policy_of("", settings), small_config(Enforcement::enforce));
        const Judged judged =
            rig.feed(PacketBuilder().vlan(7).ip("192.0.2.1", "198.51.100.53").udp(4000, 53).payload(query).build());
        EXPECT_EQ(judged.verdict, Verdict::answer);
        ASSERT_EQ(judged.answers.size(), 1u);
        const packet::Packet answer = decoded(judged.answers[0].first);
        EXPECT_EQ(answer.src.to_string(), "198.51.100.53");
        EXPECT_EQ(answer.dst.to_string(), "192.0.2.1");
        EXPECT_EQ(answer.dst_port, 4000);
        const std::string text = payload_of(judged.answers[0].first);
        EXPECT_EQ(text.substr(0, 2), query.substr(0, 2));
        EXPECT_EQ(text[3] & 15, address.empty() ? 3 : 0) << "NXDOMAIN, or an address";
        if (!address.empty()) {
            EXPECT_THAT(text, HasSubstr(std::string("\xc0\x00\x02\x63", 4)));
        }
        // A second query on the same ports is judged by itself.
        EXPECT_EQ(rig.feed(PacketBuilder().vlan(7).ip("192.0.2.1", "198.51.100.53").udp(4000, 53).payload(query).build()).verdict,
                  Verdict::answer);
    }
}

}  // namespace
}  // namespace sekisho::engine
