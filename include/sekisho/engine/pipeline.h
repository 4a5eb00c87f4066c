// The way of a packet: decode, defragment, flow, stream, application parser, detect, verdict. One Pipeline per
// worker; the same one under DPDK inline, DPDK mirror, replay, tests, fuzzers and benchmarks. Knows no DPDK.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "sekisho/app/parser_selection.h"
#include "sekisho/base/address.h"
#include "sekisho/base/counters.h"
#include "sekisho/base/host_system.h"
#include "sekisho/config/settings.h"
#include "sekisho/detect/matcher.h"
#include "sekisho/detect/rule_profile.h"
#include "sekisho/engine/verdict.h"
#include "sekisho/event/event.h"
#include "sekisho/packet/decode.h"

namespace sekisho::engine {

class Expectations;
class Policy;
}
namespace sekisho::urlfilter {
class AddressNames;
}
namespace sekisho::engine {
class Quarantine;

/// Whether verdicts are carried out: after a drop that did not happen, the stream goes on.
enum class Enforcement : std::uint8_t { enforce, observe };

/// What becomes of a conversation that cannot be inspected as it should be: a TCP conversation whose handshake was not
/// seen, bytes that their parser refuses. To pass is to let it by uninspected. When observing only the passes are
/// carried out.
enum class ExceptionPolicy : std::uint8_t { ignore, pass_packet, pass_flow, drop_packet, drop_flow, reject };

struct PipelineConfig {
    Enforcement enforcement = Enforcement::observe;
    unsigned worker = 0;                    ///< index into Policy's scratch
    std::uint32_t flows = 262144;
    std::size_t stream_memory_bytes = MiB(256);
    std::uint32_t stream_depth_bytes = 1048576;
    bool midstream = false;
    bool async_oneside = false;
    bool verify_checksums = false;          ///< packets with a wrong checksum are not trusted
    bool by_vlan = true;                    ///< the same ends in two VLANs are two conversations
    packet::DecodeConfig decode;            ///< where tunnels are looked for
    bool drop_on_overload = false;
    std::size_t application_flows = 0;      ///< looked at by nDPI at the same time; 0: nobody asks it
    bool write_protocol_events = true;      ///< http / tls / dns / flow records, not only alerts
    app::ParserSelection protocols;            ///< which are followed, and how far
    HostSystems hosts = {};                 ///< what receivers keep of overlapping data; only when observing
    std::vector<Network> home;              ///< our networks: whose passive signs are told; empty: nobody's
    urlfilter::AddressNames* names = nullptr;  ///< shared by all workers of a box; null: one of its own
    std::size_t alerts_per_packet = detect::kHitsMax;  ///< further alerts of a packet act and are counted, not told
    ExceptionPolicy midstream_policy = ExceptionPolicy::ignore;
    ExceptionPolicy app_error_policy = ExceptionPolicy::ignore;
    bool write_drop_events = false;         ///< one event per packet not forwarded (replay, ips mode)
    std::shared_ptr<Expectations> expectations;  ///< of all workers of a program; null: one of its own
};

/// Per-worker settings from the box's settings (an equal share of the flows and memory).
PipelineConfig pipeline_config(const config::Settings& settings, unsigned worker, Enforcement enforcement);

enum class PipelineCounter : std::uint8_t {
    frames, octets, not_ip, malformed, fragments, tunnels, tcp, udp, icmp, other_ip,
    alerts, alerts_untold, count_
};

/// Tells what each station said about the packet at hand: "flow: new 10.0.0.1:1 -> ...". Only in replay and in
/// the CLI's packet test; costs nothing when not set.
using Trace = std::function<void(std::string_view station, std::string_view text)>;

class Pipeline {
  public:
    /// Takes all memory it will ever use. Both sinks outlive the pipeline.
    /// @param evidence  takes packets around matches; null: none are kept
    Pipeline(const PipelineConfig& config, event::Sink& sink, event::Sink* evidence = nullptr);
    ~Pipeline();
    Pipeline(const Pipeline&) = delete;
    Pipeline& operator=(const Pipeline&) = delete;

    /// Judges one frame. The frame's bytes may be changed by the caller only after the call. No allocation, no
    /// lock, no system call.  @thread the worker that owns the pipeline
    Judgement inspect(const packet::Frame& frame, const Policy& policy) noexcept;

    /// Timeouts, a bounded amount of work; once per burst is right. `now` in the frames' time.
    void tick(TimeNs now, const Policy& policy) noexcept;
    /// Ends all flows and writes their records (end of a replay, shutdown).
    void finish(const Policy& policy) noexcept;

    /// Hosts that are cut off, from the next frame on; null: none. The set must live until the next call.
    void isolate(const Quarantine* hosts) noexcept;

    std::size_t flows() const noexcept;
    const Counters<PipelineCounter>& counters() const noexcept;
    /// Frames by verdict and cause.
    std::uint64_t judged(Verdict verdict, Cause cause) const noexcept;
    /// Every counter of every room below by its full name ("stream.gaps"), for status and docs. Any thread.
    void for_each_counter(const std::function<void(std::string_view name, std::uint64_t value)>& use) const;
    void set_trace(Trace trace);
    /// Counts what each rule costs (detect/rule_profile.h); it outlives the pipeline.
    void set_profile(detect::RuleProfile* profile) noexcept;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace sekisho::engine
