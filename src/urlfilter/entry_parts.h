// The parts of a list line that the formats share.
#pragma once

#include <string_view>

#include "sekisho/urlfilter/list.h"

namespace sekisho::urlfilter {

/// Takes the first word off `text` and the blanks behind it.
std::string_view take_word(std::string_view& text);

/// Cuts comment, blanks and byte order mark off a line. @return blank, line_too_long or none
EntryFault take_content(std::string_view& line);

void clear(Entry& entry);

/// "https://host:port/path" in all its spellings. @pre cleared entry
EntryFault parse_target(std::string_view target, Entry& entry);

}  // namespace sekisho::urlfilter
