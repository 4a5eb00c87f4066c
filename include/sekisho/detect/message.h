// One transaction as rules see it: the fields that its parser has put so far, by direction, and its bodies. The
// engine fills it and owns the bytes; they live until the transaction is closed.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>

#include "sekisho/app/parser.h"
#include "sekisho/base/fixed_vector.h"
#include "sekisho/detect/inspector.h"

namespace sekisho::detect {

constexpr std::size_t kFieldValues = 128;   ///< per transaction; a further value is counted and left out
constexpr std::size_t kMessageHits = 64;    ///< rules that have hit a transaction: each once
constexpr std::size_t kMessagePending = 16; ///< rules that wait for the rest of a transaction
constexpr std::size_t kAppEvents = 512;

struct FieldValue {
    Bytes bytes;
    app::Field field = app::Field::payload;
    app::Direction direction = app::Direction::to_server;
    std::uint8_t scanned = 0;   ///< bit per direction: its prefilter has seen the value

    /// Whether rules about messages of `side` look at it.
    bool belongs_to(app::Direction side) const noexcept {
        return direction == side || app::info(field).direction == app::FieldDirection::either;
    }
};

/// A rule that may match this transaction once more of it is known.
struct MessageCandidate {
    std::uint32_t rule = 0;
    std::uint8_t direction = 0;
    std::uint8_t tries = 0;
    std::uint64_t anchor = 0;   ///< offset in the buffer from which its content is looked for
    bool unfiltered = false;  ///< no literal has named it
};

/// A body as far as it is known: see kBodySlots.
struct BodySlot {
    BufferView view;
    std::uint64_t fresh_from = 0;             ///< offset in the body of the piece that came last
    app::Field field = app::Field::payload;   ///< payload: the slot is free
    app::Direction direction = app::Direction::to_server;
};

/// A rule that has hit a transaction: once. As Suricata's does, a rule that names no direction hits request and answer where it
/// looks at a field that both have, and always in a remote procedure call, FTP and SMB.
class MessageHit {
  public:
    MessageHit() = default;
    MessageHit(std::uint32_t rule, app::Direction direction) noexcept : both_(rule << 1 | static_cast<std::uint32_t>(direction)) {}
    std::uint32_t rule() const noexcept { return both_ >> 1; }
    bool operator==(const MessageHit&) const = default;

  private:
    std::uint32_t both_ = 0;  // many of them are kept: four octets each
};
constexpr bool hits_each_way(app::Protocol protocol) noexcept {
    return app::covers(app::Protocol::dcerpc, protocol) || protocol == app::Protocol::ftp;
}
/// A file that a message carries, as far as it is known.
struct FileView {
    Bytes name;                     ///< empty: it has none
    Bytes magic;                    ///< its type; empty: not known yet
    std::array<Bytes, 3> digests;   ///< MD5, SHA-1, SHA-256; empty: not asked for, or not known yet
    std::uint64_t size = 0;         ///< octets so far
    std::uint8_t body = 0;          ///< the slot of its content
    bool begun = false;
    bool complete = false;          ///< it has ended: size and digests are final
};

/// Body slots: request, response (or any other file to the client), file to the server; then the members of archives,
/// by direction.
constexpr std::size_t kBodySlots = 5;
constexpr std::size_t kMemberSlot = 3;

struct Message {
    const Message* told_as = nullptr;   ///< a frame is told with this transaction; null: with itself
    app::TxId id = 0;
    app::Protocol protocol = app::Protocol::unknown;
    FixedVector<FieldValue, kFieldValues> fields;
    std::array<std::uint64_t, app::kFactCount> facts{};
    std::uint64_t facts_set = 0;
    std::bitset<kAppEvents> events;
    std::array<BodySlot, kBodySlots> bodies{};
    std::array<FileView, 4> files{};   ///< the latest of each direction; then the latest member of an archive in it
    std::array<app::Stage, 2> stages{};
    FixedVector<MessageHit, kMessageHits> hits;
    FixedVector<MessageCandidate, kMessagePending> pending;

    const FieldValue* find(app::Field field, app::Direction direction) const noexcept {
        for (const FieldValue& value : fields)
            if (value.field == field && value.belongs_to(direction)) return &value;
        return nullptr;
    }
    FileView& file(app::Direction direction, bool member) noexcept {
        return files[static_cast<std::size_t>(direction) + (member ? 2u : 0u)];
    }
    const FileView& file(app::Direction direction, bool member) const noexcept {
        return files[static_cast<std::size_t>(direction) + (member ? 2u : 0u)];
    }
    /// The body that a rule means by `field`. file.data is what an upload or download carries: the file of a
    /// multipart upload, else the whole body. Members of archives are reached by their FileView alone.
    const BodySlot* find_body(app::Field field, app::Direction direction) const noexcept {
        const BodySlot* whole = nullptr;
        for (std::size_t i = 0; i < kMemberSlot; ++i) {
            const BodySlot& slot = bodies[i];
            if (slot.field == app::Field::payload || slot.direction != direction) continue;
            if (slot.field == field) return &slot;
            const bool response = slot.field == app::Field::http_response_body || slot.field == app::Field::file_data;
            const bool same = field == app::Field::file_data ||
                              (field == app::Field::http_response_body && response);
            if (same) whole = &slot;
        }
        return whole;
    }
    /// Whether there is such a field or body of that direction so far.
    bool has(app::Field field, app::Direction direction) const noexcept {
        return find(field, direction) != nullptr || find_body(field, direction) != nullptr;
    }
    bool complete(app::Direction direction) const noexcept {
        return stages[static_cast<std::size_t>(direction)] == app::Stage::complete;
    }
};
static_assert(app::kFactCount <= 64);

}  // namespace sekisho::detect
