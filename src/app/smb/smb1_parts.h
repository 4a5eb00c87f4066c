// One SMB 1 command while it is read, shared by requests and responses.
#pragma once

#include <algorithm>

#include "app/smb/state.h"
#include "sekisho/base/byte_reader.h"

namespace sekisho::app::smb {

enum Smb1Command : std::uint8_t {
    kClose1 = 0x04, kRead1 = 0x0a, kWrite1 = 0x0b, kTransaction1 = 0x25, kTransactionSecondary1 = 0x26,
    kWriteAndClose1 = 0x2c, kOpenAndX1 = 0x2d, kReadAndX1 = 0x2e, kWriteAndX1 = 0x2f, kTreeDisconnect1 = 0x71,
    kNegotiate1 = 0x72, kSessionSetupAndX1 = 0x73, kLogoffAndX1 = 0x74, kTreeConnectAndX1 = 0x75, kLockingAndX1 = 0x24,
    kNtCreateAndX1 = 0xa2, kNoAndX1 = 0xff,
};

/// Fields of the header (MS-CIFS section 2.2.3.1).
struct Smb1Header {
    std::uint32_t status = 0;
    std::uint16_t tree = 0;
    std::uint32_t caller = 0;     ///< process and multiplex id: which request an answer belongs to
    bool response = false;
    bool unicode = false;
};

/// A command block: words, then octets, at their places in the message.
struct Smb1Block {
    const Smb1Header& header;
    Bytes message;                ///< from the header on, as far as it is there
    std::uint32_t size;           ///< of all of it
    std::uint8_t command;
    Bytes words;
    std::size_t data_at;          ///< offset of the octets behind the byte count
    std::size_t data_size;

    std::uint64_t request_id(std::uint8_t of) const noexcept { return std::uint64_t{header.caller} << 8 | of; }
    std::uint16_t word(std::size_t at) const noexcept {
        ByteReader reader(words);
        reader.skip(at);
        return reader.u16_le();
    }
    std::uint32_t double_word(std::size_t at) const noexcept {
        ByteReader reader(words);
        reader.skip(at);
        return reader.u32_le();
    }
    Bytes data() const noexcept { return part(data_at, data_size); }
    Bytes part(std::size_t at, std::size_t length) const noexcept {
        return at >= message.size() ? Bytes{} : message.subspan(at, std::min(length, message.size() - at));
    }
};

/// Content at an offset of the message: what is there is told at once; what is not there yet is the region.
Region take_content(State& state, Direction direction, const Smb1Block& block, std::uint8_t file, std::size_t at,
                    std::uint64_t length, std::uint64_t file_offset, FieldSink& out) noexcept;

/// True for commands whose first words name the next one of the chain.
constexpr bool is_and_x(std::uint8_t command) noexcept {
    return command == kOpenAndX1 || command == kReadAndX1 || command == kWriteAndX1 || command == kSessionSetupAndX1 ||
           command == kLogoffAndX1 || command == kTreeConnectAndX1 || command == kLockingAndX1 || command == kNtCreateAndX1;
}
constexpr bool is_transfer(std::uint8_t command) noexcept {
    return command == kReadAndX1 || command == kWriteAndX1 || command == kRead1 || command == kWrite1 ||
           command == kWriteAndClose1 || command == kTransactionSecondary1;
}
constexpr FileId fid(std::uint16_t number) noexcept {
    return FileId{static_cast<std::uint8_t>(number), static_cast<std::uint8_t>(number >> 8)};
}

std::string_view smb1_command_name(std::uint8_t command) noexcept;
Region on_smb1_request(State& state, const Smb1Block& block, FieldSink& out) noexcept;
Region on_smb1_response(State& state, const Smb1Block& block, FieldSink& out) noexcept;

}  // namespace sekisho::app::smb
