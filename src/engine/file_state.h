// What the engine keeps of a file while it passes, in blocks of the window pool: a state for each file that someone
// asks about, and a decompressor for each archive that is open.
#pragma once

#include <array>
#include <cstdint>
#include <new>

#include "sekisho/file/archive.h"
#include "sekisho/file/digests.h"
#include "sekisho/file/magic.h"
#include "sekisho/stream/window.h"

namespace sekisho::engine {

struct FileState {
    file::Digests digests;
    file::MagicText magic;
    std::array<std::uint8_t, file::kNameMax> name;
};
constexpr unsigned kFileStateOrder = 10;
static_assert(sizeof(FileState) <= std::size_t{1} << kFileStateOrder && alignof(FileState) <= 16);

/// One archive and what is known of the member that comes out of it.
struct ArchiveLevel {
    explicit ArchiveLevel(file::ArchiveKind kind) noexcept : archive(kind) {}
    file::Archive archive;
    bool member_fresh = false;   ///< its first piece is still to come
};
constexpr unsigned kArchiveOrder = 16;
static_assert(sizeof(ArchiveLevel) <= std::size_t{1} << kArchiveOrder && alignof(ArchiveLevel) <= 16);

/// The name of a file whose content is still to come.
struct ToldName {
    std::uint8_t* place = nullptr;
    std::uint8_t size = 0;
};
static_assert(file::kNameMax <= 255);

inline void give_file_state(FileState* state, stream::WindowPool& memory) noexcept {
    state->~FileState();
    memory.give(reinterpret_cast<std::uint8_t*>(state), kFileStateOrder);
}
inline void give_archive(ArchiveLevel* level, stream::WindowPool& memory) noexcept {
    level->~ArchiveLevel();
    memory.give(reinterpret_cast<std::uint8_t*>(level), kArchiveOrder);
}

}  // namespace sekisho::engine
