// The in-order bytes of one TCP direction, kept contiguous: each payload byte is copied here once, and
// parsing, scanning and verification all read it here, so a pattern or a message that is cut anywhere
// between segments still lies in one piece. Old bytes slide out at the front.
//
//   begin()                 keep_from           end()
//     |---- history ----------|---- unparsed -----|
//
// Memory comes from a WindowPool in powers of two (1 KiB to kWindowMax), from the direction's first octet
// to its end: who pauses between two halves of an attack is still seen.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "sekisho/base/bytes.h"

namespace sekisho::stream {

constexpr std::size_t kWindowMax = KiB(128);     ///< bytes a window holds at the most
constexpr std::size_t kWindowHistory = KiB(32);  ///< already parsed bytes that stay for verification

class WindowPool {
  public:
    /// @param bytes  all memory that windows may take together; taken at start
    explicit WindowPool(std::size_t bytes);
    ~WindowPool();
    WindowPool(const WindowPool&) = delete;
    WindowPool& operator=(const WindowPool&) = delete;
    /// A block of 2^order bytes, or null when the pool is exhausted. No allocation.
    std::uint8_t* take(unsigned order) noexcept;
    void give(std::uint8_t* block, unsigned order) noexcept;
    std::size_t free_bytes() const noexcept;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

class Window {
  public:
    std::uint64_t begin() const noexcept { return begin_; }
    std::uint64_t end() const noexcept { return begin_ + size_; }
    /// All bytes from stream offset `offset` (begin() <= offset <= end()) to end(), contiguous. Valid until
    /// the next append.
    Bytes from(std::uint64_t offset) const noexcept {
        return {data_ + (offset - begin_), static_cast<std::size_t>(end() - offset)};
    }
    Bytes all() const noexcept { return {data_, size_}; }

    /// Appends in-order bytes. Makes room by sliding out history below keep_from, then by growing.
    /// False when neither is possible (unparsed bytes fill kWindowMax, or the pool is exhausted): nothing
    /// was appended.
    bool append(Bytes fresh, WindowPool& pool) noexcept;
    /// Bytes below `offset` are parsed; kWindowHistory of them may stay as history.
    void keep_from(std::uint64_t offset) noexcept { keep_from_ = offset; }
    std::uint64_t parsed_to() const noexcept { return keep_from_ < begin_ ? begin_ : keep_from_ > end() ? end() : keep_from_; }
    /// Forgets everything and goes on at `offset` (after a gap that could not be filled).
    void restart_at(std::uint64_t offset) noexcept;
    /// Gives the memory back; begin() = end() = the old end().
    void release(WindowPool& pool) noexcept;

  private:
    bool make_room(std::size_t fresh, std::size_t room, WindowPool& pool) noexcept;
    void slide_to(std::uint64_t offset) noexcept;
    bool move_to(std::uint64_t offset, unsigned order, WindowPool& pool) noexcept;

    std::uint8_t* data_ = nullptr;
    std::uint64_t begin_ = 0;
    std::uint64_t keep_from_ = 0;
    std::uint32_t size_ = 0;
    std::uint8_t order_ = 0;
};

}  // namespace sekisho::stream
