// Any bytes as a log line, read as each maker's and as nobody's: never a fault, and what comes out is sound.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "sekisho/foreign/makers.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace sekisho;
    static const auto makers = foreign::Makers::load(SEKISHO_SOURCE_DIR "/rules/log-makers.yaml");
    if (!makers) std::abort();
    static foreign::LineReader reader(*makers);
    const std::string_view line = size == 0 ? std::string_view() : std::string_view(reinterpret_cast<const char*>(data), size);
    event::Event event;
    for (std::size_t maker = 0; maker <= makers->names().size(); ++maker) {
        const auto named = maker == makers->names().size() ? std::nullopt : std::optional(maker);
        const auto outcome = reader.read(line, "192.0.2.1", named, kSecondNs, event);
        const bool filled = outcome == foreign::LineOutcome::event || outcome == foreign::LineOutcome::traffic;
        if (filled && (!event.sound() || (event.flags & event::Event::kReported) == 0)) std::abort();
    }
    return 0;
}
