// Reads network (big-endian) integers from untrusted bytes. The only way integers leave a packet:
// no casts onto packet memory, no reads past the end.
#pragma once

#include <cstdint>

#include "sekisho/base/bytes.h"

namespace sekisho {

/// A cursor over untrusted bytes. Once a read runs past the end, `ok()` is false, the cursor stays
/// and every later read gives 0: parse first, check once.
class ByteReader {
  public:
    explicit ByteReader(Bytes bytes) noexcept : bytes_(bytes) {}

    bool ok() const noexcept { return ok_; }
    std::size_t position() const noexcept { return at_; }
    std::size_t remaining() const noexcept { return bytes_.size() - at_; }
    Bytes rest() const noexcept { return bytes_.subspan(at_); }

    std::uint8_t u8() noexcept { return take(1) ? bytes_[at_ - 1] : std::uint8_t{0}; }
    std::uint16_t u16() noexcept { return static_cast<std::uint16_t>(big_endian(2)); }
    std::uint32_t u24() noexcept { return static_cast<std::uint32_t>(big_endian(3)); }
    std::uint32_t u32() noexcept { return static_cast<std::uint32_t>(big_endian(4)); }
    std::uint64_t u64() noexcept { return big_endian(8); }
    std::uint16_t u16_le() noexcept { return static_cast<std::uint16_t>(little_endian(2)); }
    std::uint32_t u32_le() noexcept { return static_cast<std::uint32_t>(little_endian(4)); }
    std::uint64_t u64_le() noexcept { return little_endian(8); }

    /// The next `count` bytes as a view, empty (and not ok) when fewer are left.
    Bytes bytes(std::size_t count) noexcept {
        return take(count) ? bytes_.subspan(at_ - count, count) : Bytes{};
    }
    bool skip(std::size_t count) noexcept { return take(count); }

  private:
    bool take(std::size_t count) noexcept {
        if (!ok_ || count > remaining()) {
            ok_ = false;
            return false;
        }
        at_ += count;
        return true;
    }
    std::uint64_t big_endian(std::size_t count) noexcept {
        if (!take(count)) return 0;
        std::uint64_t value = 0;
        for (std::size_t i = at_ - count; i < at_; ++i) value = value << 8 | bytes_[i];
        return value;
    }
    std::uint64_t little_endian(std::size_t count) noexcept {
        if (!take(count)) return 0;
        std::uint64_t value = 0;
        for (std::size_t i = at_; i > at_ - count; --i) value = value << 8 | bytes_[i - 1];
        return value;
    }

    Bytes bytes_;
    std::size_t at_ = 0;
    bool ok_ = true;
};

}  // namespace sekisho
