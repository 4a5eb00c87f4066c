// Which name a client asked for before it connects to an address: from DNS answers, shared by all workers of a box
// (the question and the connection mostly run over different ones). One pair of client and address has one name;
// when a client has asked for two names with the same address, nobody can tell which is meant, and none is given.
//
// Fixed memory. Full: of four places that a pair may take, the one that ends first is given up.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string_view>

#include "sekisho/base/address.h"

namespace sekisho::urlfilter {

class AddressNames {
  public:
    static constexpr std::size_t kNameMaxBytes = 152;  ///< of a longer name the last whole labels
    static constexpr std::uint32_t kKeepSeconds = 3600;

    /// @param places  rounded up to a power of two; 192 octets each
    explicit AddressNames(std::size_t places);

    /// @thread any; no lock, no allocation: a place that another thread is writing is left alone
    void learn(const IpAddress& client, const IpAddress& server, std::string_view name, std::uint64_t now_s) noexcept;

    struct Name {
        std::array<char, kNameMaxBytes> octets;
        std::size_t size = 0;
        std::string_view text() const noexcept { return {octets.data(), size}; }
    };
    /// Empty when nothing is known, or more than one name. @thread any; no lock
    Name find(const IpAddress& client, const IpAddress& server, std::uint64_t now_s) const noexcept;

    std::size_t memory_bytes() const noexcept { return (mask_ + 1) * sizeof(Place); }

  private:
    static constexpr std::size_t kWays = 4;
    static constexpr std::size_t kWords = kNameMaxBytes / 8;
    struct alignas(64) Place {
        std::atomic<std::uint32_t> version{0};  // odd: being written
        std::atomic<std::uint32_t> until_s{0};
        std::atomic<std::uint64_t> key{0};
        std::atomic<std::uint64_t> size_and_flag{0};  // octets of the name; kAmbiguous
        std::array<std::atomic<std::uint64_t>, kWords> name{};
    };
    static_assert(sizeof(Place) == 192);
    static constexpr std::uint64_t kAmbiguous = 1u << 16;

    std::uint64_t key_of(const IpAddress& client, const IpAddress& server) const noexcept;
    static bool read(const Place& place, std::uint64_t key, std::uint64_t now_s, Name& name, bool& ambiguous) noexcept;

    std::size_t mask_;
    std::uint64_t seed_;
    std::unique_ptr<Place[]> places_;
};

}  // namespace sekisho::urlfilter
