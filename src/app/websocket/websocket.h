// The WebSocket line of the parser table.
#pragma once

#include "sekisho/app/parser.h"

namespace sekisho::app {

/// Reached by HTTP's "101 Switching Protocols" alone: nothing in it is a mark.
extern const Parser kWebSocket;

}  // namespace sekisho::app
