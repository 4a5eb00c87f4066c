// The EtherNet/IP lines of the parser table: over TCP and over UDP.
#pragma once

#include "sekisho/app/parser.h"

namespace sekisho::app {

extern const Parser kEnipTcp;
extern const Parser kEnipUdp;

}  // namespace sekisho::app
