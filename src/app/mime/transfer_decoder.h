// Content-Transfer-Encoding (RFC 2045 section 6) and uuencode, line by line: what comes out goes into the caller's
// memory, what does not fill an octet yet stays here.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "sekisho/base/bytes.h"

namespace sekisho::app::mime {

enum class Coding : std::uint8_t { identity, base64, quoted_printable, uuencode };

/// "base64" and its like, in any case, with comments around; identity for 7bit, 8bit, binary.
/// @return  none for a coding that nobody knows
std::optional<Coding> parse_coding(std::string_view value) noexcept;

class TransferDecoder {
  public:
    void start(Coding coding) noexcept;
    Coding coding() const noexcept { return coding_; }

    /// A piece of a line, without its line end. Decodes as a mail program does: what is no letter of the alphabet is
    /// passed over.
    /// @param out  at least piece.size() + 4 octets
    /// @return     octets written
    std::size_t decode(std::string_view piece, MutableBytes out) noexcept;
    /// The line ends. True when the line end is part of the content (quoted-printable's soft ends are not).
    bool end_line() noexcept;
    /// Something was no letter of the alphabet, or stood behind the padding.
    bool odd() const noexcept { return odd_; }

  private:
    std::size_t base64(std::string_view piece, MutableBytes out) noexcept;
    std::size_t quoted_printable(std::string_view piece, MutableBytes out) noexcept;
    std::size_t uuencode(std::string_view piece, MutableBytes out) noexcept;

    Coding coding_ = Coding::identity;
    bool odd_ = false;
    std::uint8_t have_ = 0;         ///< base64, uuencode: bits in word_; quoted-printable: octets of an escape
    std::uint32_t word_ = 0;
    std::uint8_t uu_left_ = 0;      ///< octets that the line's first letter announced
    bool uu_begun_ = false;
    bool padded_ = false;           ///< base64: padding was seen
    char escape_[2] = {};
};

/// Encoded words of RFC 2047 ("=?utf-8?B?...?=") replaced by what they say; other text as it is.
/// @param out  where to; what does not fit is cut off  @return octets written
std::size_t decode_words(std::string_view text, MutableBytes out) noexcept;

}  // namespace sekisho::app::mime
