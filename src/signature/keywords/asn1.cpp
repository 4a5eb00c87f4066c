// asn1:[bitstring_overflow][,double_overflow][,oversize_length N][,absolute_offset N | relative_offset N]
#include "signature/keywords/all.h"
#include "signature/keywords/byte_fetch.h"
#include "signature/number.h"

namespace sekisho::signature {

Status parse_asn1(RuleBuilder& builder, const Use& use) {
    constexpr std::int64_t kOffsetMax = 65535;
    Asn1Walk walk;
    bool placed = false;
    for (const std::string_view word : words_of(use.value)) {
        std::string_view value;
        const bool relative = word_value(word, "relative_offset", value);
        if (word == "bitstring_overflow") {
            walk.bitstring_overflow = true;
        } else if (word == "double_overflow") {
            walk.double_overflow = true;
        } else if (!relative && word_value(word, "oversize_length", value)) {
            const auto length = parse_number(value, 1, 0xffffffff);
            if (!length) return fail(length.error());
            walk.oversize_length = static_cast<std::uint32_t>(*length);
        } else if (relative || word_value(word, "absolute_offset", value)) {
            if (placed) return wrong("two offsets");
            placed = true;
            walk.relative = relative;
            const auto offset = parse_number(value, relative ? -kOffsetMax : 0, kOffsetMax);
            if (!offset) return fail(offset.error());
            walk.offset = static_cast<std::int32_t>(*offset);
        } else {
            return wrong("'" + std::string(word) + "' is not bitstring_overflow, double_overflow, oversize_length N, "
                         "absolute_offset N or relative_offset N");
        }
    }
    if (!walk.bitstring_overflow && !walk.double_overflow && walk.oversize_length == 0)
        return wrong("it asks for nothing: bitstring_overflow, double_overflow or oversize_length N");
    builder.add_near_last_match(walk, walk.relative);
    return {};
}

}  // namespace sekisho::signature
