// Open files and pipes. A file's content is told in its own transaction, piece after piece while the offsets follow
// each other; a piece from elsewhere begins anew, since nothing is held back to be sorted. A pipe's content is a
// DCERPC conversation.
#include <algorithm>

#include "app/dcerpc/pdu.h"
#include "app/detail.h"
#include "app/smb/state.h"
#include "sekisho/app/app_event_list.h"

namespace sekisho::app::smb {
namespace {

void end_body(File& file, Direction direction, FieldSink& out) noexcept {
    bool& begun = file.begun[static_cast<std::size_t>(direction)];
    if (begun) out.body(file.tx, direction, Field::file_data, {}, {false, true});
    begun = false;
}

void end_tx(File& file, FieldSink& out) noexcept {
    if (!file.has_tx) return;
    for (const auto direction : {Direction::to_server, Direction::to_client}) {
        end_body(file, direction, out);
        out.stage(file.tx, direction, Stage::complete);
    }
    out.close(file.tx);
    file.has_tx = false;
}

void release_pipe(State& state, File& file, FieldSink& out) noexcept {
    if (file.pipe == kNone) return;
    state.calls.forget(file.pipe, out);
    state.pipes[file.pipe] = Pipe{};
    file.pipe = kNone;
}

/// The pipe's place in the table; the one used least lately makes room.
std::uint8_t pipe_of(State& state, std::uint8_t slot, FieldSink& out) noexcept {
    File& file = state.files[slot];
    if (file.pipe == kNone) {
        std::size_t oldest = 0;
        for (std::size_t i = 0; i < state.pipes.size(); ++i) {
            const Pipe& pipe = state.pipes[i];
            if (pipe.file == kNone) {
                oldest = i;
                break;
            }
            if (pipe.used_at < state.pipes[oldest].used_at) oldest = i;
        }
        if (const std::uint8_t other = state.pipes[oldest].file; other != kNone) release_pipe(state, state.files[other], out);
        state.pipes[oldest].file = slot;
        file.pipe = static_cast<std::uint8_t>(oldest);
    }
    state.pipes[file.pipe].used_at = state.clock;
    return file.pipe;
}

FileKind guess_kind(Bytes piece) noexcept {
    const bool pdu = piece.size() >= 8 && piece[0] == 5 && piece[1] <= 1 && piece[2] < dcerpc::pdu::kTypesEnd &&
                     (piece[4] & 0xef) == 0 && piece[5] == 0 && piece[6] == 0 && piece[7] == 0;
    return pdu ? FileKind::pipe : FileKind::file;
}

void put_file_piece(File& file, Direction direction, std::uint64_t offset, Bytes piece, bool fresh, FieldSink& out) noexcept {
    const auto side = static_cast<std::size_t>(direction);
    // A read that goes on behind the file's end is cut there, as if its bytes had come in two pieces.
    if (direction == Direction::to_client && file.has_size && offset < file.size && offset + piece.size() > file.size) {
        const auto inside = static_cast<std::size_t>(file.size - offset);
        put_file_piece(file, direction, offset, piece.first(inside), fresh, out);
        return put_file_piece(file, direction, file.size, piece.subspan(inside), false, out);
    }
    const TxId tx = file_tx(file, out);
    if (fresh && file.begun[side] && offset < file.next[side]) out.event(tx, AppEvent::smb_file_overlap);
    const bool follows = file.begun[side] && offset == file.next[side];
    if (!follows) end_body(file, direction, out);
    file.next[side] = offset + piece.size();
    const bool last = direction == Direction::to_client && file.has_size && file.next[side] == file.size;
    out.body(tx, direction, Field::file_data, piece, {!follows, last});
    file.begun[side] = !last;
}

}  // namespace

TxId file_tx(File& file, FieldSink& out) noexcept {
    if (file.has_tx) return file.tx;
    file.tx = out.open();
    file.has_tx = true;
    const std::string_view name(file.name.data(), file.name_size);
    if (!name.empty()) {
        out.put(file.tx, Field::file_name, as_bytes(name));
        put_detail(out, file.tx, "filename", name);
    }
    return file.tx;
}

void close_file(State& state, std::uint8_t slot, FieldSink& out) noexcept {
    File& file = state.files[slot];
    release_pipe(state, file, out);
    end_tx(file, out);
    file = File{};
    for (Request& request : state.requests)
        if (request.file == slot) request.file = kNone;
    for (Side& side : state.sides) {
        if (side.region.file == slot) side.region.file = kNone;
        if (side.related == slot) side.related = kNone;
    }
}

std::uint8_t add_file(State& state, std::string_view name, FileKind kind, FieldSink& out) noexcept {
    std::size_t oldest = 0;
    for (std::size_t i = 0; i < state.files.size(); ++i) {
        if (!state.files[i].used) {
            oldest = i;
            break;
        }
        if (state.files[i].used_at < state.files[oldest].used_at) oldest = i;
    }
    const auto slot = static_cast<std::uint8_t>(oldest);
    if (state.files[slot].used) close_file(state, slot, out);
    File& file = state.files[slot];
    file.used = true;
    file.kind = kind;
    file.used_at = ++state.clock;
    if (name.size() > file.name.size()) name.remove_prefix(name.size() - file.name.size());
    std::copy(name.begin(), name.end(), file.name.begin());
    file.name_size = static_cast<std::uint8_t>(name.size());
    return slot;
}

std::uint8_t find_file(State& state, const FileId& id) noexcept {
    for (std::size_t i = 0; i < state.files.size(); ++i) {
        File& file = state.files[i];
        if (!file.used || !file.opened || file.id != id) continue;
        file.used_at = ++state.clock;
        return static_cast<std::uint8_t>(i);
    }
    return kNone;
}

std::uint8_t need_file(State& state, const FileId& id, FieldSink& out) noexcept {
    if (const std::uint8_t known = find_file(state, id); known != kNone) return known;
    const std::uint8_t slot = add_file(state, {}, FileKind::unknown, out);
    state.files[slot].id = id;
    state.files[slot].opened = true;
    return slot;
}

void put_content(State& state, Direction direction, std::uint8_t slot, std::uint64_t offset, Bytes piece, bool fresh,
                 FieldSink& out) noexcept {
    if (slot == kNone || piece.empty()) return;
    File& file = state.files[slot];
    if (file.kind != FileKind::pipe) return put_file_piece(file, direction, offset, piece, fresh, out);
    const std::uint8_t pipe = pipe_of(state, slot, out);
    dcerpc::PduReader& reader = state.pipes[pipe].readers[static_cast<std::size_t>(direction)];
    reader.feed(state.calls, pipe, direction, piece, out);
}

void settle_kind(State& state, std::uint8_t slot, Bytes begin) noexcept {
    if (slot != kNone && state.files[slot].kind == FileKind::unknown) state.files[slot].kind = guess_kind(begin);
}

void lose_content(State& state, Direction direction, std::uint8_t slot, std::uint64_t octets, FieldSink& out) noexcept {
    if (slot == kNone) return;
    File& file = state.files[slot];
    if (file.kind != FileKind::pipe) return end_body(file, direction, out);
    if (file.pipe == kNone) return;
    dcerpc::PduReader& reader = state.pipes[file.pipe].readers[static_cast<std::size_t>(direction)];
    if (!reader.lost(octets)) reader.reset();
}

}  // namespace sekisho::app::smb
