// The SIP lines of the parser table: over UDP and over TCP.
#pragma once

#include "sekisho/app/parser.h"

namespace sekisho::app {

extern const Parser kSipUdp;
extern const Parser kSipTcp;

}  // namespace sekisho::app
