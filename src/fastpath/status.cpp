#include "fastpath/status.h"

#include <rte_mempool.h>
#include <unistd.h>

#include <algorithm>
#include <map>

#include "sekisho/base/file_text.h"
#include "sekisho/base/text.h"
#include "sekisho/event/json_writer.h"

namespace sekisho::fastpath {
namespace {

using event::JsonWriter;

std::uint64_t resident_octets() {
    const auto text = read_file("/proc/self/statm", 256);
    if (!text) return 0;
    const auto words = split(*text, ' ');
    if (words.size() < 2) return 0;
    return static_cast<std::uint64_t>(parse_int(words[1], 0, INT64_MAX).value_or(0)) *
           static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

void write_policy(JsonWriter& json, const PolicyKeeper::State& state) {
    json.field("version", state.version);
    json.field("state", state.compiling ? "compiling" : state.version == 0 ? "empty" : "running");
    json.field("loaded", state.report.rules_loaded);
    json.field("failed", state.report.rules_failed);
    json.field("disabled", state.report.rules_disabled);
    json.field("url_entries", state.report.url_entries);
    json.field("url_rejected", state.report.url_rejected);
    json.field("milliseconds", static_cast<std::uint64_t>(state.report.seconds * 1000));
    json.field("restart_needed", state.restart_needed);
    json.field_if("error", state.error);
}

void write_ports(JsonWriter& json, const Sight& sight) {
    json.begin_array("ports");
    for (std::size_t i = 0; i < sight.ports.size(); ++i) {
        const Port& port = sight.ports[i];
        const PortStatistics stats = port.statistics();
        json.begin_object();
        json.field("name", port.name());
        json.field("device", port.device().name);
        json.field_if("interface", port.device().interface);
        json.field("role", sight.wires[i].mirror ? "mirror" : "inline");
        if (!sight.wires[i].mirror) json.field("peer", sight.wires[sight.wires[i].peer].name);
        json.field("link", port.link_up() ? "up" : "down");
        json.field("mtu", port.mtu());
        json.field("rx_frames", stats.rx_frames);
        json.field("rx_octets", stats.rx_octets);
        json.field("rx_missed", stats.rx_missed + sight.sockets.missed(port.device().interface));
        json.field("rx_errors", stats.rx_errors + stats.rx_no_buffer);
        json.field("tx_frames", stats.tx_frames);
        json.field("tx_octets", stats.tx_octets);
        json.field("tx_errors", stats.tx_errors);
        json.end_object();
    }
    json.end_array();
}

void write_verdicts(JsonWriter& json, const Worker& worker) {
    json.begin_object("verdicts");
    for (std::size_t v = 0; v < static_cast<std::size_t>(engine::Verdict::count_); ++v) {
        const auto verdict = static_cast<engine::Verdict>(v);
        json.begin_object(to_string(verdict));
        for (std::size_t c = 0; c < static_cast<std::size_t>(engine::Cause::count_); ++c) {
            const auto cause = static_cast<engine::Cause>(c);
            std::uint64_t sum = 0;
            for (const bool mirror : {false, true})
                if (const auto* pipeline = worker.pipeline(mirror)) sum += pipeline->judged(verdict, cause);
            if (sum > 0) json.field(to_string(cause), sum);
        }
        json.end_object();
    }
    json.end_object();
}

std::uint64_t flows_of(const Worker& worker) {
    std::uint64_t sum = 0;
    for (const bool mirror : {false, true})
        if (const auto* pipeline = worker.pipeline(mirror)) sum += pipeline->flows();
    return sum;
}

void write_worker_counters(JsonWriter& json, const Worker& worker) {
    for (std::size_t i = 0; i < Counters<WorkerCounter>::kCount; ++i) {
        const auto counter = static_cast<WorkerCounter>(i);
        json.field(to_string(counter), worker.counters().get(counter));
    }
}

void write_workers(JsonWriter& json, const Sight& sight) {
    json.begin_array("workers");
    for (const auto& worker : sight.workers) {
        json.begin_object();
        json.field("worker", worker->index());
        write_worker_counters(json, *worker);
        json.field("flows", flows_of(*worker));
        if (const auto* ring = worker->ring()) {
            json.field("events_written", ring->written());
            json.field("events_lost", ring->lost());
        }
        if (!sight.forward_only) write_verdicts(json, *worker);
        json.end_object();
    }
    json.end_array();
}

using Sums = std::map<std::string, std::uint64_t, std::less<>>;

/// Everything one worker counts, by full name.
Sums all_counters(const Worker& worker) {
    Sums sums;
    for (std::size_t i = 0; i < Counters<WorkerCounter>::kCount; ++i) {
        const auto counter = static_cast<WorkerCounter>(i);
        sums[std::string("worker.") + to_string(counter)] += worker.counters().get(counter);
    }
    for (const bool mirror : {false, true})
        if (const auto* pipeline = worker.pipeline(mirror))
            pipeline->for_each_counter(
                [&](std::string_view name, std::uint64_t value) { sums[std::string(name)] += value; });
    if (const auto* ring = worker.ring()) {
        sums["ring.written"] += ring->written();
        sums["ring.lost"] += ring->lost();
    }
    return sums;
}

void write_sums(JsonWriter& json, const Sums& sums) {
    for (const auto& [name, value] : sums) json.field(name, value);
}

}  // namespace

std::string status_json(const Sight& sight) {
    std::string text;
    JsonWriter json(text);
    json.begin_object();
    json.field("program", "sekisho-fastpathd");
    json.field("version", SEKISHO_VERSION);
    json.field("box", sight.settings.box_name);
    json.field("mode", sight.forward_only ? "forward-only" : "inspect");
    json.field("uptime_seconds", (SystemClock().now() - sight.started) / kSecondNs);
    json.field("failure_mode", sight.settings.fastpath.failure_mode == config::OnOverload::open ? "open" : "closed");
    json.field("on_overload", sight.settings.fastpath.on_overload == config::OnOverload::open ? "open" : "closed");
    json.field("spread", to_string(sight.spread));
    json.field("workers_stuck", sight.stuck.load());
    if (sight.keeper) {
        json.begin_object("policy");
        write_policy(json, sight.keeper->state());
        json.end_object();
    }
    write_ports(json, sight);
    write_workers(json, sight);
    std::uint64_t flows = 0, lost = 0;
    for (const auto& worker : sight.workers) {
        flows += flows_of(*worker);
        if (worker->ring()) lost += worker->ring()->lost();
    }
    json.field("flows", flows);
    json.field("events_lost", lost);
    json.begin_object("memory");
    json.field("hugepages", sight.hugepages);
    json.field("resident_octets", resident_octets());
    json.field("buffers_in_use", ::rte_mempool_in_use_count(sight.pool));
    json.field("buffers_free", ::rte_mempool_avail_count(sight.pool));
    json.end_object();
    json.end_object();
    return text;
}

std::string counters_json(const Sight& sight) {
    Sums all;
    std::vector<Sums> each;
    for (const auto& worker : sight.workers) {
        each.push_back(all_counters(*worker));
        for (const auto& [name, value] : each.back()) all[name] += value;
    }
    std::string text;
    JsonWriter json(text);
    json.begin_object();
    json.begin_object("sum");
    write_sums(json, all);
    json.end_object();
    json.begin_array("workers");
    for (const Sums& sums : each) {
        json.begin_object();
        write_sums(json, sums);
        json.end_object();
    }
    json.end_array();
    json.end_object();
    return text;
}

std::string reload_json(const PolicyKeeper::State& state) {
    std::string text;
    JsonWriter json(text);
    json.begin_object();
    write_policy(json, state);
    char seconds[32];
    std::snprintf(seconds, sizeof seconds, "%.3f", state.report.seconds);
    json.raw("seconds", seconds);
    json.begin_array("errors");
    const auto& errors = state.report.errors;
    for (std::size_t i = 0; i < std::min(errors.size(), kErrorsShown); ++i) json.item(errors[i]);
    json.end_array();
    json.end_object();
    return text;
}

}  // namespace sekisho::fastpath
