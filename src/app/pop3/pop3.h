// The POP3 line of the parser table.
#pragma once

#include "sekisho/app/parser.h"

namespace sekisho::app {

extern const Parser kPop3;

}  // namespace sekisho::app
