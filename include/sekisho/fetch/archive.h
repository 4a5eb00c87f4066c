// Archives (tar, zip; plain or compressed by gzip, bzip2, xz, zstd) to a folder, within limits (libarchive). The only
// door to it in the house.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "sekisho/base/result.h"

namespace sekisho::fetch {

struct UnpackLimits {
    std::uint64_t max_octets = 0;       ///< of all files that are written
    std::uint32_t max_entries = 100'000;
};

struct Unpacked {
    bool archive = false;               ///< false: it is a plain file, nothing was written
    std::uint64_t files = 0, octets = 0;
};

/// Writes the regular files that `wanted` names below `folder` (which must exist), with the archive's dates. Links,
/// devices, absolute paths and ".." are passed over. A compressed file that is no archive becomes one file.
/// @error invalid: damaged or cut off; limit: more entries or octets than allowed (a bomb); io
Result<Unpacked> unpack(const std::string& archive, const std::string& folder, const UnpackLimits& limits,
                        const std::function<bool(std::string_view path)>& wanted);

}  // namespace sekisho::fetch
