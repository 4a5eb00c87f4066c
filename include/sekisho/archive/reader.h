// Files from wherever an admin has them: one file, a folder, or an archive (tar, zip, with gzip, bzip2, xz or zstd).
// The only door to libarchive. Names are labels for messages: nothing is written to disk.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "sekisho/base/bytes.h"
#include "sekisho/base/result.h"

namespace sekisho::archive {

/// What one source may hold, unpacked: an archive of a few kilobytes can promise terabytes.
struct Limits {
    std::size_t file_bytes = MiB(256);
    std::size_t total_bytes = MiB(1024);
    std::size_t entries = 100'000;
};

/// Asked before a file is read. @param name  path inside the source, or the file's own name
using Wanted = std::function<bool(std::string_view name)>;
/// Takes one file. An error ends the reading and is given back.
using Take = std::function<Status(const std::string& name, std::string&& text)>;

/// Reads every wanted file of `path`, in the order of their names (folders) or of the archive. A name that ends in .gz,
/// .bz2, .xz or .zst and is no archive is one compressed file. Links in folders are not followed.
/// @error not_found, io; invalid: the archive is damaged or cut off; limit: more than `limits`; else what `take` said
Status read_files(const std::string& path, const Limits& limits, const Wanted& wanted, const Take& take);

}  // namespace sekisho::archive
