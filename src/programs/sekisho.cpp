// The admin's program: `sekisho replay ...` judges captures, `sekisho rules profile ...` does so with the box's own rules and
// tells what each costs; everything else is the command line of the box.
#include <string>
#include <string_view>
#include <vector>

#include "sekisho/cli/run.h"

#if __has_include("sekisho/replay/run.h")
#include "sekisho/replay/run.h"
#else
#include <cstdio>
#endif

namespace {

int replay(int argc, char** argv) {
#if __has_include("sekisho/replay/run.h")
    return sekisho::replay::run(argc, argv);
#else
    std::fputs("sekisho: this build has no replay\n", stderr);
    return 1;
#endif
}

/// "[--config FILE] rules profile CAPTURE..." as words of a replay; nothing when it is another command.
std::vector<std::string> profile_words(int argc, char** argv) {
    constexpr const char* kRows = "25";
    std::string config = "/etc/sekisho/sekisho.yaml";
    int at = 1;
    if (at + 1 < argc && std::string_view(argv[at]) == "--config") {
        config = argv[at + 1];
        at += 2;
    }
    if (at + 1 >= argc || std::string_view(argv[at]) != "rules" || std::string_view(argv[at + 1]) != "profile") return {};
    std::vector<std::string> words{"replay", "--config", config, "--profile", kRows};
    words.insert(words.end(), argv + at + 2, argv + argc);
    return words;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc > 1 && std::string_view(argv[1]) == "replay") return replay(argc - 1, argv + 1);
    if (auto words = profile_words(argc, argv); !words.empty()) {
        std::vector<char*> pointers;
        for (std::string& word : words) pointers.push_back(word.data());
        pointers.push_back(nullptr);
        return replay(static_cast<int>(words.size()), pointers.data());
    }
    return sekisho::cli::run(argc, argv);
}
