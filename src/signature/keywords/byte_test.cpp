// byte_test:count,[!]operator,value,offset[,relative][,byte order][,string,base][,dce][,bitmask N]
#include "sekisho/base/text.h"
#include "signature/keywords/all.h"
#include "signature/keywords/byte_fetch.h"

namespace sekisho::signature {
namespace {

struct OperatorWord {
    std::string_view word;
    Compare op;
};
constexpr std::int64_t kTestOffsetMax = 0x7fffffff;  // beyond any buffer: then the test fails

constexpr OperatorWord kOperators[] = {
    {"<", Compare::lt},  {">", Compare::gt},  {"=", Compare::eq},       {"==", Compare::eq},
    {"<=", Compare::le}, {">=", Compare::ge}, {"&", Compare::mask_and}, {"^", Compare::mask_xor},
};

Status read_operator(std::string_view word, ByteTest& test) {
    if (word.starts_with('!')) {
        test.negated = true;
        word = trim(word.substr(1));
        if (word.empty()) {
            test.op = Compare::eq;  // "!" alone: not equal
            return {};
        }
    }
    for (const auto& known : kOperators) {
        if (known.word != word) continue;
        test.op = known.op;
        return {};
    }
    return wrong("'" + std::string(word) + "' is not an operator (< > = <= >= & ^, each with ! in front)");
}

}  // namespace

Status parse_byte_test(RuleBuilder& builder, const Use& use) {
    const auto words = words_of(use.value);
    if (words.size() < 4) return wrong("the form is 'count,operator,value,offset[,...]'");
    ByteTest test;
    auto count = builder.operand(words[0], 0, 23);
    if (!count) return fail(count.error());
    test.fetch.count = *count;
    if (auto good = read_operator(words[1], test); !good) return good;
    auto value = builder.operand(words[2], 0, 0x7fffffffffffffff);
    if (!value) return fail(value.error());
    test.value = *value;
    auto offset = builder.operand(words[3], -kTestOffsetMax, kTestOffsetMax);
    if (!offset) return fail(offset.error());
    test.fetch.offset = *offset;
    for (std::size_t i = 4; i < words.size(); ++i) {
        const auto known = read_fetch_word(words[i], test.fetch);
        if (!known) return fail(known.error());
        if (!*known) return wrong("unknown word '" + std::string(words[i]) + "'");
    }
    if (auto good = check_fetch(test.fetch); !good) return good;
    if (!test.fetch.is_string && !count->is_variable && count->value == 0) return wrong("0 octets make no number");
    builder.add_near_last_match(test, test.fetch.relative);
    return {};
}

}  // namespace sekisho::signature
