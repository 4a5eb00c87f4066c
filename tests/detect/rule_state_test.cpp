// What rules remember: flow bits and integers, bits of hosts and their expiry, and every type of threshold at the
// borders of its window.
#include "sekisho/detect/rule_state.h"

#include <gtest/gtest.h>

#include <string>

#include "signature/language_support.h"

namespace sekisho::detect {
namespace {

using signature::Threshold;

IpAddress host(std::uint32_t number) { return IpAddress::v4(0x0a000000u + number); }
constexpr TimeNs seconds(std::uint64_t n) { return static_cast<TimeNs>(n * kSecondNs); }
constexpr TimeNs kStart = seconds(1'700'000'000);

TEST(RuleMemory, BitsAreSetOnceAndCleared) {
    RuleMemory state;
    EXPECT_FALSE(state.has_bit(7));
    EXPECT_TRUE(state.set_bit(7));
    EXPECT_TRUE(state.set_bit(7));
    EXPECT_EQ(state.bits.size(), 1u);
    EXPECT_TRUE(state.has_bit(7));
    state.clear_bit(8);
    EXPECT_TRUE(state.has_bit(7));
    state.clear_bit(7);
    EXPECT_FALSE(state.has_bit(7));
}

TEST(RuleMemory, RefusesBitsBeyondItsSpaceAndTakesThemAgainAfterAClear) {
    RuleMemory state;
    for (std::uint32_t name = 1; name <= kFlowBits; ++name) ASSERT_TRUE(state.set_bit(name));
    EXPECT_FALSE(state.set_bit(1000));
    EXPECT_TRUE(state.set_bit(1)) << "a bit that is there needs no room";
    state.clear_bit(5);
    EXPECT_TRUE(state.set_bit(1000));
    for (std::uint32_t name = 1; name <= kFlowBits; ++name) EXPECT_EQ(state.has_bit(name), name != 5);
}

TEST(HostBits, EndWithTheirTime) {
    HostBits bits(1024);
    bits.set(1, host(1), {}, kStart + seconds(30));
    EXPECT_TRUE(bits.has(1, host(1), {}, kStart));
    EXPECT_TRUE(bits.has(1, host(1), {}, kStart + seconds(30) - 1));
    EXPECT_FALSE(bits.has(1, host(1), {}, kStart + seconds(30)));
    bits.set(1, host(1), {}, kStart + seconds(90));
    EXPECT_TRUE(bits.has(1, host(1), {}, kStart + seconds(60))) << "set again: the time begins anew";
}

TEST(HostBits, BelongToOneNameAndHost) {
    HostBits bits(1024);
    bits.set(1, host(1), host(2), kStart + seconds(30));
    EXPECT_FALSE(bits.has(2, host(1), host(2), kStart));
    EXPECT_FALSE(bits.has(1, host(1), {}, kStart));
    EXPECT_FALSE(bits.has(1, host(2), host(1), kStart));
    bits.clear(1, host(1), host(2));
    EXPECT_FALSE(bits.has(1, host(1), host(2), kStart));
}

TEST(HostBits, KeepTheNewestWhenFull) {
    HostBits bits(64);
    for (std::uint32_t i = 0; i < 10'000; ++i) {
        bits.set(1, host(i), {}, kStart + seconds(1 + i));
        ASSERT_TRUE(bits.has(1, host(i), {}, kStart)) << i;
    }
}

/// Counts hits of one rule by times and gives the answers as letters: a(lert) s(ilent) n(o match) A(ction).
class Counted {
  public:
    explicit Counted(const std::string& option, std::size_t capacity = 1024) : table_(capacity) {
        auto rule = signature::testing::rule_of(option);
        if (!rule || rule->thresholds.empty()) {
            ADD_FAILURE() << option << ": " << (rule ? "no threshold" : rule.error().what);
            threshold_ = Threshold{};
        } else {
            threshold_ = rule->thresholds[0];
        }
    }
    explicit Counted(const Threshold& threshold) : table_(1024), threshold_(threshold) {}

    char at(TimeNs now, const IpAddress& source = host(1), const IpAddress& destination = host(2), std::uint64_t sid = 1,
            std::uint64_t flow = 1) {
        return at(now, {source, destination, 0, 0}, sid, flow);
    }
    char at(TimeNs now, const ThresholdEnds& ends, std::uint64_t sid = 1, std::uint64_t flow = 1) {
        switch (table_.count(threshold_, sid, flow, ends, now)) {
            case ThresholdAnswer::alert: return 'a';
            case ThresholdAnswer::silent: return 's';
            case ThresholdAnswer::no_match: return 'n';
            case ThresholdAnswer::new_action: return 'A';
        }
        return '?';
    }
    std::string run(const std::vector<std::uint64_t>& times) {
        std::string answers;
        for (const std::uint64_t time : times) answers += at(kStart + seconds(time));
        return answers;
    }

  private:
    ThresholdTable table_;
    Threshold threshold_;
};

TEST(ThresholdTable, LimitTellsTheFirstOfEachWindow) {
    Counted limit("threshold:type limit, track by_src, count 2, seconds 60;");
    EXPECT_EQ(limit.run({0, 1, 2, 59, 60, 61, 62, 63}), "aasssaas");
}

TEST(ThresholdTable, ThresholdTellsEveryNth) {
    Counted every("threshold:type threshold, track by_src, count 3, seconds 60;");
    EXPECT_EQ(every.run({0, 1, 2, 3, 4, 5}), "nnanna");
    EXPECT_EQ(every.run({100, 101, 161, 162, 163}), "nnnna") << "two within the window and a third after it";
}

TEST(ThresholdTable, BothTellsOncePerWindow) {
    Counted both("threshold:type both, track by_src, count 3, seconds 60;");
    EXPECT_EQ(both.run({0, 1, 2, 3, 60, 61, 62, 63, 64}), "nnassnnas");
}

TEST(ThresholdTable, DetectionFilterTellsAllBeyondTheCount) {
    Counted filter("detection_filter:track by_src, count 2, seconds 60;");
    EXPECT_EQ(filter.run({0, 1, 2, 3, 60, 61, 62, 63}), "nnaaanna");
}

TEST(ThresholdTable, DetectionFilterCountsAPortOnce) {
    for (const bool by_source : {true, false}) {
        Counted filter(std::string("detection_filter:track by_src, count 2, seconds 60, unique_on ") + (by_source ? "src_port;" : "dst_port;"));
        const auto run = [&](std::uint64_t second, const std::vector<std::uint16_t>& ports) {
            std::string answers;
            for (const std::uint16_t port : ports)
                answers += filter.at(kStart + seconds(second), {host(1), host(2), by_source ? port : std::uint16_t{9}, by_source ? std::uint16_t{9} : port});
            return answers;
        };
        EXPECT_EQ(run(1, {1, 1, 1, 2, 1, 3, 3, 4}), "nnnnnaaa") << "three different ones are beyond two";
        EXPECT_EQ(run(62, {1, 1, 2, 3}), "nnna") << "in the next window all count anew";
    }
}

TEST(ThresholdTable, BackoffTellsRarelyAndMoreRarely) {
    Counted from_first("threshold:type backoff, track by_flow, count 1, multiplier 3;");
    EXPECT_EQ(from_first.run({0, 1, 2, 3, 400, 500, 600, 700, 800, 900}), "asasssssas");
    Counted from_second("threshold:type backoff, track by_flow, count 2, multiplier 2;");
    EXPECT_EQ(from_second.run({0, 1, 2, 3, 4, 5, 6, 7}), "nasasssa");
    EXPECT_EQ(from_second.at(kStart, host(1), host(2), 1, 2), 'n') << "another flow";
}

TEST(ThresholdTable, RateFilterChangesTheActionForItsTime) {
    Threshold rate;
    rate.type = Threshold::Type::rate_filter;
    rate.count = 2;
    rate.seconds = 10;
    rate.timeout = 30;
    rate.new_action = signature::Action::drop;
    Counted counted(rate);
    EXPECT_EQ(counted.run({0, 1, 2, 3, 31, 32, 33, 34}), "aaAAAaaA");
    EXPECT_EQ(counted.run({100, 111, 122}), "aaa") << "never more than two in ten seconds";
}

TEST(ThresholdTable, SuppressSilencesWhatItNames) {
    Threshold all;
    all.type = Threshold::Type::suppress;
    EXPECT_EQ(Counted(all).at(kStart), 's');
    Threshold one = all;
    one.addresses.any = false;
    one.addresses.ranges = {{host(1), host(1)}};
    for (const auto& [track, from_source, from_destination] :
         {std::tuple{Threshold::Track::by_src, 's', 'a'}, std::tuple{Threshold::Track::by_dst, 'a', 's'},
          std::tuple{Threshold::Track::either, 's', 's'}}) {
        one.track = track;
        Counted counted(one);
        EXPECT_EQ(counted.at(kStart, host(1), host(9)), from_source);
        EXPECT_EQ(counted.at(kStart, host(9), host(1)), from_destination);
        EXPECT_EQ(counted.at(kStart, host(8), host(9)), 'a');
    }
}

TEST(ThresholdTable, TracksWhatItIsTold) {
    const std::string option = "threshold:type limit, count 1, seconds 60, track ";
    Counted source(option + "by_src;"), destination(option + "by_dst;"), pair(option + "by_both;"), rule(option + "by_rule;");
    for (Counted* counted : {&source, &destination, &pair, &rule}) EXPECT_EQ(counted->at(kStart, host(1), host(2)), 'a');
    EXPECT_EQ(source.at(kStart, host(1), host(3)), 's');
    EXPECT_EQ(source.at(kStart, host(3), host(2)), 'a');
    EXPECT_EQ(destination.at(kStart, host(3), host(2)), 's');
    EXPECT_EQ(destination.at(kStart, host(1), host(3)), 'a');
    EXPECT_EQ(pair.at(kStart, host(1), host(2)), 's');
    EXPECT_EQ(pair.at(kStart, host(1), host(3)), 'a');
    EXPECT_EQ(rule.at(kStart, host(8), host(9)), 's');
    EXPECT_EQ(source.at(kStart, host(1), host(2), 77), 'a') << "each rule counts by itself";
}

TEST(ThresholdTable, TracksFlows) {
    Threshold by_flow;
    by_flow.track = Threshold::Track::by_flow;
    by_flow.count = 1;
    by_flow.seconds = 60;
    Counted counted(by_flow);
    for (std::uint64_t flow = 1; flow <= 4; ++flow) {
        EXPECT_EQ(counted.at(kStart, host(1), host(2), 1, flow), 'a') << flow;
        EXPECT_EQ(counted.at(kStart, host(1), host(2), 1, flow), 's') << flow;
    }
}

TEST(ThresholdTable, CountsOnWhenTimeJumpsBack) {
    Counted limit("threshold:type limit, track by_src, count 1, seconds 60;");
    EXPECT_EQ(limit.run({100, 40, 41, 100, 101}), "aassa");
}

TEST(ThresholdTable, TheOldestMakesRoomWhenFull) {
    Counted limit("threshold:type limit, track by_src, count 1, seconds 3600;", 64);
    for (std::uint32_t i = 0; i < 10'000; ++i) {
        const TimeNs now = kStart + seconds(1) * i / 10;
        ASSERT_EQ(limit.at(now, host(i)), 'a') << i;
        ASSERT_EQ(limit.at(now, host(i)), 's') << i;
    }
}

}  // namespace
}  // namespace sekisho::detect
