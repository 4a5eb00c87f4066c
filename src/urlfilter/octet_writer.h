// Writes into a buffer of the caller's and remembers when it was too small. Never allocates.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "sekisho/base/bytes.h"

namespace sekisho::urlfilter {

class OctetWriter {
  public:
    explicit OctetWriter(MutableBytes out) noexcept : out_(out) {}

    std::size_t size() const noexcept { return at_; }
    std::size_t room() const noexcept { return out_.size() - at_; }
    bool ok() const noexcept { return ok_; }

    void bytes(Bytes bytes) noexcept {
        if (!ok_ || bytes.size() > room()) {
            ok_ = false;
            return;
        }
        std::copy(bytes.begin(), bytes.end(), out_.begin() + static_cast<std::ptrdiff_t>(at_));
        at_ += bytes.size();
    }
    void text(std::string_view text) noexcept { bytes(as_bytes(text)); }
    void u8(unsigned value) noexcept {
        const auto octet = static_cast<std::uint8_t>(value);
        bytes({&octet, 1});
    }
    void u16(unsigned value) noexcept {
        u8(value >> 8);
        u8(value);
    }
    void u32(std::uint32_t value) noexcept {
        u16(value >> 16);
        u16(value);
    }

  private:
    MutableBytes out_;
    std::size_t at_ = 0;
    bool ok_ = true;
};

}  // namespace sekisho::urlfilter
