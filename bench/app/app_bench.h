// One parser with a sink that does nothing, fed in segments of an Ethernet's size.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "sekisho/app/parser.h"

namespace sekisho::app::bench {

struct NullSink final : FieldSink {
    void frame(Direction, Field, Bytes, std::uint64_t) noexcept override {}
    void frame_ends(Direction, Field) noexcept override {}
    TxId open() noexcept override { return next++; }
    void put(TxId, Field, Bytes) noexcept override {}
    void append(TxId, Field, Bytes) noexcept override {}
    void fact(TxId, Fact, std::uint64_t) noexcept override {}
    void body(TxId, Direction, Field, Bytes, BodyPart) noexcept override {}
    void stage(TxId, Direction, Stage) noexcept override {}
    void event(TxId, AppEvent) noexcept override {}
    void speaks(TxId, Protocol) noexcept override {}
    void expect(const Expected&) noexcept override {}
    void close(TxId) noexcept override {}
    TxId next = 0;
};

class Conversation {
  public:
    static constexpr std::size_t kSegment = 1448;

    explicit Conversation(const Parser& parser) : parser_(parser), state_(parser.state_size / 8 + 1, 0) {
        parser_.init(state_.data());
    }
    ~Conversation() { parser_.destroy(state_.data()); }
    Conversation(const Conversation&) = delete;
    Conversation& operator=(const Conversation&) = delete;

    /// As the engine does: bytes that a parser leaves are given again with the next segment behind them.
    void give(Direction direction, std::string_view bytes) {
        std::size_t from = 0;
        for (std::size_t have = std::min(kSegment, bytes.size());; have = std::min(have + kSegment, bytes.size())) {
            while (from < have) {
                const auto step = parser_.parse(state_.data(), direction, as_bytes(bytes.substr(from, have - from)), sink_);
                if (step.kind != Step::Kind::consumed) break;
                from += step.octets;
            }
            if (have == bytes.size()) return;
        }
    }
    /// Starts a new connection.
    void restart() {
        parser_.destroy(state_.data());
        std::fill(state_.begin(), state_.end(), 0);
        parser_.init(state_.data());
    }

  private:
    const Parser& parser_;
    NullSink sink_;
    std::vector<std::uint64_t> state_;
};

}  // namespace sekisho::app::bench
