// Any bytes as a settings file; what is taken must be taken again from what is written, and say the
// same. An edit of any text gives a text that holds the edit.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "sekisho/config/load.h"
#include "sekisho/config/store.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace sekisho::config;
    const std::string text(reinterpret_cast<const char*>(data), size);
    const auto settings = parse_settings(text, "fuzz");
    const auto errors = check_settings(text, "fuzz");
    if (settings.has_value() != errors.empty()) std::abort();
    if (settings) {
        const std::string written = to_yaml(*settings);
        const auto again = parse_settings(written, "again");
        if (!again || to_yaml(*again) != written) std::abort();
    }
    if (const auto edited = edit_text(text, "fastpath.workers", "7")) {
        auto read = parse_settings(*edited, "edited");
        if (read && read->fastpath.workers != 7) std::abort();
    }
    return 0;
}
