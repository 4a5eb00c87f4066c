// The DCERPC lines of the parser table: connection-oriented over TCP, connectionless over UDP.
#pragma once

#include "sekisho/app/parser.h"

namespace sekisho::app {

extern const Parser kDcerpcTcp;
extern const Parser kDcerpcUdp;

}  // namespace sekisho::app
