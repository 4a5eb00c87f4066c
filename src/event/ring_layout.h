// The bytes of a ring file, and its mapping. Host order: both ends run on one machine.
//
//     0  magic        "SKSHRING" as a number; written last, so a half-made file has none
//     8  version | slot_octets        16  capacity | reserved        24  ring_id
//    64  producer line: head (next event number), lost, epoch       only the writer stores here
//   128  consumer line: tail (first event not dealt with)           only the reader stores here
//  4096  slots
#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "sekisho/base/result.h"
#include "sekisho/event/event.h"

namespace sekisho::event {

constexpr std::uint64_t kRingMagic = 0x474e495248534b53ULL;
constexpr std::uint32_t kRingVersion = 1;
constexpr std::size_t kRingHeaderOctets = 4096;

struct RingHeader {
    std::uint64_t magic;
    std::uint32_t version;
    std::uint32_t slot_octets;
    std::uint32_t capacity;
    std::uint32_t reserved;
    std::uint64_t ring_id;
    alignas(64) std::atomic<std::uint64_t> head;
    std::atomic<std::uint64_t> lost;
    std::atomic<std::uint64_t> epoch;
    alignas(64) std::atomic<std::uint64_t> tail;
};
static_assert(sizeof(RingHeader) == 192 && sizeof(RingHeader) <= kRingHeaderOctets);
static_assert(std::atomic<std::uint64_t>::is_always_lock_free);

/// A mapped ring file. Capacity and size are kept here, outside the shared pages: what the other side may
/// scribble into the header cannot move an index out of the mapping.
class RingMapping {
  public:
    /// Takes the descriptor in any case.  @error invalid when it is not a ring of this version, io
    static Result<std::unique_ptr<RingMapping>> map(int fd, const std::string& path);

    RingMapping(const RingMapping&) = delete;
    RingMapping& operator=(const RingMapping&) = delete;
    ~RingMapping();

    RingHeader& header() const noexcept { return *static_cast<RingHeader*>(base_); }
    std::byte* slot(std::uint64_t number) const noexcept {
        return static_cast<std::byte*>(base_) + kRingHeaderOctets + (number & (capacity_ - 1)) * kEventSize;
    }
    std::uint32_t capacity() const noexcept { return capacity_; }
    bool is_file_at(const std::string& path) const noexcept;

  private:
    RingMapping() = default;

    int fd_ = -1;
    void* base_ = nullptr;
    std::size_t octets_ = 0;
    std::uint32_t capacity_ = 0;
    dev_t device_ = 0;
    ino_t inode_ = 0;
};

constexpr std::size_t ring_octets(std::uint32_t capacity) noexcept {
    return kRingHeaderOctets + static_cast<std::size_t>(capacity) * kEventSize;
}

}  // namespace sekisho::event
