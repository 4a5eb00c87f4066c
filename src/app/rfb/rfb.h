// The RFB (VNC) line of the parser table.
#pragma once

#include "sekisho/app/parser.h"

namespace sekisho::app {

extern const Parser kRfb;

}  // namespace sekisho::app
