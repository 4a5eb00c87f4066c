// The admin's command line as one call: what `sekisho` does, except replay.
#pragma once

namespace sekisho::cli {

/// Runs one command, or the shell.
/// @return 0: done; 1: refused or failed, said why on standard error; 2: not understood
int run(int argc, char** argv);

}  // namespace sekisho::cli
