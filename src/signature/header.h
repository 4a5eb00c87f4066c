// The seven header words of a rule.
#pragma once

#include "sekisho/signature/parser.h"
#include "sekisho/signature/rule.h"
#include "signature/rule_text.h"

namespace sekisho::signature {

/// @error what is wrong, and the column of the word
tl::expected<Header, TextError> parse_header(const std::array<Word, kHeaderWords>& words, const Variables& variables);

}  // namespace sekisho::signature
