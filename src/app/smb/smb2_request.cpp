// SMB 2 requests (MS-SMB2 section 2.2). Offsets in comments count from the end of the header.
#include <algorithm>

#include "app/detail.h"
#include "app/smb/security.h"
#include "app/smb/smb2_parts.h"
#include "app/smb/text.h"
#include "sekisho/app/app_event_list.h"

namespace sekisho::app::smb {
namespace {

using Path = Text<512>;
constexpr std::uint8_t kRenameInformation = 10, kDispositionInformation = 13;

/// The file that a command names; all ones mean the one that the command before it in the chain has opened.
std::uint8_t file_of(State& state, const Smb2Message& message, std::size_t offset, FieldSink& out) noexcept {
    const FileId id = message.file_id(offset);
    const bool related = std::all_of(id.begin(), id.end(), [](std::uint8_t octet) { return octet == 0xff; });
    std::uint8_t& last = state.sides[0].related;
    if (related) return last;
    last = need_file(state, id, out);
    if (state.files[last].kind == FileKind::unknown) state.files[last].kind = kind_in_tree(state, message.tree);
    return last;
}

void put_command(TxId tx, const Smb2Message& message, FieldSink& out) noexcept {
    put_detail(out, tx, "command", smb2_command_name(message.command));
}

void on_negotiate(State& state, TxId tx, const Smb2Message& message, FieldSink& out) noexcept {
    ByteReader reader = message.at(0);
    const std::uint16_t structure = reader.u16_le(), dialects = reader.u16_le();
    if (!reader.ok() || structure != 36 || dialects == 0) out.event(tx, AppEvent::smb_negotiate_malformed_dialects);
    if (state.negotiated[2]) out.event(tx, AppEvent::smb_duplicate_negotiate);
    state.negotiated[2] = true;
    put_command(tx, message, out);
}

void on_session_setup(TxId tx, const Smb2Message& message, FieldSink& out) noexcept {
    ByteReader reader = message.at(12);
    const std::size_t offset = reader.u16_le(), length = reader.u16_le();
    put_command(tx, message, out);
    if (!reader.ok()) return out.event(tx, AppEvent::smb_malformed_data);
    tell_security(tx, Direction::to_server, message.part(offset, length), out);
}

void on_tree_connect(TxId tx, const Smb2Message& message, FieldSink& out) noexcept {
    ByteReader reader = message.at(4);
    const std::size_t offset = reader.u16_le(), length = reader.u16_le();
    put_command(tx, message, out);
    if (!reader.ok()) return out.event(tx, AppEvent::smb_malformed_data);
    Path path;
    path.put_utf16(message.part(offset, length));
    // What kind the share is comes with the answer; until then a share of pipes is a share as well.
    const bool pipe = is_pipe_share(path.view());
    out.put(tx, Field::smb_share, path.bytes());
    if (pipe) out.put(tx, Field::smb_named_pipe, path.bytes());
    put_detail(out, tx, pipe ? "named_pipe" : "share", path.view());
}

void on_create(State& state, Request& request, const Smb2Message& message, FieldSink& out) noexcept {
    ByteReader reader = message.at(44);
    const std::size_t offset = reader.u16_le(), length = reader.u16_le();
    put_command(request.tx, message, out);
    if (!reader.ok()) return out.event(request.tx, AppEvent::smb_malformed_data);
    Path name;
    name.put_utf16(message.part(offset, length));
    put_detail(out, request.tx, "filename", name.view());
    request.file = add_file(state, name.view(), kind_in_tree(state, message.tree), out);
    state.sides[0].related = request.file;
}

void on_read(State& state, Request& request, const Smb2Message& message, FieldSink& out) noexcept {
    ByteReader reader = message.at(4);
    request.length = reader.u32_le();
    request.offset = reader.u64_le();
    request.file = file_of(state, message, 16, out);
    if (state.max_read != 0 && request.length > state.max_read)
        tell_event(Direction::to_server, AppEvent::smb_read_request_too_large, out);
}

Region on_write(State& state, Request& request, const Smb2Message& message, FieldSink& out) noexcept {
    ByteReader reader = message.at(2);
    const std::size_t at = reader.u16_le();
    const std::uint32_t length = reader.u32_le();
    const std::uint64_t offset = reader.u64_le();
    request.file = file_of(state, message, 16, out);
    if (state.max_write != 0 && length > state.max_write)
        tell_event(Direction::to_server, AppEvent::smb_write_request_too_large, out);
    settle_kind(state, request.file, message.part(at, length));
    return message.region(request.file, at, length, offset);
}

Region on_ioctl(State& state, Request& request, const Smb2Message& message, FieldSink& out) noexcept {
    ByteReader reader = message.at(4);
    const std::uint32_t control = reader.u32_le();
    reader = message.at(24);
    const std::size_t at = reader.u32_le(), length = reader.u32_le();
    if (control != kPipeTransceive || !reader.ok()) return {};
    request.file = file_of(state, message, 8, out);
    if (request.file != kNone && state.files[request.file].kind == FileKind::unknown)
        state.files[request.file].kind = FileKind::pipe;
    return message.region(request.file, at, length, 0);
}

void on_set_info(State& state, Request& request, const Smb2Message& message, FieldSink& out) noexcept {
    ByteReader reader = message.at(3);
    const std::uint8_t information = reader.u8();
    const std::size_t length = reader.u32_le(), at = reader.u16_le();
    request.file = file_of(state, message, 16, out);
    if (!reader.ok() || (information != kRenameInformation && information != kDispositionInformation)) return;
    put_command(request.tx, message, out);
    if (request.file != kNone) {
        const File& file = state.files[request.file];
        put_detail(out, request.tx, "filename", std::string_view(file.name.data(), file.name_size));
    }
    if (information == kDispositionInformation) return put_detail(out, request.tx, "set_info", "delete");
    ByteReader rename(message.part(at, length));
    rename.skip(16);
    const std::size_t size = rename.u32_le();
    Path name;
    name.put_utf16(rename.rest().first(std::min(size, rename.remaining())));
    put_detail(out, request.tx, "rename_to", name.view());
}

}  // namespace

Region on_smb2_request(State& state, const Smb2Message& message, FieldSink& out) noexcept {
    if (message.command == kCancel2) return {};  // has no answer of its own
    Request& request = add_request(state, message.id, message.command, out);
    const bool own_tx = message.command != kRead2 && message.command != kWrite2;
    if (own_tx) open_tx(request, 2, out);
    Region region;
    switch (message.command) {
        case kNegotiate2: on_negotiate(state, request.tx, message, out); break;
        case kSessionSetup2: on_session_setup(request.tx, message, out); break;
        case kTreeConnect2: on_tree_connect(request.tx, message, out); break;
        case kTreeDisconnect2: drop_tree(state, message.tree); break;
        case kCreate2: on_create(state, request, message, out); break;
        case kClose2: request.file = file_of(state, message, 8, out); break;
        case kRead2: on_read(state, request, message, out); break;
        case kWrite2: region = on_write(state, request, message, out); break;
        case kIoctl2: region = on_ioctl(state, request, message, out); break;
        case kSetInfo2: on_set_info(state, request, message, out); break;
        default: break;
    }
    if (own_tx) out.stage(request.tx, Direction::to_server, Stage::complete);
    return region;
}

}  // namespace sekisho::app::smb
