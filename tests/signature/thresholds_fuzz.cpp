// threshold.config against a small rule set.
#include "sekisho/signature/parser.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const sekisho::signature::ParseContext context;
    static const auto rules = sekisho::signature::parse_rules(
        "alert tcp any any -> any any (sid:1;)\nalert tcp any any -> any any (sid:2;)\n", "r", context).rules;
    auto copy = rules;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    for (const auto& error : sekisho::signature::apply_threshold_file(text, "fuzz", copy, context))
        if (error.what.empty()) __builtin_trap();
    return 0;
}
