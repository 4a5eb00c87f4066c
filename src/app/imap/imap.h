// The IMAP line of the parser table.
#pragma once

#include "sekisho/app/parser.h"

namespace sekisho::app {

extern const Parser kImap;

}  // namespace sekisho::app
