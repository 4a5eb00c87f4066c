// The MQTT line of the parser table, and the layout of Field::mqtt_message that keywords read.
#pragma once

#include "sekisho/app/parser.h"

namespace sekisho::app {

extern const Parser kMqtt;

}  // namespace sekisho::app
