// The reference of the rule language, written from the keyword table.
#pragma once

#include <string>

namespace sekisho::signature {

/// docs/rule-keywords.md as it should be.
std::string keywords_markdown();

}  // namespace sekisho::signature
