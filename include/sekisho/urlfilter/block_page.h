// The page a person sees instead of a blocked site: what was blocked, why, whom to ask, which number to
// name. One HTTP/1.1 response (RFC 9110, RFC 9112), Japanese or English by Accept-Language, made to fit
// one TCP segment of an Ethernet link.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sekisho/base/bytes.h"

namespace sekisho::urlfilter {

/// All texts are shown escaped, without control characters, and cut to a length that fits.
struct BlockPage {
    std::string_view host;             ///< as the client sent it, hostile; shown as ASCII
    std::string_view category;         ///< "malware"
    std::string_view contact;          ///< UTF-8, of the configuration; empty: the line is left out
    std::uint64_t incident = 0;        ///< number that finds the event on the box
    std::string_view accept_language;  ///< header value, hostile; empty: Japanese
    bool head = false;  ///< the request was HEAD: header without the page (RFC 9110 section 9.3.2)
};

constexpr std::size_t kBlockPageMaxBytes = 1400;

enum class PageLanguage : std::uint8_t { japanese, english };

/// Japanese unless the client asks for other languages only (RFC 9110 section 12.5.4).
PageLanguage choose_language(std::string_view accept_language) noexcept;

/// @return octets written to `out`, at most kBlockPageMaxBytes; 0 when `out` is too small
/// @thread any; no allocation
std::size_t render_block_page(const BlockPage& page, MutableBytes out) noexcept;

}  // namespace sekisho::urlfilter
