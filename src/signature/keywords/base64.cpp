// base64_decode[:bytes N][,offset N][,relative] decodes a part of the buffer; base64_data makes the result the
// sticky buffer of what follows.
#include "signature/keywords/all.h"
#include "signature/keywords/byte_fetch.h"
#include "signature/number.h"

namespace sekisho::signature {

Status parse_base64_decode(RuleBuilder& builder, const Use& use) {
    Base64Decode decode;
    for (const auto word : words_of(use.value)) {
        std::string_view value;
        std::uint32_t* target = nullptr;
        if (word.empty() && use.value.empty()) break;
        if (word_value(word, "bytes", value)) target = &decode.bytes;
        if (word_value(word, "offset", value)) target = &decode.offset;
        if (target) {
            const auto number = parse_number(value, target == &decode.bytes ? 1 : 0, 65535);
            if (!number) return fail(number.error());
            *target = static_cast<std::uint32_t>(*number);
        } else if (word == "relative") {
            decode.relative = true;
        } else {
            return wrong("unknown word '" + std::string(word) + "' (bytes N, offset N, relative)");
        }
    }
    builder.add_decode(std::move(decode));
    return {};
}

Status parse_base64_data(RuleBuilder& builder, const Use&) { return builder.select_base64(); }

}  // namespace sekisho::signature
