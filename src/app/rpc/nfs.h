// The NFS lines of the parser table, over TCP and UDP.
#pragma once

#include "sekisho/app/parser.h"

namespace sekisho::app {

extern const Parser kNfsTcp;
extern const Parser kNfsUdp;

}  // namespace sekisho::app
