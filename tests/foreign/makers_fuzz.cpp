// Any bytes as a table of makers: refused with a place, or a table that reads lines.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "sekisho/foreign/makers.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace sekisho;
    const auto makers = foreign::Makers::parse(size == 0 ? std::string() : std::string(reinterpret_cast<const char*>(data), size), "fuzz");
    if (!makers) {
        if (makers.error().message().empty()) std::abort();
        return 0;
    }
    foreign::LineReader reader(*makers);
    event::Event event;
    for (std::size_t i = 0; i < makers->names().size(); ++i) reader.read("a=1,src=192.0.2.1 2 3", "x", i, 0, event);
    return 0;
}
