// byte_math:bytes N,offset N,oper +|-|*|/|<<|>>,rvalue N,result NAME[,relative][,endian W][,string W][,dce]
// [,bitmask N]: calculates with a number of the buffer and keeps the result under a name.
#include <optional>

#include "signature/keywords/all.h"
#include "signature/keywords/byte_fetch.h"

namespace sekisho::signature {
namespace {

struct OperatorWord {
    std::string_view word;
    ByteMath::Op op;
};
constexpr OperatorWord kOperators[] = {
    {"+", ByteMath::Op::add},    {"-", ByteMath::Op::subtract},    {"*", ByteMath::Op::multiply},
    {"/", ByteMath::Op::divide}, {"<<", ByteMath::Op::shift_left}, {">>", ByteMath::Op::shift_right},
};

struct Given {
    bool bytes = false, offset = false, oper = false, right = false;
    std::string_view result;
};

Status read_word(const RuleBuilder& builder, std::string_view word, ByteMath& math, Given& given) {
    std::string_view value;
    auto take = [&](Operand& target, bool& seen, std::int64_t min, std::int64_t max) -> Status {
        if (seen) return wrong("'" + std::string(word) + "' is given twice");
        seen = true;
        auto operand = builder.operand(value, min, max);
        if (!operand) return fail(operand.error());
        target = *operand;
        return {};
    };
    if (word_value(word, "bytes", value)) return take(math.fetch.count, given.bytes, 1, 10);
    if (word_value(word, "offset", value)) return take(math.fetch.offset, given.offset, -kFetchOffsetMax, kFetchOffsetMax);
    if (word_value(word, "rvalue", value)) return take(math.right, given.right, 0, 0xffffffff);
    if (word_value(word, "result", given.result)) return {};
    if (word_value(word, "oper", value)) {
        for (const auto& known : kOperators) {
            if (known.word != value) continue;
            math.op = known.op;
            given.oper = true;
            return {};
        }
        return wrong("'" + std::string(value) + "' is not an operator (+ - * / << >>)");
    }
    std::string_view plain = word;
    if (word_value(word, "endian", value)) plain = value;
    if (word_value(word, "string", value)) {
        math.fetch.is_string = true;
        plain = value;
    }
    const auto known = read_fetch_word(plain, math.fetch);
    if (!known) return fail(known.error());
    if (!*known) return wrong("unknown word '" + std::string(word) + "'");
    return {};
}

}  // namespace

Status parse_byte_math(RuleBuilder& builder, const Use& use) {
    ByteMath math;
    Given given;
    for (const auto word : words_of(use.value))
        if (auto good = read_word(builder, word, math, given); !good) return good;
    if (!given.bytes || !given.offset || !given.oper || !given.right || given.result.empty())
        return wrong("bytes, offset, oper, rvalue and result must all be given");
    if (math.op == ByteMath::Op::divide && !math.right.is_variable && math.right.value == 0)
        return wrong("division by zero");
    const bool shift = math.op == ByteMath::Op::shift_left || math.op == ByteMath::Op::shift_right;
    if (shift && !math.right.is_variable && math.right.value > 63) return wrong("a shift is at most 63");
    if (auto good = check_fetch(math.fetch); !good) return good;
    auto variable = builder.define_variable(given.result);
    if (!variable) return fail(variable.error());
    math.variable = *variable;
    builder.add_near_last_match(math, math.fetch.relative);
    return {};
}

}  // namespace sekisho::signature
