// International names (libidn2) and public suffixes (libpsl). The only door to both.
#pragma once

#include <string>
#include <string_view>

#include "sekisho/urlfilter/list.h"

namespace sekisho::urlfilter {

/// "com", "co.jp"; a single label of any kind. @pre lower-case A-labels
bool is_public_suffix(const std::string& host);

}  // namespace sekisho::urlfilter
