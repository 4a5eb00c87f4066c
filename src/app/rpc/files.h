// The files of an NFS conversation: their names, and contents as reads and writes bring them. A content is told in a
// transaction of its own, piece after piece while the offsets follow each other; a piece from elsewhere begins anew,
// since nothing is held back to be sorted.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "sekisho/app/limits.h"
#include "sekisho/app/parser.h"

namespace sekisho::app::rpc {

/// Tells files apart: the keyed hash of a handle (they have up to 128 octets), or of a folder's key and a name while the
/// handle is not known. 0: none.
using FileKey = std::uint64_t;
FileKey key_of(Bytes handle) noexcept;
FileKey key_of(FileKey folder, Bytes name) noexcept;

/// Whose content, and which call brings it.
struct ContentOf {
    FileKey file = 0;
    std::uint32_t version = 0, procedure = 0;
    Direction direction = Direction::to_server;
};

/// Memory: bounded, no allocation. When a table is full, what was used least lately is forgotten: a content ends there,
/// and a file without a name is told without one.
class Files {
  public:
    /// A name that a call asks for. @returns the key of that file as long as its handle is not known
    FileKey remember(FileKey folder, Bytes name) noexcept;
    /// The file that was known as `before` has this key.
    void rename(FileKey before, FileKey now) noexcept;

    /// @param last  nothing of the file lies behind the piece
    void put(const ContentOf& of, std::uint64_t offset, Bytes piece, bool last, FieldSink& out) noexcept;
    /// What comes next does not follow what came before.
    void lose(FileKey file, Direction direction, FieldSink& out) noexcept;
    /// The file's contents are whole.
    void finish(FileKey file, FieldSink& out) noexcept;
    void finish_all(FieldSink& out) noexcept;

  private:
    struct Name {
        FileKey file = 0;            ///< 0: the place is free
        std::uint32_t used_at = 0;
        std::uint8_t size = 0;
        std::array<char, kNfsNameMax> text{};
    };
    struct Content {
        FileKey file = 0;            ///< 0: the place is free
        TxId tx = 0;
        std::uint64_t next = 0;      ///< offset behind the last piece
        std::uint32_t used_at = 0;
        Direction direction = Direction::to_server;
        bool begun = false;
    };

    std::string_view name_of(FileKey file) noexcept;
    Content* find(FileKey file, Direction direction) noexcept;
    Content& open(const ContentOf& of, FieldSink& out) noexcept;
    static void end_body(Content& content, FieldSink& out) noexcept;
    static void close(Content& content, FieldSink& out) noexcept;

    std::array<Name, kNfsNamesMax> names_{};
    std::array<Content, kNfsContentsMax> contents_{};
    std::uint32_t clock_ = 0;
};

}  // namespace sekisho::app::rpc
