// The page a person sees instead of a blocked site: what was blocked, why, whom to ask, which number to name. One
// HTTP/1.1 response (RFC 9110, RFC 9112), Japanese or English by Accept-Language. Its text is a template, so that an
// admin can change it (docs/block-page.md):
//
//   {{host}} {{category}} {{list}} {{time}} {{contact}} {{incident}} {{box}} {{continue}}   values, escaped
//   {{#ja}} ... {{/ja}}   {{#en}} ... {{/en}}            for readers of one language
//   {{#block}} ... {{/block}}   {{#warn}} ... {{/warn}}  for one kind of page
//   {{#contact}} ... {{/contact}}   {{#list}} ...        where the value is not empty
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sekisho/base/bytes.h"
#include "sekisho/base/result.h"

namespace sekisho::urlfilter {

/// All texts are shown escaped, without control characters, and cut to a length that fits.
struct BlockPage {
    std::string_view host;             ///< as the client sent it, hostile; shown as ASCII
    std::string_view category;         ///< "malware"
    std::string_view list;             ///< "ut1/malware/domains:17"
    std::string_view contact;          ///< UTF-8, of the configuration
    std::string_view box;              ///< name of the box
    std::string_view continue_link;    ///< of a warning: a path on the same host
    std::int64_t local_s = 0;          ///< local time as seconds since 1970
    std::uint64_t incident = 0;        ///< number that finds the event on the box
    std::string_view accept_language;  ///< header value, hostile; empty: Japanese
    bool warn = false;                 ///< a warning that can be passed
    bool head = false;  ///< the request was HEAD: header without the page (RFC 9110 section 9.3.2)
};

/// Three segments of the least MTU that IPv6 guarantees (engine/answer.h).
constexpr std::size_t kBlockPageMaxBytes = 3 * 1180;
constexpr std::size_t kTemplateMaxBytes = 64 * 1024;

enum class PageLanguage : std::uint8_t { japanese, english };

/// Japanese unless the client asks for other languages only (RFC 9110 section 12.5.4).
PageLanguage choose_language(std::string_view accept_language) noexcept;

/// A template, cut into pieces. Immutable.
class PageTemplate {
  public:
    /// The page that comes with the box.
    static const PageTemplate& built_in();
    /// @error invalid: names the line and what is wrong; limit: a page could become longer than one answer holds
    static Result<PageTemplate> parse(std::string text);

    /// @return octets written to `out`, at most kBlockPageMaxBytes; 0 when `out` is too small
    /// @thread any; no allocation
    std::size_t render(const BlockPage& page, MutableBytes out) const noexcept;

  private:
    struct Piece {
        std::uint8_t what;        // text, or the number of a value or section
        std::uint8_t kind;
        std::uint32_t offset = 0; // of a text
        std::uint32_t size = 0;
    };
    std::string text_;
    std::vector<Piece> pieces_;
};

/// An answer that sends the browser to `location` (a path on the same host) and sets a cookie.
std::size_t render_continue(std::string_view location, std::string_view cookie, unsigned seconds, MutableBytes out) noexcept;

}  // namespace sekisho::urlfilter
