// The HTTP/1.x line of the parser table.
#pragma once

#include "sekisho/app/parser.h"

namespace sekisho::app {

extern const Parser kHttp;

}  // namespace sekisho::app
