// Ports of FTP data connections as commands and replies name them (RFC 959 sections 4.1.2 and 4.2, RFC 2428).
#pragma once

#include <cstdint>
#include <string_view>

namespace sekisho::app::ftp {

/// The port in "h1,h2,h3,h4,p1,p2", wherever it stands in the text (PORT, reply 227); 0: there is none.
std::uint16_t read_port(std::string_view text) noexcept;
/// The port in "|1|address|port|" (EPRT) or "(|||port|)" (reply 229), whatever the delimiter is; 0: there is none.
std::uint16_t read_extended_port(std::string_view text) noexcept;

}  // namespace sekisho::app::ftp
