// The DNP3 lines of the parser table: over TCP and over UDP.
#pragma once

#include "sekisho/app/parser.h"

namespace sekisho::app {

extern const Parser kDnp3Tcp;
extern const Parser kDnp3Udp;

}  // namespace sekisho::app
