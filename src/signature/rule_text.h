// Cuts the text of a rule: seven header words, then options "name;" or "name:value;" in parentheses.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "sekisho/base/result.h"
#include "sekisho/signature/rule.h"

namespace sekisho::signature {

enum HeaderWord : std::size_t {
    kActionWord, kProtocolWord, kSourceWord, kSourcePortWord, kDirectionWord, kDestinationWord, kDestinationPortWord,
    kHeaderWords,
};

struct Word {
    std::string_view text;
    std::uint32_t column = 0;  ///< 1-based
};

struct RuleText {
    std::array<Word, kHeaderWords> header;
    std::vector<Option> options;
};

/// What is wrong with a rule's text, and in which column.
struct TextError {
    std::string what;
    std::uint32_t column = 0;
};

using TextResult = tl::expected<RuleText, TextError>;

/// Views into `text`. A semicolon ends an option unless a backslash stands before it, also between quotes: the
/// language says so, and quotes are not always in pairs (pcre).
TextResult cut_rule(std::string_view text);

/// Takes the quotes off `"..."`. @error invalid: no or only one quote
Result<std::string_view> unquote(std::string_view value);

/// Text of msg and its like without the backslash before \" \; \: and \\.
std::string unescape(std::string_view text);

}  // namespace sekisho::signature
