// A person's "continue" on a warning: a token that the page's link carries and a cookie keeps. The box remembers
// nothing: the token is good for one client and one category until a time, and says so under a keyed hash. A client
// that forges one gains what a click would have given it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sekisho/base/address.h"

namespace sekisho::urlfilter {

constexpr std::size_t kConsentBytes = 24;  // eight digits of time, sixteen of hash, hexadecimal
constexpr std::string_view kConsentCookie = "sekisho-continue";
constexpr std::string_view kConsentPath = "/.sekisho-continue/";  // then the token, "?", and the target that was asked for

using ConsentToken = std::array<char, kConsentBytes>;

/// @param until_s  seconds since 1970     @thread any; no allocation
ConsentToken make_consent(const IpAddress& client, std::string_view category, std::uint64_t until_s, std::uint64_t secret) noexcept;
/// Whether `token` is one of ours for this client and category, and not over.
bool is_consent(std::string_view token, const IpAddress& client, std::string_view category, std::uint64_t now_s, std::uint64_t secret) noexcept;
/// What a request's path says of a click.
struct ContinueRequest {
    std::string_view token;   ///< unchecked; empty: no click
    std::string_view target;  ///< where to go on: a path on the same host, "/" when what was asked for is none
};
/// @param target_max  longer targets become "/"     @return views into `path`, or constants
ContinueRequest read_continue(std::string_view path, std::size_t target_max) noexcept;
/// The token in a Cookie header; empty when there is none.
std::string_view consent_in_cookie(std::string_view cookie) noexcept;

}  // namespace sekisho::urlfilter
