// Soundness of the option part of a TCP header.
#pragma once

#include "packet/layers.h"

namespace sekisho::packet {

/// Notes broken lengths and options that stand twice.
void check_tcp_options(Packet& packet, Bytes options) noexcept;

}  // namespace sekisho::packet
