// The values of a dataset's file in JSON.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sekisho/base/result.h"
#include "sekisho/signature/dataset.h"

namespace sekisho::signature {

/// @error invalid when the text is no JSON, has no array where `format` says, or no value
Result<std::vector<std::string>> json_values(std::string_view text, const DatasetFormat& format);

}  // namespace sekisho::signature
