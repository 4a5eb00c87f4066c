// A FieldSink that writes down all it is told, for tests and fuzz targets of parsers.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "sekisho/app/app_event_list.h"
#include "sekisho/app/parser.h"

namespace sekisho::testing {

struct RecordedTx {
    std::map<app::Field, std::vector<std::string>> fields;
    std::map<std::pair<app::Direction, app::Field>, std::vector<std::string>> bodies;  ///< joined pieces, one per first
    std::map<app::Fact, std::uint64_t> facts;
    std::vector<app::AppEvent> events;
    app::Stage stage[2] = {app::Stage::none, app::Stage::none};
    app::Protocol protocol = app::Protocol::unknown;  ///< other than the parser's
    bool closed = false;

    bool operator==(const RecordedTx&) const = default;
};

struct RecordedExpectation {
    app::Protocol protocol;
    app::Direction listener;
    std::uint16_t port;
    std::string name;
    std::uint8_t command;
    bool operator==(const RecordedExpectation&) const = default;
};

struct RecordedFrame {
    app::Direction direction;
    app::Field field;
    std::uint64_t octets;  ///< as announced
    bool operator==(const RecordedFrame&) const = default;
};

class RecordingSink : public app::FieldSink {
  public:
    app::TxId open() noexcept override {
        transactions.emplace_back();
        return transactions.size() - 1;
    }
    void put(app::TxId tx, app::Field field, Bytes value) noexcept override {
        auto& values = at(tx).fields[field];
        if (app::info(field).kind == app::FieldKind::single) values.clear();
        values.emplace_back(as_text(value));
    }
    void append(app::TxId tx, app::Field field, Bytes more) noexcept override {
        auto& values = at(tx).fields[field];
        if (values.empty()) values.emplace_back();
        values.back() += as_text(more);
    }
    void fact(app::TxId tx, app::Fact fact, std::uint64_t value) noexcept override { at(tx).facts[fact] = value; }
    void body(app::TxId tx, app::Direction direction, app::Field field, Bytes piece,
              app::BodyPart part) noexcept override {
        auto& bodies = at(tx).bodies[{direction, field}];
        if (part.first || bodies.empty()) bodies.emplace_back();
        bodies.back() += as_text(piece);
        ++body_calls;
    }
    void stage(app::TxId tx, app::Direction direction, app::Stage stage) noexcept override {
        auto& now = at(tx).stage[static_cast<int>(direction)];
        if (stage < now) stage_fell = true;
        now = stage;
    }
    void event(app::TxId tx, app::AppEvent event) noexcept override { at(tx).events.push_back(event); }
    void frame(app::Direction direction, app::Field field, Bytes, std::uint64_t octets) noexcept override {
        frames.push_back({direction, field, octets});
    }
    void frame_ends(app::Direction direction, app::Field field) noexcept override {
        frames_ended.push_back({direction, field, 0});
    }
    void speaks(app::TxId tx, app::Protocol protocol) noexcept override { at(tx).protocol = protocol; }
    void expect(const app::Expected& e) noexcept override {
        expected.push_back({e.protocol, e.listener, e.port, std::string(as_text(e.name)), e.command});
    }
    void close(app::TxId tx) noexcept override {
        if (at(tx).closed) closed_twice = true;
        at(tx).closed = true;
    }

    /// First value of a field, or "".
    std::string value(app::TxId tx, app::Field field) const {
        const auto found = transactions.at(tx).fields.find(field);
        return found == transactions.at(tx).fields.end() ? "" : found->second.front();
    }
    bool has(app::TxId tx, app::Field field) const { return transactions.at(tx).fields.contains(field); }
    std::string body_of(app::TxId tx, app::Direction direction, app::Field field) const {
        const auto found = transactions.at(tx).bodies.find({direction, field});
        return found == transactions.at(tx).bodies.end() ? "" : found->second.front();
    }
    bool has_event(app::TxId tx, app::AppEvent event) const {
        for (const auto seen : transactions.at(tx).events)
            if (seen == event) return true;
        return false;
    }

    std::vector<RecordedTx> transactions;
    std::vector<RecordedExpectation> expected;
    std::vector<RecordedFrame> frames;
    std::vector<RecordedFrame> frames_ended;
    std::size_t body_calls = 0;
    bool stage_fell = false;
    bool closed_twice = false;

  private:
    RecordedTx& at(app::TxId tx) { return transactions.at(tx); }
};

/// One parser over one connection, with the window that the engine keeps for unfinished units.
class ParserRun {
  public:
    ParserRun(const app::Parser& parser, app::FieldSink& sink)
        : parser_(parser), sink_(sink), state_(parser.state_size / 8 + 1, 0) {
        parser_.init(state_.data());
    }
    ~ParserRun() { parser_.destroy(state_.data()); }
    ParserRun(const ParserRun&) = delete;
    ParserRun& operator=(const ParserRun&) = delete;

    /// False once the parser is broken.
    bool feed(app::Direction direction, std::string_view bytes) {
        auto& window = window_[static_cast<int>(direction)];
        window += bytes;
        while (!broken_ && !window.empty()) {
            const std::string given = window;  // exact size, so that a sanitizer sees a read past its end
            const auto step = parser_.parse(state_.data(), direction, as_bytes(given), sink_);
            if (step.kind == app::Step::Kind::need_more) break;
            if (step.kind == app::Step::Kind::broken) {
                broken_ = true;
                fault_ = step.fault;
                next_ = step.next;
                if (parser_.leave != nullptr) left_ = as_text(parser_.leave(state_.data()));
                break;
            }
            if (step.octets == 0) break;
            window.erase(0, step.octets);
        }
        return !broken_;
    }
    bool gap(app::Direction direction, std::uint64_t octets) {
        window_[static_cast<int>(direction)].clear();
        return parser_.gap(state_.data(), direction, octets, sink_);
    }
    void end(app::Direction direction) {
        const std::string left = window_[static_cast<int>(direction)];
        if (parser_.rest != nullptr && !broken_ && !left.empty()) parser_.rest(state_.data(), direction, as_bytes(left), sink_);
        parser_.end(state_.data(), direction, sink_);
    }
    void end() {
        end(app::Direction::to_server);
        end(app::Direction::to_client);
    }
    app::Fault fault() const { return fault_; }
    app::Protocol next() const { return next_; }
    const std::string& left() const { return left_; }   ///< to the next protocol
    bool broken() const { return broken_; }
    std::size_t waiting(app::Direction direction) const { return window_[static_cast<int>(direction)].size(); }

  private:
    const app::Parser& parser_;
    app::FieldSink& sink_;
    std::vector<std::uint64_t> state_;
    std::string window_[2];
    bool broken_ = false;
    app::Fault fault_ = app::Fault::none;
    app::Protocol next_ = app::Protocol::unknown;
    std::string left_;
};

}  // namespace sekisho::testing
