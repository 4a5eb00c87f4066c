// What receivers keep of segments that overlap with different octets, by their kind: the nine ways in which a later segment
// can lie to an earlier one (Novak and Sturges, "Target-based TCP stream reassembly", 2007).
#include <gmock/gmock.h>

#include "stream/tcp_rig.h"

namespace sekisho::stream {
namespace {

using testing::kAck;

struct Way {
    unsigned begin, end;   ///< of the later segment; the earlier one is [4, 8)
};
constexpr Way kWays[] = {{2, 6}, {2, 8}, {2, 10}, {4, 6}, {4, 8}, {4, 10}, {5, 7}, {5, 8}, {5, 10}};

TcpConfig with_host(std::string_view row) {
    TcpConfig config;
    config.hosts.add(*HostSystems::parse_row(row));
    return config;
}

/// @return the octets from 0 on: '.' before both segments, 'e' and 'l' of the earlier and the later one
std::string assembled(const TcpConfig& config, const Way& way) {
    TcpRig rig(config);
    rig.open();
    rig.send(kUp, kAck, 1005, 5001, "eeee");
    rig.send(kUp, kAck, 1001 + way.begin, 5001, std::string(way.end - way.begin, 'l'));
    rig.send(kUp, kAck, 1001, 5001, std::string(std::min(way.begin, 4u), '.'));
    return rig.bytes(kUp);
}

std::string expected(const Way& way, bool later) {
    std::string out(std::max(way.end, 8u), '.');
    for (unsigned i = way.begin; i < way.end; ++i) out[i] = 'l';
    for (unsigned i = 4; i < 8; ++i)
        if (!(later && i >= way.begin && i < way.end)) out[i] = 'e';
    return out;
}

TEST(TcpOverlap, EachKindOfHostKeepsItsOwn) {
    struct Case {
        std::string_view system, later_wins;   ///< by kWays
    };
    constexpr Case kCases[] = {
        {"first", "---------"},   {"last", "+++++++++"},       {"bsd", "+++------"},     {"bsd-right", "---------"},
        {"linux", "+++--+---"},   {"old-linux", "+++-++---"},  {"solaris", "-++-++--+"}, {"old-solaris", "---------"},
        {"hpux10", "+++------"},  {"hpux11", "-++-++--+"},     {"irix", "+++------"},    {"macos", "+++------"},
        {"windows", "+++------"}, {"windows2k3", "+++------"}, {"vista", "---------"},
    };
    for (const Case& c : kCases)
        for (std::size_t i = 0; i < std::size(kWays); ++i)
            EXPECT_EQ(assembled(with_host(std::string(c.system) + " 198.51.100.0/24"), kWays[i]), expected(kWays[i], c.later_wins[i] == '+'))
                << c.system << ' ' << kWays[i].begin << '-' << kWays[i].end;
}

TEST(TcpOverlap, OtherHostsKeepTheFirstCopy) {
    for (const Way& way : kWays) EXPECT_EQ(assembled(with_host("last 192.0.2.0/24"), way), expected(way, false));
}

TEST(TcpOverlap, WhatIsInOrderIsNeverReplaced) {
    TcpRig rig(with_host("last 198.51.100.7"));
    rig.open();
    rig.send(kUp, kAck, 1001, 5001, "good");
    EXPECT_THAT(rig.events(rig.send(kUp, kAck, 1001, 5001, "evil")), ::testing::Contains("reassembly_overlap_different_data"));
    EXPECT_EQ(rig.bytes(kUp), "good");
}

TEST(TcpOverlap, InlineCopiesThatDifferAreRefusedWhateverTheHost) {
    TcpConfig config = with_host("last 198.51.100.7");
    config.enforce = true;
    TcpRig rig(config);
    rig.open();
    rig.send(kUp, kAck, 1005, 5001, "good");
    EXPECT_TRUE(rig.send(kUp, kAck, 1005, 5001, "evil").refuse);
}

}  // namespace
}  // namespace sekisho::stream
