// The Modbus line of the parser table.
#pragma once

#include "sekisho/app/parser.h"

namespace sekisho::app {

extern const Parser kModbus;

}  // namespace sekisho::app
