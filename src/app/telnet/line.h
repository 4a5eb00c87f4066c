// A line as the other side's program reads it (RFC 854, "The Telnet printer"): without commands, without NUL, with what
// was erased gone.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "sekisho/app/limits.h"

namespace sekisho::app::telnet {

class Line {
  public:
    enum class Took : std::uint8_t { more, ended, full };

    /// @param rubout  DEL erases too, as it does where somebody types
    Took take(std::uint8_t octet, bool rubout) noexcept {
        const bool behind_cr = after_cr_;
        after_cr_ = octet == '\r';
        if (octet == '\r') return Took::ended;
        if (octet == '\n') return behind_cr ? Took::more : Took::ended;
        if (octet == '\0') return Took::more;
        if (octet == '\b' || (rubout && octet == 0x7f)) {
            erase();
            return Took::more;
        }
        octets_[size_++] = static_cast<char>(octet);
        return size_ == octets_.size() ? Took::full : Took::more;
    }
    void erase() noexcept {
        if (size_ != 0) --size_;
    }
    void clear() noexcept { size_ = 0; }
    bool empty() const noexcept { return size_ == 0; }
    std::string_view text() const noexcept { return {octets_.data(), size_}; }

  private:
    std::array<char, kTelnetLineMax> octets_;
    std::uint16_t size_ = 0;
    bool after_cr_ = false;  ///< LF or NUL that follows belongs to it
};

}  // namespace sekisho::app::telnet
