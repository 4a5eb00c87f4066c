// flowint:name,operation[,value] - counters of one connection.
#include "signature/keywords/all.h"
#include "signature/keywords/byte_fetch.h"
#include "signature/keywords/state_words.h"
#include "signature/number.h"

namespace sekisho::signature {
namespace {

struct OperatorWord {
    std::string_view word;
    FlowIntOp::Op op;
};
constexpr OperatorWord kOperators[] = {
    {"+", FlowIntOp::Op::add}, {"-", FlowIntOp::Op::subtract}, {"<", FlowIntOp::Op::lt},
    {">", FlowIntOp::Op::gt},  {"=", FlowIntOp::Op::set},      {"<=", FlowIntOp::Op::le},
    {">=", FlowIntOp::Op::ge}, {"==", FlowIntOp::Op::eq},      {"!=", FlowIntOp::Op::ne},
    {"isset", FlowIntOp::Op::isset}, {"notset", FlowIntOp::Op::notset}, {"isnotset", FlowIntOp::Op::notset},
};

}  // namespace

Status parse_flowint(RuleBuilder& builder, const Use& use) {
    const auto words = words_of(use.value);
    if (words.size() < 2 || words.size() > 3) return wrong("the form is 'name,operation[,value]'");
    if (!good_state_name(words[0])) return wrong("'" + std::string(words[0]) + "' is not a name for a counter");
    FlowIntOp counter;
    counter.name = name_id(words[0]);
    const OperatorWord* known = nullptr;
    for (const auto& candidate : kOperators)
        if (candidate.word == words[1]) known = &candidate;
    if (!known) return wrong("'" + std::string(words[1]) + "' is not an operation (+ - = < > <= >= == != isset notset)");
    counter.op = known->op;
    const bool alone = counter.op == FlowIntOp::Op::isset || counter.op == FlowIntOp::Op::notset;
    if (alone != (words.size() == 2)) return wrong(alone ? "isset and notset take no value" : "the value is missing");
    if (!alone && words[2].find_first_not_of("0123456789") != std::string_view::npos) {
        if (!good_state_name(words[2])) return wrong("'" + std::string(words[2]) + "' is neither a number nor a name");
        counter.value_name = name_id(words[2]);
    } else if (!alone) {
        const auto value = parse_number(words[2], 0, 0xffffffff);
        if (!value) return fail(value.error());
        counter.value = static_cast<std::uint32_t>(*value);
    }
    builder.rule().flow_ints.push_back(counter);
    return {};
}

}  // namespace sekisho::signature
