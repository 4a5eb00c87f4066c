// Punycode (RFC 3492): a label of any script as ASCII. Encoding only; lists need no more.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::urlfilter {

/// Strict UTF-8 (RFC 3629): no surrogates, no overlong forms. Nothing when the text is not.
std::optional<std::vector<char32_t>> decode_utf8(std::string_view text);

/// Appends the encoding (without "xn--"); ASCII letters become lower-case.
/// False when the label is longer than DNS could ever carry.
bool punycode(const std::vector<char32_t>& label, std::string& out);

}  // namespace sekisho::urlfilter
