// The SMB line of the parser table.
#pragma once

#include "sekisho/app/parser.h"

namespace sekisho::app {

extern const Parser kSmb;

}  // namespace sekisho::app
