// Words that the keywords with state between packets share.
#pragma once

#include <algorithm>
#include <optional>
#include <string_view>

#include "sekisho/signature/rule.h"

namespace sekisho::signature {

constexpr std::size_t kStateNameMax = 256;  ///< octets of a bit's or counter's name

inline std::optional<BitOp::Op> bit_operation(std::string_view word) noexcept {
    constexpr std::pair<std::string_view, BitOp::Op> words[] = {
        {"set", BitOp::Op::set},     {"unset", BitOp::Op::unset},       {"toggle", BitOp::Op::toggle},
        {"isset", BitOp::Op::isset}, {"isnotset", BitOp::Op::isnotset},
    };
    for (const auto& [name, op] : words)
        if (name == word) return op;
    return std::nullopt;
}

inline bool good_state_name(std::string_view name) noexcept {
    return !name.empty() && name.size() <= kStateNameMax && name.find_first_of(" \t,|;:") == std::string_view::npos;
}

}  // namespace sekisho::signature
