// Transforms change the bytes of the sticky buffer before it is tested.
#include "sekisho/base/text.h"
#include "sekisho/signature/regex.h"
#include "signature/keywords/all.h"

namespace sekisho::signature {
namespace {

constexpr std::size_t kXorKeyMax = 255;  // octets

Result<std::string> read_key(std::string_view text) {
    auto digit = [](char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; };
    if (text.empty() || text.size() % 2 != 0 || text.size() > kXorKeyMax * 2 ||
        text.find_first_not_of("0123456789abcdefABCDEF") != std::string_view::npos)
        return wrong("the key is 1 to 255 octets in hexadecimal, two digits each");
    std::string key;
    for (std::size_t i = 0; i < text.size(); i += 2)
        key.push_back(static_cast<char>(digit(text[i]) << 4 | digit(text[i + 1])));
    return key;
}

}  // namespace

Status parse_transform(RuleBuilder& builder, const Use& use) {
    Transform transform{static_cast<TransformKind>(use.keyword.detail), {}, nullptr};
    if (transform.kind == TransformKind::xor_key) {
        auto key = read_key(use.value);
        if (!key) return fail(key.error());
        transform.argument = std::move(*key);
    } else if (transform.kind == TransformKind::pcrexform) {
        auto regex = Regex::compile(use.value, "");
        if (!regex) return fail(regex.error());
        transform.regex = std::move(*regex);
    }
    return builder.add_transform(std::move(transform));
}

}  // namespace sekisho::signature
