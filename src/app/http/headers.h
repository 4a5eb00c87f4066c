// Header fields of one message: cut into names and values, folded lines joined, repeated fields merged
// (RFC 9110 section 5.3), with the tolerance that browsers and libhtp show.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "app/http/lines.h"
#include "app/http/text_arena.h"
#include "sekisho/app/limits.h"

namespace sekisho::app::http {

// The header fields that something here looks at.
enum class HeaderId : std::uint8_t {
    other,
    accept,
    accept_encoding,
    accept_language,
    authorization,
    connection,
    content_disposition,
    content_encoding,
    content_length,
    content_type,
    cookie,
    host,
    location,
    referer,
    server,
    set_cookie,
    transfer_encoding,
    upgrade,
    user_agent,
    count_,
};

struct Header {
    std::string_view name;
    std::string_view value;
    std::uint32_t hash;
    std::uint16_t more;      ///< index + 1 of the next field of this name; 0: none
    HeaderId id;
    bool merged;             ///< its value is part of an earlier field of its name
};

/// Lives on the stack of one parse; views point into the head and the arena.
class HeaderList {
  public:
    HeaderList() noexcept {}  // leaves the table as it is: it is filled from the front

    /// Takes the lines from `block` (header lines with the empty one at the end, or cut off).
    void read(std::string_view block, LinePlace place, LineRule rule, bool version_1_1, TextArena& arena) noexcept;

    /// A field whose name and value are known apart (HTTP/2); `finish` after the last one.
    HeaderId add(std::string_view name, std::string_view value) noexcept;
    /// Joins what came in pieces, cookies as HTTP/2 splits them (RFC 9113 section 8.2.3).
    void finish(TextArena& arena) noexcept { join_repeated(arena, "; "); }

    /// Calls visit(const Header&) for each field, repeated ones once.
    template <class Visit>
    void each(Visit&& visit) const noexcept {
        for (std::size_t i = 0; i < size_; ++i)
            if (!headers_[i].merged) visit(headers_[i]);
    }
    bool empty() const noexcept { return size_ == 0; }
    /// The field of that name, or null.
    const Header* find(HeaderId id) const noexcept {
        const auto at = known_[static_cast<std::size_t>(id)];
        return at == 0 ? nullptr : &headers_[at - 1u];
    }

    struct Oddities {
        bool missing_colon = false;
        bool invalid_name = false;
        bool bad_folding = false;
        bool too_many = false;
        bool too_long = false;
        bool repeated_content_length = false;
        bool content_length_differs = false;
        bool doubtful_framing = false;  ///< a length or coding that not every server takes for one
    } odd;

  private:
    void add_line(std::string_view text, bool folded) noexcept;
    Header* find_same(std::string_view name, std::uint32_t hash) noexcept;
    void join_repeated(TextArena& arena, std::string_view between_cookies) noexcept;

    std::size_t size_ = 0;
    std::array<std::uint16_t, static_cast<std::size_t>(HeaderId::count_)> known_{};  ///< index + 1
    std::array<Header, kHttpHeadersMax> headers_;
};

/// First number in a Content-Length value, as browsers read it.
struct ContentLength {
    std::uint64_t octets = 0;
    bool valid = false;     ///< a number is there
    bool clean = false;     ///< and nothing else
};
ContentLength parse_content_length(std::string_view value) noexcept;

/// Whether `text` holds `word` (lower case), without regard to case and to NUL octets.
bool contains_word(std::string_view text, std::string_view word) noexcept;
bool equals_word(std::string_view text, std::string_view word) noexcept;

}  // namespace sekisho::app::http
