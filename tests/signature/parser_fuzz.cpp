// Whole rules files: nothing that a feed can send may crash, hang or eat memory.
#include "sekisho/signature/parser.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const sekisho::signature::ParseContext context;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto report = sekisho::signature::parse_rules(text, "fuzz", context);
    for (const auto& error : report.errors)
        if (error.message().empty() || error.place.line == 0) __builtin_trap();
    for (const auto& rule : report.rules)
        if (rule.sid == 0) __builtin_trap();
    return 0;
}
