// Follows the files of an NFS conversation through calls and replies: which name is asked for, which handle it has, where
// contents lie. One procedure (versions 2 and 3) is followed like a compound of one operation (version 4).
#pragma once

#include <array>
#include <cstdint>

#include "app/rpc/files.h"
#include "app/rpc/layout.h"
#include "app/rpc/message.h"
#include "app/rpc/procedures.h"

namespace sekisho::app::rpc {

/// Content that goes on behind a message's head.
struct Region {
    ContentOf of;
    std::uint64_t offset = 0;     ///< in the file
    std::uint32_t left = 0;       ///< octets
    bool last = false;            ///< the file ends with them
};

/// How far a message is taken: operation after operation.
struct Cursor {
    FileKey current = 0, saved = 0;  ///< a call's current and saved file
    std::uint32_t xid = 0, version = 0;
    std::uint32_t procedure = 0;     ///< of a message that is no compound
    std::uint32_t left = 0;          ///< operations that are not taken yet
    std::uint8_t index = 0;          ///< of the next one
    std::uint8_t padding = 0;        ///< octets in front of it
    bool compound = false;
};

/// What of a record is left behind the octets that were taken: content, and operations behind that.
struct Rest {
    Region region;
    Cursor cursor;

    bool any() const noexcept { return region.left != 0 || cursor.left != 0; }
};

class Follower {
  public:
    /// Tells procedures and names into `tx` too. @param call  of program kNfsProgram
    Rest take_call(TxId tx, const Call& call, FieldSink& out) noexcept;
    Rest take_reply(const Reply& reply, FieldSink& out) noexcept;
    /// Goes on behind a content. Nothing of these operations is told but files. @param more  the octets that follow it
    Rest go_on(Direction direction, const Cursor& cursor, Bytes more, FieldSink& out) noexcept;

    /// A piece of the region, which it shortens. @returns how many octets of `in` belong to it
    std::size_t put(Region& region, Bytes in, FieldSink& out) noexcept;
    /// Octets of the region that were lost.
    void lose(Region& region, std::uint64_t octets, FieldSink& out) noexcept;
    void finish(FieldSink& out) noexcept { files_.finish_all(out); }

  private:
    /// What a reply will be about.
    struct Expected {
        std::uint64_t offset = 0;    ///< of a read in its file
        FileKey file = 0;
        std::uint32_t xid = 0;
        std::uint8_t version = 0, procedure = 0, index = 0;
        bool used = false;
    };
    struct Walk {
        ByteReader reader;
        Rest rest;
        Direction direction;
        bool tells = false;
        TxId tx = 0;
    };

    Rest take_operations(Walk& walk, FieldSink& out) noexcept;
    bool take_arguments(Walk& walk, FieldSink& out) noexcept;
    bool take_results(Walk& walk, FieldSink& out) noexcept;
    void act(Walk& walk, const Procedure& procedure, const Found& found, FieldSink& out) noexcept;
    void take_content(Walk& walk, const Found& found, const ContentOf& of, std::uint64_t offset, bool last, FieldSink& out) noexcept;
    void expect(const Cursor& cursor, std::uint32_t procedure, std::uint64_t offset) noexcept;
    void forget(std::uint32_t xid) noexcept;
    Expected* expected(std::uint32_t xid) noexcept;
    Expected* expected(const Cursor& cursor, std::uint32_t procedure) noexcept;

    Files files_;
    std::array<Expected, kNfsExpectedMax> expected_{};
    std::uint8_t next_ = 0;
};

}  // namespace sekisho::app::rpc
