// byte_extract:count,offset,name[,relative][,multiplier N][,byte order][,string,base][,align 2|4][,dce]
// [,bitmask N]: keeps a number of the buffer under a name, for later keywords of the same rule.
#include "signature/keywords/all.h"
#include "signature/keywords/byte_fetch.h"
#include "signature/number.h"

namespace sekisho::signature {

Status parse_byte_extract(RuleBuilder& builder, const Use& use) {
    const auto words = words_of(use.value);
    if (words.size() < 3) return wrong("the form is 'count,offset,name[,...]'");
    ByteExtract extract;
    auto count = builder.operand(words[0], 1, 23);
    if (!count) return fail(count.error());
    extract.fetch.count = *count;
    auto offset = builder.operand(words[1], -kFetchOffsetMax, kFetchOffsetMax);
    if (!offset) return fail(offset.error());
    extract.fetch.offset = *offset;
    for (std::size_t i = 3; i < words.size(); ++i) {
        const auto known = read_fetch_word(words[i], extract.fetch);
        if (!known) return fail(known.error());
        if (*known) continue;
        std::string_view value;
        if (word_value(words[i], "multiplier", value)) {
            const auto factor = parse_number(value, 1, 65535);
            if (!factor) return fail(factor.error());
            extract.multiplier = static_cast<std::uint32_t>(*factor);
        } else if (word_value(words[i], "align", value)) {
            if (value != "2" && value != "4") return wrong("align takes 2 or 4");
            extract.align = value == "2" ? 2 : 4;
        } else {
            return wrong("unknown word '" + std::string(words[i]) + "'");
        }
    }
    if (auto good = check_fetch(extract.fetch); !good) return good;
    auto variable = builder.define_variable(words[2]);
    if (!variable) return fail(variable.error());
    extract.variable = *variable;
    builder.add_near_last_match(extract, extract.fetch.relative);
    return {};
}

}  // namespace sekisho::signature
