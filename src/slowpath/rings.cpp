#include "slowpath/rings.h"

#include "sekisho/base/log.h"
#include "slowpath/limits.h"

namespace sekisho::slowpath {

void Rings::open(unsigned worker) {
    auto reader = event::RingReader::open(event::ring_path(run_folder_, worker));
    if (!reader) {
        if (reader.error().code != ErrorCode::not_found && refused_.insert(worker).second)
            log::warning("event ring: " + reader.error().message());
        return;
    }
    refused_.erase(worker);
    Source source{std::move(*reader)};
    source.epoch = source.reader.epoch();
    // The journal may be ahead of the ring's own tail: we died between the transaction and the commit.
    const auto known = remembered_(source.reader.ring_id());
    if (known) source.reader.seek(known->position);
    source.reader.commit();
    source.lost_told = known ? known->lost : 0;
    log::info("event ring of worker " + std::to_string(worker) + ": " + std::to_string(source.reader.waiting()) + " events waiting");
    sources_.insert_or_assign(worker, std::move(source));
}

void Rings::watch(unsigned worker, Source& source) {
    if (const auto epoch = source.reader.epoch(); epoch != source.epoch) {
        source.epoch = epoch;
        ++source.restarts;
        log::warning("worker " + std::to_string(worker) + " of the fast path restarted");
    }
    if (const auto lost = source.reader.lost(); lost > source.lost_told) {
        log::warning("worker " + std::to_string(worker) + ": " + std::to_string(lost - source.lost_told) +
                     " events lost, its ring was full (" + std::to_string(lost) + " in all)");
        source.lost_told = lost;
    }
}

void Rings::look() {
    for (unsigned worker = 0; worker < kRingsMax; ++worker) {
        const auto found = sources_.find(worker);
        if (found == sources_.end()) {
            open(worker);
            continue;
        }
        watch(worker, found->second);
        // A replaced ring is drained first; what it held is as good as any.
        if (found->second.reader.waiting() == 0 && found->second.reader.replaced()) open(worker);
    }
}

std::size_t Rings::read(std::size_t most, const std::function<void(const event::Event&)>& take) {
    std::size_t taken = 0;
    for (auto& [worker, source] : sources_) {
        const std::size_t share = taken + (most - taken + sources_.size() - 1) / sources_.size();
        while (taken < share) {
            const auto outcome = source.reader.read(event_);
            if (outcome == event::RingReader::Outcome::empty) break;
            ++taken;
            if (outcome == event::RingReader::Outcome::damaged) continue;
            ++source.read;
            take(event_);
        }
    }
    return taken;
}

std::map<std::uint64_t, store::RingPosition> Rings::positions() const {
    std::map<std::uint64_t, store::RingPosition> all;
    for (const auto& [worker, source] : sources_)
        all[source.reader.ring_id()] = {source.reader.position(), source.reader.lost()};
    return all;
}

void Rings::commit() {
    for (auto& [worker, source] : sources_) source.reader.commit();
}

std::vector<RingCounts> Rings::counts() const {
    std::vector<RingCounts> all;
    for (const auto& [worker, source] : sources_)
        all.push_back({worker, source.read, source.reader.lost(), source.reader.damaged(), source.reader.waiting(),
                       source.restarts, source.reader.capacity()});
    return all;
}

}  // namespace sekisho::slowpath
