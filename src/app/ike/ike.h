// The IKE line of the parser table.
#pragma once

#include "sekisho/app/parser.h"

namespace sekisho::app {

extern const Parser kIke;

}  // namespace sekisho::app
