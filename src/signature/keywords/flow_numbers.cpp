// flow.age, flow.pkts_toserver, flow.pkts_toclient, flow.bytes_toserver, flow.bytes_toclient:NUMBER, and flow.pkts,
// flow.bytes:toserver|toclient|either,NUMBER.
#include "signature/keywords/all.h"
#include "signature/keywords/byte_fetch.h"
#include "signature/number.h"

namespace sekisho::signature {
namespace {

Status add(RuleBuilder& builder, FlowNumberTest::What what, std::string_view text) {
    const auto number = parse_number_test(text, 0x7fffffffffffffff);
    if (!number) return fail(number.error());
    builder.rule().flow_numbers.push_back({what, number->op, number->negated, number->low, number->high});
    return {};
}

}  // namespace

Status parse_flow_number(RuleBuilder& builder, const Use& use) {
    return add(builder, static_cast<FlowNumberTest::What>(use.keyword.detail), use.value);
}

Status parse_flow_number_by_side(RuleBuilder& builder, const Use& use) {
    const auto words = words_of(use.value);
    if (words.size() != 2) return wrong("the form is 'toserver|toclient|either,NUMBER'");
    constexpr std::string_view kSides[] = {"toserver", "toclient", "either"};
    const auto* side = std::find(std::begin(kSides), std::end(kSides), words[0]);
    if (side == std::end(kSides)) return wrong("'" + std::string(words[0]) + "' is not toserver, toclient or either");
    const auto first = use.keyword.detail;
    return add(builder, static_cast<FlowNumberTest::What>(first + static_cast<unsigned>(side - std::begin(kSides))), words[1]);
}

}  // namespace sekisho::signature
