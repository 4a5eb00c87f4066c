// The DNS lines of the parser table: one over UDP, one over TCP.
#pragma once

#include "sekisho/app/parser.h"

namespace sekisho::app {

extern const Parser kDnsUdp;
extern const Parser kDnsTcp;

}  // namespace sekisho::app
