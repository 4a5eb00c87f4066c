// `sekisho replay`: captures through the very pipeline that runs inline, events as JSON lines.
#pragma once

namespace sekisho::replay {

/// The command with its arguments (argv[0] is "replay"). @return exit code: 0 done, 1 a capture or rule file
/// could not be read, 2 usage
int run(int argc, char** argv);

}  // namespace sekisho::replay
