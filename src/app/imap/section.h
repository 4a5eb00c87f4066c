// Which part of a mail a FETCH response carries: "BODY[2.1.MIME]<4096>" (RFC 9051 section 7.5.2, RFC 3516).
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace sekisho::app::imap {

/// The number of a part, "2.1"; empty: the mail itself.
class Section {
  public:
    Section() = default;
    /// @param text  a longer one is cut, and then equal to none
    explicit Section(std::string_view text) noexcept : size_(static_cast<std::uint8_t>(std::min(text.size(), text_.size()))) {
        std::copy_n(text.begin(), size_, text_.begin());
        cut_ = size_ < text.size();
    }
    std::string_view view() const noexcept { return {text_.data(), size_}; }
    bool operator==(const Section& other) const noexcept { return !cut_ && !other.cut_ && view() == other.view(); }
    /// The n-th part within this one.
    Section part(int n) const noexcept;

  private:
    std::array<char, 23> text_{};
    std::uint8_t size_ = 0;
    bool cut_ = false;
};

enum class Kind : std::uint8_t {
    none,
    mail,     ///< BODY[], RFC822: all of it
    header,   ///< BODY[HEADER] of the mail, or of a mail within it
    text,     ///< BODY[TEXT]: what follows that
    mime,     ///< BODY[2.MIME]: the head of a part
    part,     ///< BODY[2]: what follows that
    binary,   ///< BINARY[2]: the same, decoded by the server
};

struct Item {
    Kind kind = Kind::none;
    bool partial = false;
    std::uint64_t origin = 0;   ///< partial: where it begins
    Section section;
};

/// What the text in front of a literal says of it. Kind::none for all that is no mail.
Item fetched_item(std::string_view before) noexcept;

}  // namespace sekisho::app::imap
