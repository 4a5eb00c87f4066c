#include "app/smb/smb2.h"

#include <algorithm>

#include "app/smb/smb2_parts.h"
#include "sekisho/app/app_event_list.h"

namespace sekisho::app::smb {
namespace {

constexpr std::uint32_t kResponseFlag = 0x00000001, kAsyncFlag = 0x00000002;
constexpr std::size_t kDataHead = 192;  ///< of a read's answer or a write: what stands before the content, and its begin

constexpr std::string_view kCommandNames[] = {
    "SMB2_COMMAND_NEGOTIATE_PROTOCOL", "SMB2_COMMAND_SESSION_SETUP", "SMB2_COMMAND_SESSION_LOGOFF",
    "SMB2_COMMAND_TREE_CONNECT", "SMB2_COMMAND_TREE_DISCONNECT", "SMB2_COMMAND_CREATE", "SMB2_COMMAND_CLOSE",
    "SMB2_COMMAND_FLUSH", "SMB2_COMMAND_READ", "SMB2_COMMAND_WRITE", "SMB2_COMMAND_LOCK", "SMB2_COMMAND_IOCTL",
    "SMB2_COMMAND_CANCEL", "SMB2_COMMAND_KEEPALIVE", "SMB2_COMMAND_FIND", "SMB2_COMMAND_CHANGE_NOTIFY",
    "SMB2_COMMAND_GET_INFO", "SMB2_COMMAND_SET_INFO", "SMB2_COMMAND_OPLOCK_BREAK",
};
static_assert(std::size(kCommandNames) == kCommands2End);

bool read_header(Bytes octets, std::uint32_t size, Smb2Message& message) noexcept {
    ByteReader reader(octets);
    reader.skip(4);
    const std::uint16_t header = reader.u16_le();
    reader.skip(2);
    message.octets = octets;
    message.size = size;
    message.status = reader.u32_le();
    message.command = reader.u16_le();
    reader.skip(2);
    message.flags = reader.u32_le();
    reader.skip(4);
    message.id = reader.u64_le();
    reader.skip(4);
    message.tree = (message.flags & kAsyncFlag) != 0 ? 0 : reader.u32_le();
    if ((message.flags & kAsyncFlag) != 0) reader.skip(4);
    message.session = reader.u64_le();
    return reader.ok() && header == kSmb2Header;
}

}  // namespace

std::string_view smb2_command_name(std::uint16_t command) noexcept {
    return command < kCommands2End ? kCommandNames[command] : std::string_view("UNKNOWN");
}

Smb2Extent smb2_extent(Bytes head, std::uint32_t left, Direction direction) noexcept {
    ByteReader reader(head);
    reader.skip(12);
    const std::uint16_t command = reader.u16_le();
    reader.skip(6);
    const std::uint32_t next = reader.u32_le();
    Smb2Extent extent;
    extent.size = next >= kSmb2Header && next < left ? next : left;
    const bool content = command == (direction == Direction::to_server ? kWrite2 : kRead2);
    extent.needed = std::min<std::size_t>(extent.size, content ? kDataHead : kSmbHeadMax);
    return extent;
}

Region on_smb2(State& state, Direction direction, Bytes octets, std::uint32_t size, FieldSink& out) noexcept {
    Smb2Message message;
    if (!read_header(octets, size, message) || message.command >= kCommands2End) {
        tell_event(direction, AppEvent::smb_malformed_data, out);
        return {};
    }
    const bool response = (message.flags & kResponseFlag) != 0;
    if (response != (direction == Direction::to_client)) {
        tell_event(direction, response ? AppEvent::smb_response_to_server : AppEvent::smb_request_to_client, out);
        return {};
    }
    return response ? on_smb2_response(state, message, out) : on_smb2_request(state, message, out);
}

}  // namespace sekisho::app::smb
