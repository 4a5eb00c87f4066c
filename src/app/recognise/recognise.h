// Protocols that are told by their first bytes and not parsed (yet). Content first; a port is asked only where
// many things start alike.
#pragma once

#include "sekisho/app/parser.h"

// X(id, transport): the probe of that name is in recognise.cpp.
#define SEKISHO_RECOGNISED(X) \
    X(netbios_name, udp)      \
    X(bittorrent_dht, udp)

namespace sekisho::app {

#define SEKISHO_RECOGNISED_DECLARE(id, transport) extern const Parser kRecognised_##id;
SEKISHO_RECOGNISED(SEKISHO_RECOGNISED_DECLARE)
#undef SEKISHO_RECOGNISED_DECLARE

}  // namespace sekisho::app
