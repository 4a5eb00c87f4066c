// The Kerberos lines of the parser table, over TCP and UDP.
#pragma once

#include "sekisho/app/parser.h"

namespace sekisho::app {

extern const Parser kKrb5Tcp;
extern const Parser kKrb5Udp;

}  // namespace sekisho::app
