// Conversations that others have announced: FTP's data connections, transfers that go on from another port. One table
// for all workers of a program, because the announced connection may be another worker's.
//
// Full: the entry that would be forgotten next gives way (counted). No locks: a slot carries a version, odd while it is
// written; who finds it odd passes on (counted).
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>

#include "sekisho/app/parser.h"
#include "sekisho/base/address.h"
#include "sekisho/base/clock.h"

namespace sekisho::engine {

/// Who will speak to whom.
struct ExpectedEnds {
    IpAddress listener;
    IpAddress other;
    std::uint16_t port = 0;        ///< of the listener
    std::uint8_t ip_protocol = 0;
    bool operator==(const ExpectedEnds&) const = default;
};

/// What was announced, with its own copy of the name.
struct Announced {
    static constexpr std::size_t kNameMax = 190;   ///< the end of a longer name counts: there is its extension
    ExpectedEnds ends;
    TimeNs until = 0;
    app::Protocol protocol = app::Protocol::unknown;
    std::uint8_t command = 0;
    std::uint8_t name_size = 0;
    std::array<std::uint8_t, kNameMax> name{};
    Bytes file_name() const noexcept { return Bytes(name).first(name_size); }
};

class Expectations {
  public:
    static constexpr std::size_t kCapacity = 4096;           ///< 1 MiB in all
    static constexpr std::size_t kWays = 4;
    static constexpr TimeNs kTimeout = 30 * kSecondNs;       ///< as Suricata's

    Expectations();
    Expectations(const Expectations&) = delete;
    Expectations& operator=(const Expectations&) = delete;

    /// Remembers, or tells more about what is remembered between these ends.  @thread any
    void put(const ExpectedEnds& ends, const app::Expected& what, TimeNs now) noexcept;
    /// What was announced between these ends; it is forgotten by that.  @thread any
    std::optional<Announced> take(const ExpectedEnds& ends, TimeNs now) noexcept;
    /// Whether anything may be remembered: false costs one load.
    bool any(TimeNs now) const noexcept { return now <= latest_.load(std::memory_order_relaxed); }

    std::uint64_t announced() const noexcept { return announced_.load(std::memory_order_relaxed); }
    std::uint64_t evicted() const noexcept { return evicted_.load(std::memory_order_relaxed); }
    std::uint64_t met() const noexcept { return met_.load(std::memory_order_relaxed); }

  private:
    static_assert(std::is_trivially_copyable_v<Announced> && sizeof(Announced) % 8 == 0);
    static constexpr std::size_t kWords = sizeof(Announced) / 8;
    struct Slot {
        std::atomic<std::uint32_t> version{0};
        std::array<std::atomic<std::uint64_t>, kWords> words{};
    };
    Slot* set_of(const ExpectedEnds& ends) noexcept;
    static bool read(const Slot& slot, Announced& out, std::uint32_t& version) noexcept;
    static bool write(Slot& slot, const Announced& entry, std::uint32_t version) noexcept;

    std::unique_ptr<Slot[]> slots_;
    std::atomic<TimeNs> latest_{0};
    std::atomic<std::uint64_t> announced_{0}, evicted_{0}, met_{0};
};

}  // namespace sekisho::engine
