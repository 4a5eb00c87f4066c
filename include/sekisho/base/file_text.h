// Whole files, read and written the safe way.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "sekisho/base/result.h"

namespace sekisho {

/// The whole file as bytes. @error io, not_found; limit when larger than `max_bytes`.
Result<std::string> read_file(const std::string& path, std::size_t max_bytes);

/// Replaces the file atomically: temporary file beside it, fsync, rename, fsync of the folder.
/// A crash leaves the old or the new content, never a mixture.
Status write_file_atomic(const std::string& path, std::string_view content, unsigned mode = 0640);

}  // namespace sekisho
