// Who changed what, when, and what came of it: one line of JSON a command.
#pragma once

#include "cli/command.h"

namespace sekisho::cli {

constexpr std::size_t kAuditMaxBytes =
    16U << 20;  ///< then the file becomes audit.log.1 and a new one begins

/// Where the lines go: beside the local rules, else in the run folder; beside the settings file
/// while it cannot be read.
std::string audit_file(Context& context);

/// Appends the line. A log that cannot be written is told, but takes nothing back.
void write_audit(Context& context, const Command& command, const Words& args, Exit result);

}  // namespace sekisho::cli
