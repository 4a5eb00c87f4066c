// SMB 2 responses (MS-SMB2 section 2.2). Offsets in comments count from the end of the header.
#include "app/detail.h"
#include "app/smb/security.h"
#include "app/smb/smb2_parts.h"
#include "app/smb/status.h"
#include "sekisho/app/app_event_list.h"

namespace sekisho::app::smb {
namespace {

constexpr std::uint8_t kPipeShare = 2;
constexpr std::uint32_t kSizeNoticed = MiB(16);  ///< Suricata's default for the largest read and write it expects

std::string_view dialect_name(std::uint16_t dialect) noexcept {
    switch (dialect) {
        case 0x0202: return "2.02";
        case 0x0210: return "2.10";
        case 0x0222: return "2.22";
        case 0x0224: return "2.24";
        case 0x02ff: return "2.FF";
        case 0x0300: return "3.00";
        case 0x0302: return "3.02";
        case 0x0310: return "3.10";
        case 0x0311: return "3.11";
        default: return "unknown";
    }
}

void on_negotiate(State& state, TxId tx, const Smb2Message& message, FieldSink& out) noexcept {
    ByteReader reader = message.at(4);
    state.dialect = reader.u16_le();
    reader = message.at(32);
    const std::uint32_t read = reader.u32_le(), write = reader.u32_le();
    if (!reader.ok()) return out.event(tx, AppEvent::smb_malformed_data);
    state.max_read = read;
    state.max_write = write;
    put_detail(out, tx, "dialect", dialect_name(state.dialect));
    if (read > kSizeNoticed) out.event(tx, AppEvent::smb_negotiate_max_read_size_too_large);
    if (write > kSizeNoticed) out.event(tx, AppEvent::smb_negotiate_max_write_size_too_large);
}

void on_session_setup(TxId tx, const Smb2Message& message, FieldSink& out) noexcept {
    ByteReader reader = message.at(4);
    const std::size_t offset = reader.u16_le(), length = reader.u16_le();
    if (reader.ok()) tell_security(tx, Direction::to_client, message.part(offset, length), out);
}

void on_create(State& state, const Request& request, const Smb2Message& message) noexcept {
    File& file = state.files[request.file];
    ByteReader reader = message.at(48);
    file.size = reader.u64_le();
    file.has_size = reader.ok() && file.kind != FileKind::pipe;
    file.id = message.file_id(64);
    file.opened = true;
}

Region on_read(State& state, const Request& request, const Smb2Message& message, FieldSink& out) noexcept {
    ByteReader reader = message.at(2);
    const std::size_t at = reader.u8();
    reader.skip(1);
    const std::uint32_t length = reader.u32_le();
    if (!reader.ok()) return {};
    if (state.max_read != 0 && length > state.max_read)
        tell_event(Direction::to_client, AppEvent::smb_read_response_too_large, out);
    settle_kind(state, request.file, message.part(at, length));
    return message.region(request.file, at, length, request.offset);
}

Region on_ioctl(const Request& request, const Smb2Message& message) noexcept {
    ByteReader reader = message.at(32);
    const std::size_t at = reader.u32_le(), length = reader.u32_le();
    return reader.ok() ? message.region(request.file, at, length, 0) : Region{};
}

bool failed(const Smb2Message& message) noexcept {
    return message.status != 0 && message.status != kStatusBufferOverflow && message.status != kStatusMoreProcessing;
}

}  // namespace

Region on_smb2_response(State& state, const Smb2Message& message, FieldSink& out) noexcept {
    if (message.status == kStatusPending) return {};  // the answer itself comes later
    Request* request = find_request(state, message.id);
    if (request == nullptr || request->command != message.command) return {};
    Region region;
    const bool failure = failed(message);
    if (request->has_tx) put_status(request->tx, message.status, out);
    switch (message.command) {
        case kNegotiate2:
            if (!failure) on_negotiate(state, request->tx, message, out);
            break;
        case kSessionSetup2:
            if (!failure) on_session_setup(request->tx, message, out);
            break;
        case kTreeConnect2: {
            ByteReader reader = message.at(2);
            if (!failure) set_tree(state, message.tree, reader.u8() == kPipeShare);
            break;
        }
        case kCreate2:
            if (request->file == kNone) break;
            if (failure) close_file(state, request->file, out);
            else on_create(state, *request, message);
            break;
        case kClose2:
            if (request->file != kNone) close_file(state, request->file, out);
            break;
        case kRead2:
            if (!failure && request->file != kNone) region = on_read(state, *request, message, out);
            break;
        case kIoctl2:
            if (!failure && request->file != kNone) region = on_ioctl(*request, message);
            break;
        default: break;
    }
    end_request(*request, out);
    return region;
}

}  // namespace sekisho::app::smb
