// The options that every command has. The only door to CLI11.
#pragma once

#include "cli/command.h"

namespace sekisho::cli {

/// Takes --config FILE and --json out of the words, wherever they stand; what follows "--" is left
/// as it is.
/// "--help" and "--version" become the commands of these names.
/// @error invalid: an option that does not exist, or one without its value
Result<Words> parse_options(const Words& words, Context& context);

}  // namespace sekisho::cli
