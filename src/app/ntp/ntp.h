// The NTP line of the parser table.
#pragma once

#include "sekisho/app/parser.h"

namespace sekisho::app {

extern const Parser kNtp;

}  // namespace sekisho::app
