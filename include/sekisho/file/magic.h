// The type of a file, told by its first octets.
//
// The words are those that the `file` program of Debian 12 uses, because rules are written for them; the facts come
// from the formats' own documents. A table of our own and not libmagic: docs/adr/0017-file-types.md.
#pragma once

#include <array>
#include <string_view>

#include "sekisho/base/bytes.h"
#include "sekisho/file/limits.h"

namespace sekisho::file {

/// A short text that is put together without allocation.
class MagicText {
  public:
    std::string_view text() const noexcept { return {text_.data(), size_}; }
    void append(std::string_view part) noexcept;
    void append(std::uint64_t number) noexcept;

  private:
    std::array<char, kMagicTextMax> text_{};
    std::size_t size_ = 0;
};

/// Type of the file that begins with `head`, "PDF document, version 1.4"; "data" when nothing is known about it.
/// @param head  the first kMagicHead octets or more; fewer when the file has no more. More than that are not read
/// @cost        one look at each line of a short table, no allocation  @thread any
MagicText magic_of(Bytes head) noexcept;

}  // namespace sekisho::file
