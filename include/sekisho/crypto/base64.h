// Base64 with padding (RFC 4648 section 4), one line.
#pragma once

#include <string>
#include <string_view>

namespace sekisho::crypto {

/// @pre octets.size() < 2^30
std::string base64(std::string_view octets);

}  // namespace sekisho::crypto
