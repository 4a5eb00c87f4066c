// Any bytes as an overrides file; what is read must be read again from what is written.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "sekisho/config/rule_overrides.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace sekisho::config;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto read = parse_overrides(text, "fuzz");
    const auto again = parse_overrides(format_overrides(read.overrides), "again");
    if (!again.errors.empty() || again.overrides != read.overrides) std::abort();
    return 0;
}
