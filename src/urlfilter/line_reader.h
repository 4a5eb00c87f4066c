// Lines of a list, from memory or from a file of any size, read in pieces so that a list of a gigabyte
// costs no more than a small one. A line longer than kListLineMaxBytes is given cut, one octet longer than
// that, so that its reader sees it is too long.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "sekisho/base/result.h"

namespace sekisho::urlfilter {

/// Gets each line without LF; false stops the reading.
using EachLine = std::function<bool(std::string_view)>;

Status read_lines_of_text(std::string_view text, const EachLine& each);
/// @error io, not_found
Status read_lines(const std::string& path, const EachLine& each);

}  // namespace sekisho::urlfilter
