// The conversations of tests/app/corpus by folder and name ("smtp/mail"), and what parsers say of them.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "support/parser_segments.h"

namespace sekisho::app {

constexpr auto kUp = Direction::to_server;
constexpr auto kDown = Direction::to_client;

inline std::vector<testing::Segment> corpus(std::string_view name) {
    return testing::load_segments(std::string(SEKISHO_SOURCE_DIR "/tests/app/corpus/") + std::string(name));
}

/// Runs a whole conversation. Over TCP the places where it is cut must make no difference.
inline testing::RecordingSink run(const Parser& parser, std::string_view name) {
    const auto segments = corpus(name);
    if (parser.transport == Transport::tcp) testing::check_cuts(parser, segments);
    testing::RecordingSink sink;
    testing::run_segments(parser, segments, 0, sink);
    return sink;
}

/// The same of a conversation that leaves no transaction open.
inline testing::RecordingSink run_to_end(const Parser& parser, std::string_view name) {
    auto sink = run(parser, name);
    for (const auto& tx : sink.transactions) EXPECT_TRUE(tx.closed);
    return sink;
}

}  // namespace sekisho::app
