// Formats that need more than a fixed text: see the files of their names.
#pragma once

#include "sekisho/file/magic.h"

namespace sekisho::file {

inline bool starts(Bytes head, std::string_view magic) noexcept { return as_text(head).starts_with(magic); }
/// Whether `magic` stands at `offset`.
inline bool stands_at(Bytes head, std::size_t offset, std::string_view magic) noexcept {
    return head.size() >= offset && as_text(head.subspan(offset)).starts_with(magic);
}

// Each appends its text and gives true when the file is of its kind.
bool tell_executable(Bytes head, MagicText& out) noexcept;   ///< MZ and PE, ELF, Mach-O, Java class
bool tell_archive(Bytes head, MagicText& out) noexcept;      ///< zip and what is packed as zip, gzip, tar, ...
bool tell_image(Bytes head, MagicText& out) noexcept;        ///< PNG, GIF, JPEG, BMP
bool tell_document(Bytes head, MagicText& out) noexcept;     ///< PDF, RTF, Flash, PostScript
void tell_text(Bytes head, MagicText& out) noexcept;         ///< text of some kind, else "data"

}  // namespace sekisho::file
