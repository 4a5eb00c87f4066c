// The compiled set and the matcher against the plainest thing that could work: random literals, looked for in
// random bytes that arrive in random pieces, must be told exactly when find() finds them in what has come so far.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>

#include "sekisho/base/text.h"
#include "sekisho/detect/matcher.h"
#include "sekisho/packet/decode.h"
#include "sekisho/signature/compile.h"
#include "sekisho/signature/parser.h"
#include "support/packet_builder.h"

namespace sekisho::detect {
namespace {

constexpr std::size_t kRules = 48;       // fewer than kHitsMax: each may hit in one packet
constexpr std::size_t kStreamBytes = 4096;

struct Needle {
    std::string first;
    std::string second;  ///< empty: one content only; else it has to stand behind the first
    bool nocase = false;
};

std::string hex(std::string_view bytes) {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string out = "|";
    for (const char c : bytes) {
        out += kDigits[static_cast<unsigned char>(c) >> 4];
        out += kDigits[static_cast<unsigned char>(c) & 15];
        out += ' ';
    }
    out.back() = '|';
    return out;
}

std::string rule_text(const Needle& needle, std::size_t sid) {
    const std::string nocase = needle.nocase ? " nocase;" : "";
    std::string options = "content:\"" + hex(needle.first) + "\";" + nocase;
    if (!needle.second.empty()) options += " content:\"" + hex(needle.second) + "\"; distance:0;" + nocase;
    // Of rules that wait for a second part only those that block are tried on each packet.
    const std::string action = needle.second.empty() ? "alert" : "drop";
    return action + " tcp any any -> any any (msg:\"n\"; " + options + " sid:" + std::to_string(sid) + ";)\n";
}

bool naive(const Needle& needle, std::string_view hay) {
    std::string text(hay), first = needle.first, second = needle.second;
    if (needle.nocase) {
        text = to_lower(text);
        first = to_lower(first);
        second = to_lower(second);
    }
    const std::size_t at = text.find(first);
    if (at == std::string::npos) return false;
    return second.empty() || text.find(second, at + first.size()) != std::string::npos;
}

/// Octets of a small alphabet with the cases of letters and the ends of the octet range in it.
class RandomBytes {
  public:
    explicit RandomBytes(unsigned seed) : random_(seed) {}
    std::size_t below(std::size_t bound) { return random_() % bound; }
    std::string bytes(std::size_t size) {
        static constexpr std::string_view kAlphabet("aAbBcCxXyYzZ01=/\x00\xff", 18);
        std::string out;
        for (std::size_t i = 0; i < size; ++i) out += kAlphabet[below(kAlphabet.size())];
        return out;
    }

  private:
    std::mt19937 random_;
};

std::unique_ptr<const signature::CompiledSet> compile_needles(const std::vector<Needle>& needles) {
    std::string text;
    for (std::size_t i = 0; i < needles.size(); ++i) text += rule_text(needles[i], i + 1);
    auto parsed = signature::parse_rules(text, "random", {});
    EXPECT_TRUE(parsed.errors.empty()) << parsed.errors[0].message();
    auto set = signature::compile(std::move(parsed.rules));
    EXPECT_TRUE(set) << set.error().message();
    return std::move(*set);
}

/// One direction of a TCP stream whose bytes all stay in the window, as the engine hands it to the matcher.
class Stream {
  public:
    explicit Stream(const signature::CompiledSet& set)
        : set_(set), frame_(testing::PacketBuilder().ip("192.0.2.1", "198.51.100.7").tcp(40000, 5555).payload("x").build()) {
        for (const auto* db : set.databases()) EXPECT_TRUE(scratch_.add(*db));
        packet::decode({.bytes = frame_}, packet_);
    }

