// byte_jump:count,offset[,relative][,multiplier N][,byte order][,string,base][,align][,from_beginning]
// [,from_end][,post_offset N][,dce][,bitmask N]: moves the cursor by a number in the buffer.
#include "signature/keywords/all.h"
#include "signature/keywords/byte_fetch.h"
#include "signature/number.h"

namespace sekisho::signature {

Status parse_byte_jump(RuleBuilder& builder, const Use& use) {
    const auto words = words_of(use.value);
    if (words.size() < 2) return wrong("the form is 'count,offset[,...]'");
    ByteJump jump;
    auto count = builder.operand(words[0], 0, 23);
    if (!count) return fail(count.error());
    jump.fetch.count = *count;
    auto offset = builder.operand(words[1], -kFetchOffsetMax, kFetchOffsetMax);
    if (!offset) return fail(offset.error());
    jump.fetch.offset = *offset;
    for (std::size_t i = 2; i < words.size(); ++i) {
        const auto known = read_fetch_word(words[i], jump.fetch);
        if (!known) return fail(known.error());
        if (*known) continue;
        std::string_view value;
        if (word_value(words[i], "multiplier", value)) {
            const auto factor = parse_number(value, 1, 65535);
            if (!factor) return fail(factor.error());
            jump.multiplier = static_cast<std::uint32_t>(*factor);
        } else if (word_value(words[i], "post_offset", value)) {
            auto post = builder.operand(value, -kFetchOffsetMax, kFetchOffsetMax);
            if (!post) return fail(post.error());
            jump.post_offset = *post;
        } else if (words[i] == "align") {
            jump.align = true;
        } else if (words[i] == "from_beginning") {
            jump.from_beginning = true;
        } else if (words[i] == "from_end") {
            jump.from_end = true;
        } else {
            return wrong("unknown word '" + std::string(words[i]) + "'");
        }
    }
    if (jump.from_beginning && jump.from_end) return wrong("from_beginning and from_end exclude each other");
    if (auto good = check_fetch(jump.fetch); !good) return good;
    builder.add_near_last_match(jump, jump.fetch.relative);
    return {};
}

}  // namespace sekisho::signature
