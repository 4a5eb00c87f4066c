// The Telnet line of the parser table.
#pragma once

#include "sekisho/app/parser.h"

namespace sekisho::app {

extern const Parser kTelnet;

}  // namespace sekisho::app
