// The FTP lines of the parser table: control connections, and the data connections that they announce.
#pragma once

#include "sekisho/app/parser.h"

namespace sekisho::app {

extern const Parser kFtp;
extern const Parser kFtpData;

}  // namespace sekisho::app
