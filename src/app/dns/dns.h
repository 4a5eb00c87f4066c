// The DNS lines of the parser table: over UDP and TCP, and the two local name services.
#pragma once

#include "sekisho/app/parser.h"

namespace sekisho::app {

extern const Parser kDnsUdp;
extern const Parser kDnsTcp;
extern const Parser kMdns;
extern const Parser kLlmnr;

}  // namespace sekisho::app
