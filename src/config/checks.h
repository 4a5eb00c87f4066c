// What must hold between settings, beyond each one's own type and range.
#pragma once

#include "config/report.h"
#include "sekisho/config/settings.h"

namespace sekisho::config {

void check_together(const Settings& settings, Report& report);

}  // namespace sekisho::config
