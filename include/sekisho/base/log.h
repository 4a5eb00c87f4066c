// The log of a daemon or tool: one line per fact, for the admin. The only door to spdlog.
// Never called on the packet path: workers count, the control thread tells.
#pragma once

#include <string>
#include <string_view>

namespace sekisho::log {

enum class Level { debug, info, warning, error };

/// Names the program in each line and sends lines to standard error (journald reads it there).
/// Until called, lines go to standard error without a name.
void start(const std::string& program, Level least);

void debug(std::string_view line);
void info(std::string_view line);
void warning(std::string_view line);
void error(std::string_view line);

}  // namespace sekisho::log
