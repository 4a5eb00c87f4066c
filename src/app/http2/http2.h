// The HTTP/2 line of the parser table.
#pragma once

#include "sekisho/app/parser.h"

namespace sekisho::app {

extern const Parser kHttp2;

}  // namespace sekisho::app
