// The head of a server's answer as far as it is kept: the entity tag (RFC 9110 section 8.8.3). It is sent back
// with the next request, so nothing is taken that is not a tag.
#pragma once

#include <string>
#include <string_view>

namespace sekisho::fetch {

/// Whether this is [W/]"octets", the octets visible and no quotation marks.
bool is_entity_tag(std::string_view text) noexcept;

class AnswerHead {
  public:
    static constexpr std::size_t kEtagMaxBytes = 256;

    /// One line as the server sent it. A status line begins a new answer (after a redirect): what was known is gone.
    /// Of two tags in one answer the last one counts.
    void line(std::string_view line);
    const std::string& etag() const noexcept { return etag_; }  ///< empty: none, or none that can be used

  private:
    std::string etag_;
};

}  // namespace sekisho::fetch
