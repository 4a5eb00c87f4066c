// A file from an https server, within limits (libcurl). The only door to it in the house.
#pragma once

#include <cstdint>
#include <string>

#include "sekisho/base/result.h"

namespace sekisho::fetch {

struct DownloadRequest {
    std::string url;                ///< https only, also after each redirect
    std::string etag;               ///< of the copy at hand: the server may say that it is still good
    std::uint64_t max_octets = 0;
    std::uint32_t max_seconds = 0;
    std::string ca_file;            ///< who may sign the server's certificate; empty: the system's
};

struct Download {
    bool unchanged = false;         ///< nothing was written: the copy at hand is still good
    std::string etag;               ///< empty: the server gave none
    std::uint64_t octets = 0;
    std::uint64_t modified_s = 0;   ///< Last-Modified, seconds since 1970; 0: not told
};

/// Writes the file to `path` (replaced when the download is whole, else untouched). At most five redirects.
/// @error invalid: not an https URL; limit: larger than allowed; unavailable: everything between us and the server
/// @thread control plane; blocks for up to max_seconds
Result<Download> download(const DownloadRequest& request, const std::string& path);

}  // namespace sekisho::fetch
