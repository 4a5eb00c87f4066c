// flowbits:operation,name[|name...] - bits of one connection; flowbits:noalert.
#include "sekisho/base/text.h"
#include "signature/keywords/all.h"
#include "signature/keywords/state_words.h"

namespace sekisho::signature {

Status parse_flowbits(RuleBuilder& builder, const Use& use) {
    if (use.value == "noalert") {
        builder.rule().noalert = true;
        return {};
    }
    const auto comma = use.value.find(',');
    const auto word = trim(use.value.substr(0, comma));
    const auto op = bit_operation(word);
    if (!op) return wrong("'" + std::string(word) + "' is not set, unset, toggle, isset, isnotset or noalert");
    if (comma == std::string_view::npos) return wrong("the name of the bit is missing");
    BitOp bit;
    bit.op = *op;
    for (const auto part : split(use.value.substr(comma + 1), '|')) {
        const auto name = trim(part);
        if (!good_state_name(name)) return wrong("'" + std::string(name) + "' is not a name for a bit");
        bit.names.push_back(name_id(name));
    }
    const bool test = *op == BitOp::Op::isset || *op == BitOp::Op::isnotset;
    if (bit.names.size() > 1 && !test) return wrong("several names go only with isset and isnotset");
    builder.rule().bits.push_back(std::move(bit));
    return {};
}

}  // namespace sekisho::signature
