#include "sekisho/cli/run.h"

#include <sys/stat.h>

#include <exception>
#include <iostream>

#include "cli/options.h"
#include "cli/table.h"

namespace sekisho::cli {

int run(int argc, char** argv) {
    // The daemons' users must be able to read what root writes here, whatever root's shell says;
    // who may write is left to the folders.
    ::umask(0022);
    Context context(std::cout, std::cerr);
    try {
        const auto words = parse_options(Words(argv + std::min(argc, 1), argv + argc), context);
        if (!words) {
            context.refuse(words.error());
            return static_cast<int>(Exit::usage);
        }
        return static_cast<int>(run_words(context, *words));
    } catch (const std::exception& mistake) {
        std::cerr << "sekisho: " << mistake.what() << "\n";
        return static_cast<int>(Exit::failed);
    }
}

}  // namespace sekisho::cli
