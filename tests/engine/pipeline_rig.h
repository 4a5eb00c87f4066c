// A pipeline with rules given as text, fed with built frames: keeps what it judged and what it told.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "sekisho/engine/pipeline.h"
#include "sekisho/engine/policy.h"
#include "sekisho/packet/decode.h"
#include "support/packet_builder.h"

namespace sekisho::engine::testing {

using sekisho::testing::Octets;
using sekisho::testing::PacketBuilder;
using sekisho::testing::TcpTalk;

class EventList final : public event::Sink {
  public:
    void write(const event::Event& event) noexcept override { events.push_back(event); }
    std::vector<event::Event> events;
};

/// One judgement with the bytes of its answers.
struct Judged {
    Verdict verdict = Verdict::pass;
    Cause cause = Cause::none;
    std::vector<std::pair<Octets, bool>> answers;  ///< frame, to the sender of what was judged
};

/// Settings for a filter that blocks `names` as the category "games".
inline config::Settings blocking(const std::string& names) {
    config::Settings settings;
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    const auto folder = std::filesystem::path(::testing::TempDir()) / ("sekisho-" + std::string(test->name()));
    std::filesystem::create_directories(folder / "games");
    std::ofstream(folder / "games" / "domains") << names;
    settings.url.lists = {folder.string()};
    settings.url.categories = {{"games", config::UrlAction::block}};
    settings.applications.enabled = false;
    return settings;
}
inline config::Settings no_filter() {
    config::Settings settings;
    settings.url.enabled = false;
    settings.applications.enabled = false;
    return settings;
}

inline std::unique_ptr<const Policy> policy_of(const std::string& rules, const config::Settings& settings = no_filter()) {
    PolicyInput input;
    input.settings = settings;
    input.rules_text = rules;
    PolicyReport report;
    auto policy = build_policy(input, report);
    for (const std::string& error : report.errors) ADD_FAILURE() << error;
    if (!policy) throw std::runtime_error(policy.error().message());
    return std::move(*policy);
}

inline PipelineConfig small_config(Enforcement enforcement = Enforcement::observe) {
    PipelineConfig config;
    config.enforcement = enforcement;
    config.flows = 1024;
    config.stream_memory_bytes = MiB(32);
    return config;
}

class Rig {
  public:
    explicit Rig(const std::string& rules, Enforcement enforcement = Enforcement::observe)
        : Rig(policy_of(rules), small_config(enforcement)) {}
    Rig(std::unique_ptr<const Policy> policy, const PipelineConfig& config)
        : policy_(std::move(policy)), pipeline_(config, sink_) {}

    Judged feed(const Octets& frame) {
        packet::Frame in;
        in.bytes = frame;
        in.time_ns = now_ += 1'000'000;
        in.number = ++number_;
        const Judgement judgement = pipeline_.inspect(in, *policy_);
        Judged judged{judgement.verdict, judgement.cause, {}};
        for (const Answer& answer : judgement.answers)
            judged.answers.emplace_back(Octets(answer.frame.begin(), answer.frame.end()), answer.to_sender);
        return judged;
    }
    std::vector<Judged> feed(const std::vector<Octets>& frames) {
        std::vector<Judged> all;
        for (const Octets& frame : frames) all.push_back(feed(frame));
        return all;
    }
    void finish() { pipeline_.finish(*policy_); }
    void swap(std::unique_ptr<const Policy> policy) { policy_ = std::move(policy); }

    std::vector<const event::Event*> events(event::Kind kind) const {
        std::vector<const event::Event*> found;
        for (const event::Event& event : sink_.events)
            if (event.kind == kind) found.push_back(&event);
        return found;
    }
    /// Sids of the alerts so far, in order.
    std::vector<std::uint32_t> sids() const {
        std::vector<std::uint32_t> sids;
        for (const event::Event* event : events(event::Kind::alert)) sids.push_back(event->sid);
        return sids;
    }
    std::uint64_t counter(std::string_view wanted) const {
        std::uint64_t found = 0;
        pipeline_.for_each_counter([&](std::string_view name, std::uint64_t value) {
            if (name == wanted) found = value;
        });
        return found;
    }
    Pipeline& pipeline() { return pipeline_; }
    EventList& sink() { return sink_; }
    TimeNs& now() { return now_; }

  private:
    EventList sink_;
    std::unique_ptr<const Policy> policy_;
    Pipeline pipeline_;
    TimeNs now_ = 1'700'000'000 * kSecondNs;
    std::uint64_t number_ = 0;
};

inline packet::Packet decoded(const Octets& frame) {
    packet::Packet packet;
    packet::decode({.bytes = frame}, packet);
    return packet;
}
inline std::string payload_of(const Octets& frame) { return std::string(as_text(decoded(frame).payload_bytes())); }

/// A TCP conversation on ports without a protocol of their own.
inline std::string headed_rule(std::string_view header, std::string_view options, unsigned sid = 1) {
    const std::string number = std::to_string(sid);
    return std::string(header) + " (msg:\"m" + number + "\"; " + std::string(options) + " sid:" + number + "; rev:1;)\n";
}
inline std::string alert_rule(std::string_view protocol, std::string_view options, unsigned sid = 1) {
    return headed_rule("alert " + std::string(protocol) + " any any -> any any", options, sid);
}

inline TcpTalk talk(unsigned server_port = 5555) { return {"192.0.2.1", 40000, "198.51.100.7", server_port}; }

/// Who spoke of a whole conversation, in the order of the alerts.
inline std::vector<std::uint32_t> sids_of(const std::string& rules, const TcpTalk& conversation) {
    Rig rig(rules);
    rig.feed(conversation.frames());
    rig.finish();
    return rig.sids();
}

}  // namespace sekisho::engine::testing
