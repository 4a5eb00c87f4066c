// Limits of the file room: number, unit, reason, and what happens there.
#pragma once

#include <cstdint>

#include "sekisho/base/bytes.h"

namespace sekisho::file {

/// Octets of a file's start that its type is told by. A shorter file is judged when it ends.
constexpr std::size_t kMagicHead = 512;
/// Octets of a type's text. Longer ones are cut.
constexpr std::size_t kMagicTextMax = 120;
/// Name of a file or of an archive's member. Longer ones keep their end, because the extension is there.
constexpr std::size_t kNameMax = 255;

/// Archives within archives that are opened. Deeper ones are files like any other.
constexpr unsigned kArchiveDepth = 3;
/// Members of one archive that are told; the rest is not opened (counted files.archive_limits).
constexpr std::uint32_t kArchiveMembersMax = 512;
/// Decompressed octets of one archive that are searched; the rest is not opened (counted files.archive_limits).
constexpr std::uint64_t kArchiveOutputMax = MiB(8);
/// Decompressed octets are handed on in pieces of at most this size.
constexpr std::size_t kArchivePiece = KiB(8);

}  // namespace sekisho::file
