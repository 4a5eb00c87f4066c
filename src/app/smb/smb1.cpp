#include "app/smb/smb1.h"

#include "app/smb/smb1_parts.h"
#include "sekisho/app/app_event_list.h"

namespace sekisho::app::smb {
namespace {

constexpr std::uint8_t kResponseFlag = 0x80;
constexpr std::uint16_t kUnicodeFlag = 0x8000;

struct CommandName {
    std::uint8_t command;
    std::string_view name;
};
constexpr CommandName kNames[] = {
    {0x00, "SMB1_COMMAND_CREATE_DIRECTORY"}, {0x01, "SMB1_COMMAND_DELETE_DIRECTORY"}, {0x02, "SMB1_COMMAND_OPEN"},
    {0x03, "SMB1_COMMAND_CREATE"}, {kClose1, "SMB1_COMMAND_CLOSE"}, {0x05, "SMB1_COMMAND_FLUSH"},
    {0x06, "SMB1_COMMAND_DELETE"}, {0x07, "SMB1_COMMAND_RENAME"}, {0x08, "SMB1_COMMAND_QUERY_INFORMATION"},
    {kRead1, "SMB1_COMMAND_READ"}, {kWrite1, "SMB1_COMMAND_WRITE"}, {0x10, "SMB1_COMMAND_CHECK_DIRECTORY"},
    {kLockingAndX1, "SMB1_COMMAND_LOCKING_ANDX"}, {kTransaction1, "SMB1_COMMAND_TRANS"},
    {0x2b, "SMB1_COMMAND_ECHO"}, {kWriteAndClose1, "SMB1_COMMAND_WRITE_AND_CLOSE"},
    {kOpenAndX1, "SMB1_COMMAND_OPEN_ANDX"}, {kReadAndX1, "SMB1_COMMAND_READ_ANDX"},
    {kWriteAndX1, "SMB1_COMMAND_WRITE_ANDX"}, {0x32, "SMB1_COMMAND_TRANS2"}, {0x34, "SMB1_COMMAND_FIND_CLOSE2"},
    {kTreeDisconnect1, "SMB1_COMMAND_TREE_DISCONNECT"}, {kNegotiate1, "SMB1_COMMAND_NEGOTIATE_PROTOCOL"},
    {kSessionSetupAndX1, "SMB1_COMMAND_SESSION_SETUP_ANDX"}, {kLogoffAndX1, "SMB1_COMMAND_LOGOFF_ANDX"},
    {kTreeConnectAndX1, "SMB1_COMMAND_TREE_CONNECT_ANDX"}, {0xa0, "SMB1_COMMAND_NT_TRANS"},
    {kNtCreateAndX1, "SMB1_COMMAND_NT_CREATE_ANDX"}, {0xa4, "SMB1_COMMAND_NT_CANCEL"},
};

bool read_header(Bytes message, Smb1Header& header, std::uint8_t& command) noexcept {
    ByteReader reader(message);
    reader.skip(4);
    command = reader.u8();
    header.status = reader.u32_le();
    header.response = (reader.u8() & kResponseFlag) != 0;
    header.unicode = (reader.u16_le() & kUnicodeFlag) != 0;
    reader.skip(12);
    header.tree = reader.u16_le();
    const std::uint32_t process = reader.u16_le();
    reader.skip(2);
    header.caller = process << 16 | reader.u16_le();
    return reader.ok();
}

}  // namespace

std::string_view smb1_command_name(std::uint8_t command) noexcept {
    for (const CommandName& known : kNames)
        if (known.command == command) return known.name;
    return "UNKNOWN";
}

Region take_content(State& state, Direction direction, const Smb1Block& block, std::uint8_t file, std::size_t at,
                    std::uint64_t length, std::uint64_t file_offset, FieldSink& out) noexcept {
    Region region;
    if (file == kNone || at > block.size) return region;
    const auto whole = static_cast<std::uint32_t>(std::min<std::uint64_t>(length, block.size - at));
    const Bytes here = block.part(at, whole);
    settle_kind(state, file, here);
    put_content(state, direction, file, file_offset, here, true, out);
    if (here.size() == whole) return region;
    region.skip = static_cast<std::uint32_t>(at + here.size());
    region.octets = static_cast<std::uint32_t>(whole - here.size());
    region.offset = file_offset + here.size();
    region.file = file;
    return region;
}

Region on_smb1(State& state, Direction direction, Bytes message, std::uint32_t size, FieldSink& out) noexcept {
    Smb1Header header;
    std::uint8_t command = 0;
    if (!read_header(message, header, command)) {
        tell_event(direction, AppEvent::smb_malformed_data, out);
        return {};
    }
    if (header.response != (direction == Direction::to_client)) {
        tell_event(direction, header.response ? AppEvent::smb_response_to_server : AppEvent::smb_request_to_client, out);
        return {};
    }
    state.sides[0].related = header.response ? state.sides[0].related : kNone;
    Region region;
    std::size_t at = kSmb1Header;
    for (std::size_t i = 0; i < kSmbChainMax; ++i) {
        ByteReader reader(message);
        reader.skip(at);
        const Bytes words = reader.bytes(std::size_t{reader.u8()} * 2);
        const std::size_t count = reader.u16_le();
        if (!reader.ok()) {
            // An error response may end with its header; anything else is cut short.
            if (header.status == 0) tell_event(direction, AppEvent::smb_malformed_data, out);
            return region;
        }
        const Smb1Block block{header, message, size, command, words, reader.position(), count};
        const Region one = header.response ? on_smb1_response(state, block, out) : on_smb1_request(state, block, out);
        if (one.file != kNone) region = one;
        if (!is_and_x(command) || words.size() < 4 || words[0] == kNoAndX1) return region;
        const std::size_t next = block.word(2);
        // Chains only run forward (MS-CIFS section 2.2.3.4): an offset back into what was read would never end.
        if (next <= at) return region;
        command = words[0];
        at = next;
    }
    tell_event(direction, AppEvent::smb_malformed_data, out);
    return region;
}

}  // namespace sekisho::app::smb
