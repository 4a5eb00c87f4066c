// Conversations as fuzz inputs: segments of one octet of direction, two of length and the bytes. Run whole and
// in small pieces, the same conversation must give the same fields; that is the contract of app/parser.h.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "support/recording_sink.h"

namespace sekisho::testing {

struct Segment {
    app::Direction direction;
    std::string bytes;
};

inline std::vector<Segment> read_segments(std::string_view in) {
    std::vector<Segment> segments;
    while (in.size() > 3) {
        const auto direction = (in[0] & 1) != 0 ? app::Direction::to_client : app::Direction::to_server;
        const auto length = static_cast<std::size_t>(static_cast<unsigned char>(in[1]) << 8 | static_cast<unsigned char>(in[2]));
        in.remove_prefix(3);
        segments.push_back({direction, std::string(in.substr(0, length))});
        in.remove_prefix(std::min(length, in.size()));
    }
    return segments;
}

inline std::vector<Segment> load_segments(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    return read_segments(bytes);
}

/// Runs a conversation. @param piece  octets given at a time; 0: each segment whole
inline void run_segments(const app::Parser& parser, const std::vector<Segment>& segments, std::size_t piece,
                         RecordingSink& sink) {
    ParserRun run(parser, sink);
    for (const auto& segment : segments) {
        const std::size_t step = piece == 0 ? std::max<std::size_t>(segment.bytes.size(), 1) : piece;
        for (std::size_t at = 0; at < segment.bytes.size(); at += step)
            run.feed(segment.direction, std::string_view(segment.bytes).substr(at, step));
    }
    run.end();
}

/// Aborts when cuts change what is told, or when the sink was told impossible things.
inline void check_cuts(const app::Parser& parser, const std::vector<Segment>& segments, bool compare_bodies = true) {
    RecordingSink whole;
    run_segments(parser, segments, 0, whole);
    if (whole.stage_fell || whole.closed_twice) std::abort();
    for (const std::size_t piece : {std::size_t{1}, std::size_t{7}}) {
        RecordingSink cut;
        run_segments(parser, segments, piece, cut);
        if (cut.stage_fell || cut.closed_twice) std::abort();
        if (!compare_bodies)
            for (auto* sink : {&whole, &cut})
                for (auto& tx : sink->transactions) tx.bodies.clear();
        if (whole.transactions != cut.transactions || whole.expected != cut.expected) std::abort();
    }
}

}  // namespace sekisho::testing