    /// Takes the next piece and gives the rules that hit.
    std::set<std::uint32_t> take(std::string_view piece) {
        const std::size_t from = bytes_.size();
        bytes_ += piece;
        PacketContext context;
        context.packet = &packet_;
        context.flow = &flow_;
        context.state = &state_;
        context.established = context.has_stream = context.payload_in_stream = true;
        context.streams[0] = {as_bytes(bytes_), 0, false, true};
        context.fresh_from[0] = from;
        matcher_.begin(set_, scratch_, context);
        if (const auto* group = set_.payload_group(signature::Transport::tcp, app::Direction::to_server, 5555))
            matcher_.scan_payload(*group, as_bytes(bytes_), from, 0);
        matcher_.finish();
        std::set<std::uint32_t> sids;
        for (const Hit& hit : matcher_.hits()) sids.insert(set_.rule(hit.rule).rule.sid);
        return sids;
    }
    const std::string& bytes() const { return bytes_; }
    const MatcherCounters& counters() const { return matcher_.counters(); }

  private:
    const signature::CompiledSet& set_;
    testing::Octets frame_;
    packet::Packet packet_;
    flow::Flow flow_;
    FlowRuleState state_;
    signature::PatternScratch scratch_;
    Matcher matcher_;
    std::string bytes_;
};

/// Random bytes with some of the needles, whole or nearly, strewn in.
std::string hay_with(const std::vector<Needle>& needles, RandomBytes& random) {
    std::string hay = random.bytes(kStreamBytes);
    for (std::size_t i = 0; i < needles.size() / 3; ++i) {
        const Needle& needle = needles[random.below(needles.size())];
        std::string planted = random.below(4) == 0 ? needle.second : needle.first;
        if (random.below(4) == 0 && !planted.empty()) planted.pop_back();
        hay.replace(random.below(hay.size() - planted.size()), planted.size(), planted);
    }
    return hay;
}

void compare_round(unsigned seed, bool with_second) {
    RandomBytes random(seed);
    std::vector<Needle> needles(kRules);
    for (std::size_t i = 0; i < kRules; ++i) {
        needles[i].first = random.bytes(1 + random.below(20));
        needles[i].nocase = random.below(3) == 0;
        if (with_second && i % 8 == 0) {
            needles[i].first = random.bytes(8);   // long enough to be rare: few wait at a time
            needles[i].second = random.bytes(1 + random.below(3));
        }
    }
    const auto set = compile_needles(needles);
    const std::string hay = hay_with(needles, random);
    Stream stream(*set);
    std::set<std::uint32_t> told;
    while (stream.bytes().size() < hay.size()) {
        const std::size_t size = 1 + random.below(random.below(2) == 0 ? 4 : 300);
        for (const auto sid : stream.take(std::string_view(hay).substr(stream.bytes().size(), size))) told.insert(sid);
        for (std::size_t i = 0; i < kRules; ++i) {
            const auto sid = static_cast<std::uint32_t>(i + 1);
            ASSERT_EQ(told.contains(sid), naive(needles[i], stream.bytes()))
                << "seed " << seed << ", rule " << rule_text(needles[i], sid) << " prefilter "
                << set->find(sid)->prefilter_note << " after " << stream.bytes().size() << " octets";
        }
    }
    EXPECT_EQ(stream.counters().pending_lost, 0u);
    EXPECT_EQ(stream.counters().candidates_lost, 0u);
    EXPECT_EQ(stream.counters().hits_lost, 0u);
}

TEST(Differential, SingleContentsAreToldOnTheOctetThatCompletesThem) {
    for (unsigned seed = 1; seed <= 30; ++seed) {
        compare_round(seed, false);
        if (HasFatalFailure()) return;
    }
}

TEST(Differential, PairsThatBlockAreToldOnTheOctetThatCompletesThem) {
    for (unsigned seed = 101; seed <= 120; ++seed) {
        compare_round(seed, true);
        if (HasFatalFailure()) return;
    }
}

TEST(Differential, AHitCountsOnceAndAgainForNewBytes) {
    const std::vector<Needle> needles{{"needle-in-hay", "", false}};
    const auto set = compile_needles(needles);
    Stream stream(*set);
    EXPECT_TRUE(stream.take("..needle-in-").empty());
    EXPECT_EQ(stream.take("hay").size(), 1u);
    EXPECT_TRUE(stream.take("..needle-in").empty());
    EXPECT_EQ(stream.take("-hay!").size(), 1u);
    EXPECT_TRUE(stream.take("more").empty());
}

}  // namespace
}  // namespace sekisho::detect
