#include "sekisho/engine/expectations.h"

#include <algorithm>
#include <cstring>

namespace sekisho::engine {
namespace {

std::uint64_t mix(std::uint64_t hash, Bytes octets) noexcept {
    for (const std::uint8_t octet : octets) hash = (hash ^ octet) * 0x100000001b3;  // FNV-1a
    return hash;
}

}  // namespace

Expectations::Expectations() : slots_(std::make_unique<Slot[]>(kCapacity)) {}

Expectations::Slot* Expectations::set_of(const ExpectedEnds& ends) noexcept {
    std::uint64_t hash = mix(0xcbf29ce484222325, ends.listener.octets);
    hash = mix(hash, ends.other.octets);
    hash = (hash ^ ends.port) * 0x9e3779b97f4a7c15;
    return &slots_[(hash >> 40) % (kCapacity / kWays) * kWays];
}

bool Expectations::read(const Slot& slot, Announced& out, std::uint32_t& version) noexcept {
    version = slot.version.load(std::memory_order_acquire);
    if ((version & 1) != 0) return false;
    std::array<std::uint64_t, kWords> words;
    for (std::size_t i = 0; i < kWords; ++i) words[i] = slot.words[i].load(std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_acquire);
    if (slot.version.load(std::memory_order_relaxed) != version) return false;
    std::memcpy(static_cast<void*>(&out), words.data(), sizeof out);
    return true;
}

bool Expectations::write(Slot& slot, const Announced& entry, std::uint32_t version) noexcept {
    if (!slot.version.compare_exchange_strong(version, version + 1, std::memory_order_acquire)) return false;
    std::array<std::uint64_t, kWords> words;
    std::memcpy(words.data(), &entry, sizeof entry);
    std::atomic_thread_fence(std::memory_order_release);
    for (std::size_t i = 0; i < kWords; ++i) slot.words[i].store(words[i], std::memory_order_relaxed);
    slot.version.store(version + 2, std::memory_order_release);
    return true;
}

void Expectations::put(const ExpectedEnds& ends, const app::Expected& what, TimeNs now) noexcept {
    Announced entry;
    entry.ends = ends;
    entry.until = now + kTimeout;
    entry.protocol = what.protocol;
    entry.command = what.command;
    const Bytes name = what.name.last(std::min(what.name.size(), Announced::kNameMax));
    std::copy(name.begin(), name.end(), entry.name.begin());
    entry.name_size = static_cast<std::uint8_t>(name.size());

    Slot* set = set_of(ends);
    Slot* victim = nullptr;
    std::uint32_t victim_version = 0;
    TimeNs victim_until = ~TimeNs{0};
    for (std::size_t i = 0; i < kWays; ++i) {
        Announced there;
        std::uint32_t version = 0;
        if (!read(set[i], there, version)) continue;
        const bool same = there.until != 0 && there.ends == ends;
        const TimeNs until = same ? 0 : there.until;  // the same ends: its own place
        if (victim != nullptr && until >= victim_until) continue;
        victim = &set[i];
        victim_version = version;
        victim_until = until;
        if (same) break;
    }
    announced_.fetch_add(1, std::memory_order_relaxed);
    if (victim == nullptr || victim_until > now) evicted_.fetch_add(1, std::memory_order_relaxed);
    if (victim == nullptr || !write(*victim, entry, victim_version)) return;
    TimeNs latest = latest_.load(std::memory_order_relaxed);
    while (latest < entry.until && !latest_.compare_exchange_weak(latest, entry.until, std::memory_order_relaxed)) {}
}

std::optional<Announced> Expectations::take(const ExpectedEnds& ends, TimeNs now) noexcept {
    Slot* set = set_of(ends);
    for (std::size_t i = 0; i < kWays; ++i) {
        Announced there;
        std::uint32_t version = 0;
        if (!read(set[i], there, version) || there.ends != ends || there.until < now) continue;
        if (!write(set[i], Announced{}, version)) continue;
        met_.fetch_add(1, std::memory_order_relaxed);
        return there;
    }
    return std::nullopt;
}

}  // namespace sekisho::engine
