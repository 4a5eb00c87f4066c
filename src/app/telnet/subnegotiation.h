// What the two sides tell each other in subnegotiations (RFC 855): terminals and environments.
#pragma once

#include <array>
#include <cstdint>

#include "sekisho/app/limits.h"
#include "sekisho/app/parser.h"

namespace sekisho::app::telnet {

/// One subnegotiation while it comes: the option and what follows it, IAC IAC already made one.
class Subnegotiation {
  public:
    void begin() noexcept { size_ = 0; }
    /// @return false when there is no more room: the octet is left out
    bool take(std::uint8_t octet) noexcept {
        if (size_ == octets_.size()) return false;
        octets_[size_++] = octet;
        return true;
    }
    Bytes octets() const noexcept { return Bytes(octets_).first(size_); }

  private:
    std::array<std::uint8_t, kTelnetSubnegotiationMax> octets_;
    std::uint16_t size_ = 0;
};

/// Details for the event record: the terminal's name, the user's name of an environment.
void put_details(Bytes subnegotiation, TxId tx, FieldSink& out) noexcept;

}  // namespace sekisho::app::telnet
