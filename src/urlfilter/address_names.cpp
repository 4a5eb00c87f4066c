#include "sekisho/urlfilter/address_names.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "sekisho/base/hash.h"
#include "sekisho/base/text.h"

namespace sekisho::urlfilter {
namespace {

/// The last whole labels within the room of a place.
std::string_view keep_end(std::string_view name) noexcept {
    while (!name.empty() && name.back() == '.') name.remove_suffix(1);
    if (name.size() <= AddressNames::kNameMaxBytes) return name;
    const auto dot = name.find('.', name.size() - AddressNames::kNameMaxBytes - 1);
    return dot == std::string_view::npos ? std::string_view{} : name.substr(dot + 1);
}

}  // namespace

AddressNames::AddressNames(std::size_t places)
    : mask_(std::bit_ceil(std::max(places, kWays)) - 1), seed_(process_hash_seed()), places_(new Place[mask_ + 1]) {}

std::uint64_t AddressNames::key_of(const IpAddress& client, const IpAddress& server) const noexcept {
    return hash_bytes(server.octets, hash_bytes(client.octets, seed_)) | 1;  // 0: a free place
}

bool AddressNames::read(const Place& place, std::uint64_t key, std::uint64_t now_s, Name& name, bool& ambiguous) noexcept {
    const std::uint32_t version = place.version.load(std::memory_order_acquire);
    if ((version & 1) != 0 || place.key.load(std::memory_order_relaxed) != key) return false;
    if (place.until_s.load(std::memory_order_relaxed) <= now_s) return false;
    const std::uint64_t stored = place.size_and_flag.load(std::memory_order_relaxed);
    std::array<std::uint64_t, kWords> words;
    for (std::size_t i = 0; i < kWords; ++i) words[i] = place.name[i].load(std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_acquire);
    if (place.version.load(std::memory_order_relaxed) != version) return false;
    ambiguous = (stored & kAmbiguous) != 0;
    name.size = std::min<std::size_t>(stored & 0xffff, kNameMaxBytes);
    std::memcpy(name.octets.data(), words.data(), kNameMaxBytes);
    return true;
}

void AddressNames::learn(const IpAddress& client, const IpAddress& server, std::string_view raw, std::uint64_t now_s) noexcept {
    const std::string_view name = keep_end(raw);
    if (name.empty()) return;
    const std::uint64_t key = key_of(client, server);
    const std::size_t first = (key >> 8) & mask_ & ~(kWays - 1);
    std::size_t chosen = first;
    std::uint64_t flag = 0;
    std::uint32_t soonest = ~std::uint32_t{0};
    for (std::size_t i = first; i < first + kWays; ++i) {
        Name known;
        bool ambiguous = false;
        if (read(places_[i], key, now_s, known, ambiguous)) {
            flag = ambiguous || !equals_nocase(known.text(), name) ? kAmbiguous : 0;
            chosen = i;
            break;
        }
        if (const std::uint32_t until = places_[i].until_s.load(std::memory_order_relaxed); until < soonest) {
            soonest = until;
            chosen = i;
        }
    }
    Place& place = places_[chosen];
    std::uint32_t version = place.version.load(std::memory_order_relaxed);
    if ((version & 1) != 0 || !place.version.compare_exchange_strong(version, version + 1, std::memory_order_acquire)) return;
    std::atomic_thread_fence(std::memory_order_release);
    std::array<std::uint64_t, kWords> words{};
    std::memcpy(words.data(), name.data(), name.size());
    for (std::size_t i = 0; i < kWords; ++i) place.name[i].store(words[i], std::memory_order_relaxed);
    place.key.store(key, std::memory_order_relaxed);
    place.size_and_flag.store(name.size() | flag, std::memory_order_relaxed);
    place.until_s.store(static_cast<std::uint32_t>(std::min<std::uint64_t>(now_s + kKeepSeconds, ~std::uint32_t{0})), std::memory_order_relaxed);
    place.version.store(version + 2, std::memory_order_release);
}

AddressNames::Name AddressNames::find(const IpAddress& client, const IpAddress& server, std::uint64_t now_s) const noexcept {
    const std::uint64_t key = key_of(client, server);
    const std::size_t first = (key >> 8) & mask_ & ~(kWays - 1);
    for (std::size_t i = first; i < first + kWays; ++i) {
        Name name;
        bool ambiguous = false;
        if (read(places_[i], key, now_s, name, ambiguous)) return ambiguous ? Name{} : name;
    }
    return {};
}

}  // namespace sekisho::urlfilter
