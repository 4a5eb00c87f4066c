// Address and port groups: what parses is sorted, disjoint and not empty.
#include "signature/address_set.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto variables = sekisho::signature::default_variables();
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto set = sekisho::signature::parse_addresses(text, variables)) {
        if (!set->any && set->ranges.empty()) __builtin_trap();
        for (std::size_t i = 0; i < set->ranges.size(); ++i) {
            if (set->ranges[i].last < set->ranges[i].first) __builtin_trap();
            if (i > 0 && set->ranges[i].first <= set->ranges[i - 1].last) __builtin_trap();
            if (!set->contains(set->ranges[i].first) || !set->contains(set->ranges[i].last)) __builtin_trap();
        }
    }
    if (const auto set = sekisho::signature::parse_ports(text, variables))
        if (!set->any && set->ranges.empty()) __builtin_trap();
    return 0;
}
