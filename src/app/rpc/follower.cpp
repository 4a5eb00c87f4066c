#include "app/rpc/follower.h"

#include <algorithm>

#include "app/detail.h"
#include "app/rpc/tell.h"

namespace sekisho::app::rpc {
namespace {

/// In front of the operations stand a tag and, in calls, the minor version, or in replies the status.
std::uint32_t operations_of(ByteReader& reader) noexcept {
    const std::uint32_t count = reader.u32();
    return reader.ok() ? std::min<std::uint32_t>(count, kNfsOperationsMax) : 0;
}

const Procedure* next_procedure(ByteReader& reader, const Cursor& cursor) noexcept {
    return cursor.compound ? find_operation(reader.u32()) : find_procedure(cursor.version, cursor.procedure);
}

}  // namespace

Rest Follower::take_call(TxId tx, const Call& call, FieldSink& out) noexcept {
    out.fact(tx, Fact::nfs_version, call.version);
    put_detail(out, tx, "version", call.version);
    forget(call.xid);
    Walk walk{ByteReader(call.arguments), {}, Direction::to_server, true, tx};
    Cursor& cursor = walk.rest.cursor;
    cursor.xid = call.xid;
    cursor.version = call.version;
    cursor.procedure = call.procedure;
    cursor.compound = call.version == 4 && call.procedure == kCompound;
    cursor.left = 1;
    if (cursor.compound) {
        read_counted(walk.reader);
        walk.reader.skip(4);
        cursor.left = operations_of(walk.reader);
    }
    return take_operations(walk, out);
}

Rest Follower::take_reply(const Reply& reply, FieldSink& out) noexcept {
    const Expected* first = expected(reply.xid);
    if (first == nullptr || !reply.accepted) return {};
    Walk walk{ByteReader(reply.results), {}, Direction::to_client};
    Cursor& cursor = walk.rest.cursor;
    cursor.xid = reply.xid;
    cursor.version = first->version;
    cursor.procedure = first->procedure;
    cursor.compound = first->version == 4;
    cursor.left = 1;
    if (cursor.compound) {
        walk.reader.skip(4);
        read_counted(walk.reader);
        cursor.left = operations_of(walk.reader);
    }
    const Rest rest = take_operations(walk, out);
    if (!rest.any()) forget(reply.xid);
    return rest;
}

Rest Follower::go_on(Direction direction, const Cursor& cursor, Bytes more, FieldSink& out) noexcept {
    Walk walk{ByteReader(more), {{}, cursor}, direction};
    walk.reader.skip(cursor.padding);
    walk.rest.cursor.padding = 0;
    return take_operations(walk, out);
}

/// Until the last one, one that cannot be followed, or content that goes on behind the message.
Rest Follower::take_operations(Walk& walk, FieldSink& out) noexcept {
    Rest& rest = walk.rest;
    while (rest.cursor.left != 0) {
        --rest.cursor.left;
        const bool whole = walk.direction == Direction::to_server ? take_arguments(walk, out) : take_results(walk, out);
        if (!whole) return {};
        ++rest.cursor.index;
        if (rest.region.left != 0 || rest.cursor.padding != 0) break;
    }
    return rest;
}

bool Follower::take_arguments(Walk& walk, FieldSink& out) noexcept {
    Cursor& cursor = walk.rest.cursor;
    ByteReader number = walk.reader;
    const Procedure* procedure = next_procedure(walk.reader, cursor);
    if (!walk.reader.ok()) return false;
    if (walk.tells) put_procedure(walk.tx, cursor.compound ? number.u32() : cursor.procedure, out);
    if (procedure == nullptr) return false;
    Found found;
    const bool whole = rpc::walk(procedure->arguments, cursor.version, walk.reader, found);
    if (walk.tells) {
        put_detail(out, walk.tx, "procedure", procedure->name);
        tell_names(walk.tx, found, out);
    }
    if (whole) act(walk, *procedure, found, out);
    return whole;
}

void Follower::act(Walk& walk, const Procedure& procedure, const Found& found, FieldSink& out) noexcept {
    Cursor& cursor = walk.rest.cursor;
    if (!found.handle.empty()) cursor.current = key_of(found.handle);
    switch (procedure.role) {
        case Role::name:
            if (found.names == 0) break;  // OPEN of the current file
            cursor.current = files_.remember(cursor.current, found.name);
            if (!cursor.compound) expect(cursor, procedure.number, 0);
            break;
        case Role::get_handle: expect(cursor, procedure.number, 0); break;
        case Role::read: expect(cursor, procedure.number, found.offset); break;
        case Role::write:
            take_content(walk, found, {cursor.current, cursor.version, procedure.number, walk.direction}, found.offset, false, out);
            break;
        case Role::finish: files_.finish(cursor.current, out); break;
        case Role::root: cursor.current = key_of({}); break;
        case Role::parent: cursor.current = key_of(cursor.current, {}); break;
        case Role::save: cursor.saved = cursor.current; break;
        case Role::restore: cursor.current = cursor.saved; break;
        case Role::none: break;
    }
}

bool Follower::take_results(Walk& walk, FieldSink& out) noexcept {
    const Cursor& cursor = walk.rest.cursor;
    const Procedure* procedure = next_procedure(walk.reader, cursor);
    const bool done = walk.reader.u32() == 0 && walk.reader.ok();  // one that failed is a compound's last
    Found found;
    if (!done || procedure == nullptr || !rpc::walk(procedure->results, cursor.version, walk.reader, found)) return false;
    const Expected* entry = expected(cursor, procedure->number);
    const FileKey file = entry == nullptr ? FileKey{0} : entry->file;
    if (found.has_content) {
        const std::uint64_t offset = entry == nullptr ? 0 : entry->offset;
        const std::uint64_t end = offset + found.content.size() + found.behind;
        take_content(walk, found, {file, cursor.version, procedure->number, walk.direction}, offset,
                     found.end_of_file || end >= found.size, out);
    } else if (file != 0 && !found.handle.empty()) {
        const FileKey now = key_of(found.handle);
        files_.rename(file, now);
        for (Expected& other : expected_)
            if (other.file == file) other.file = now;
    }
    return true;
}

void Follower::take_content(Walk& walk, const Found& found, const ContentOf& of, std::uint64_t offset, bool last,
                            FieldSink& out) noexcept {
    Region& region = walk.rest.region;
    region = {of, offset, static_cast<std::uint32_t>(found.content.size()) + found.behind, last};
    put(region, found.content, out);
    walk.rest.cursor.padding = found.padding;
}

std::size_t Follower::put(Region& region, Bytes in, FieldSink& out) noexcept {
    const Bytes piece = in.first(std::min<std::size_t>(in.size(), region.left));
    region.left -= static_cast<std::uint32_t>(piece.size());
    files_.put(region.of, region.offset, piece, region.last && region.left == 0, out);
    region.offset += piece.size();
    return piece.size();
}

void Follower::lose(Region& region, std::uint64_t octets, FieldSink& out) noexcept {
    if (region.left == 0) return;
    files_.lose(region.of.file, region.of.direction, out);
    const std::uint64_t lost = std::min<std::uint64_t>(octets, region.left);
    region.offset += lost;
    region.left -= static_cast<std::uint32_t>(lost);
}

/// The oldest one makes room.
void Follower::expect(const Cursor& cursor, std::uint32_t procedure, std::uint64_t offset) noexcept {
    expected_[next_] = {offset, cursor.current, cursor.xid, static_cast<std::uint8_t>(cursor.version),
                        static_cast<std::uint8_t>(procedure), cursor.index, true};
    next_ = static_cast<std::uint8_t>((next_ + 1) % expected_.size());
}

void Follower::forget(std::uint32_t xid) noexcept {
    for (Expected& entry : expected_) entry.used = entry.used && entry.xid != xid;
}

Follower::Expected* Follower::expected(std::uint32_t xid) noexcept {
    for (Expected& entry : expected_)
        if (entry.used && entry.xid == xid) return &entry;
    return nullptr;
}

Follower::Expected* Follower::expected(const Cursor& cursor, std::uint32_t procedure) noexcept {
    for (Expected& entry : expected_)
        if (entry.used && entry.xid == cursor.xid && entry.index == cursor.index && entry.procedure == procedure) return &entry;
    return nullptr;
}

}  // namespace sekisho::app::rpc
