// The admin's program: `sekisho replay ...` judges captures, everything else is the command line of
// the box.
#include <string_view>

#include "sekisho/cli/run.h"

#if __has_include("sekisho/replay/run.h")
#include "sekisho/replay/run.h"
#else
#include <cstdio>
#endif

int main(int argc, char** argv) {
    if (argc > 1 && std::string_view(argv[1]) == "replay") {
#if __has_include("sekisho/replay/run.h")
        return sekisho::replay::run(argc - 1, argv + 1);
#else
        std::fputs("sekisho: this build has no replay\n", stderr);
        return 1;
#endif
    }
    return sekisho::cli::run(argc, argv);
}
