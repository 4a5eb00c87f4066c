// Any bytes as an overrides file and as a rule file; what is read must be read again from what is
// written.
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
    const RuleOverrides wanted{{1, Override::enable}, {2024001, Override::drop}};
    const auto woken = uncomment_overridden(text, wanted);
    if (woken.size() > text.size() || uncomment_overridden(text, {}) != text) std::abort();
    return 0;
}
