// Octets of Telnet's commands (RFC 854) and of the options that are read here.
#pragma once

#include <cstdint>

namespace sekisho::app::telnet {

enum Command : std::uint8_t {
    kSe = 240,    ///< ends a subnegotiation
    kErase = 247,      ///< EC: the character before is meant to be gone
    kEraseLine = 248,  ///< EL: the line so far is meant to be gone
    kSb = 250,    ///< begins a subnegotiation
    kWill = 251,  ///< WILL, WONT, DO, DONT: an option follows
    kDont = 254,
    kIac = 255,   ///< begins a command; doubled, it is data
};

enum Option : std::uint8_t {
    kTerminalType = 24,    ///< RFC 1091
    kNewEnvironment = 39,  ///< RFC 1572
};

}  // namespace sekisho::app::telnet
