// `sekisho replay`: rules once, then each capture through a pipeline of its own.
#include "sekisho/replay/run.h"

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string>

#include "options.h"
#include "profile.h"
#include "sekisho/engine/policy.h"
#include "sekisho/event/json.h"
#include "sekisho/replay/pcap_source.h"

namespace sekisho::replay {
namespace {

/// Writes events to standard output, as JSON or for a reader.
class LineSink final : public event::Sink {
  public:
    LineSink(const Options& options, std::string capture)
        : json_(options.json), quiet_(options.profile != 0), capture_(std::move(capture)) {}

    void write(const event::Event& event) noexcept override {
        line_.clear();
        event::JsonOptions options;
        options.pcap_filename = capture_;
        if (json_) event::append_json(line_, event, options);
        else if (quiet_ || !summarise(event)) return;
        line_ += '\n';
        std::fwrite(line_.data(), 1, line_.size(), stdout);
    }

  private:
    bool summarise(const event::Event& e) {
        if (e.kind != event::Kind::alert && e.kind != event::Kind::url && e.kind != event::Kind::drop) return false;
        line_ = std::string(event::to_string(e.kind)) + " packet " + std::to_string(e.frame_number) + " " +
                e.src.to_string() + ":" + std::to_string(e.src_port) + " -> " + e.dst.to_string() + ":" +
                std::to_string(e.dst_port) + " " + std::string(event::to_string(e.action));
        if (e.kind == event::Kind::alert) line_ += " [" + std::to_string(e.sid) + "] " + std::string(e.get(event::Text::signature));
        if (e.kind == event::Kind::url)
            line_ += " " + std::string(e.get(event::Text::host)) + " " + std::string(e.get(event::Text::category));
        return true;
    }

    bool json_;
    bool quiet_;   ///< the profile is what was asked for, not the findings
    std::string capture_;
    std::string line_;
};

struct Totals {
    std::uint64_t packets = 0, octets = 0;
    double seconds = 0;
};

constexpr std::uint64_t kTickEvery = 32;  // as often as the fast path does, once a burst

/// @return false when the capture could not be read to its end
bool replay_one(const std::string& path, const Options& options, const engine::Policy& policy, Totals& totals,
                detect::RuleProfile& profile) {
    auto source = PcapSource::open(path, options.bpf);
    if (!source) {
        std::fprintf(stderr, "sekisho replay: %s\n", source.error().message().c_str());
        return false;
    }
    const bool named = options.captures.size() > 1;
    LineSink sink(options, named ? path : std::string());
    engine::Pipeline pipeline(options.pipeline, sink);
    if (options.trace) {
        pipeline.set_trace([](std::string_view station, std::string_view text) {
            std::printf("  %-8.*s %.*s\n", static_cast<int>(station.size()), station.data(), static_cast<int>(text.size()),
                        text.data());
        });
    }
    if (options.profile != 0) pipeline.set_profile(&profile);
    packet::Frame frame;
    const auto start = std::chrono::steady_clock::now();
    while ((*source)->next(frame)) {
        if (options.trace) std::printf("packet %llu\n", static_cast<unsigned long long>(frame.number));
        pipeline.inspect(frame, policy);
        ++totals.packets;
        totals.octets += frame.bytes.size();
        if (totals.packets % kTickEvery == 0) pipeline.tick(frame.time_ns, policy);
    }
    pipeline.finish(policy);
    totals.seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (options.stats) {
        pipeline.for_each_counter([](std::string_view name, std::uint64_t value) {
            if (value != 0)
                std::fprintf(stderr, "{\"event\":\"counter\",\"name\":\"%.*s\",\"value\":%llu}\n",
                             static_cast<int>(name.size()), name.data(), static_cast<unsigned long long>(value));
        });
    }
    // A capture that ends in the middle of a packet was inspected as far as it goes.
    if (!(*source)->error().empty())
        std::fprintf(stderr, "sekisho replay: %s: %s\n", path.c_str(), (*source)->error().c_str());
    return true;
}

}  // namespace

int run(int argc, char** argv) {
    auto options = parse_options(argc, argv);
    if (!options) {
        std::fprintf(stderr, "sekisho replay: %s\n%s", options.error().message().c_str(), usage());
        return 2;
    }
    if (options->help || options->captures.empty()) {
        std::fputs(usage(), options->help ? stdout : stderr);
        return options->help ? 0 : 2;
    }
    engine::PolicyInput input;
    input.settings = options->settings;
    engine::PolicyReport report;
    const auto policy = engine::build_policy(input, report);
    for (const std::string& error : report.errors) std::fprintf(stderr, "%s\n", error.c_str());
    if (!policy) {
        std::fprintf(stderr, "sekisho replay: %s\n", policy.error().message().c_str());
        return 1;
    }
    if (options->json)
        std::printf("{\"event\":\"rules\",\"loaded\":%zu,\"failed\":%zu}\n", report.rules_loaded, report.rules_failed);

    Totals totals;
    detect::RuleProfile profile;
    bool all_read = true;
    for (unsigned round = 0; round < options->repeat; ++round)
        for (const std::string& capture : options->captures)
            all_read = replay_one(capture, *options, **policy, totals, profile) && all_read;
    if (options->profile != 0)
        std::fputs(profile_report(profile, (*policy)->rules(), options->profile, options->json).c_str(), stdout);
    if (options->stats)
        std::fprintf(stderr, "{\"event\":\"stats\",\"seconds\":%.6f,\"packets\":%llu,\"octets\":%llu,\"load_seconds\":%.3f}\n",
                     totals.seconds, static_cast<unsigned long long>(totals.packets),
                     static_cast<unsigned long long>(totals.octets), report.seconds);
    std::fflush(stdout);
    return all_read ? 0 : 1;
}

}  // namespace sekisho::replay
