// One SMB 2 message while it is read, shared by requests and responses.
#pragma once

#include <algorithm>

#include "app/smb/state.h"
#include "sekisho/base/byte_reader.h"

namespace sekisho::app::smb {

enum Smb2Command : std::uint16_t {
    kNegotiate2 = 0, kSessionSetup2 = 1, kLogoff2 = 2, kTreeConnect2 = 3, kTreeDisconnect2 = 4, kCreate2 = 5, kClose2 = 6,
    kFlush2 = 7, kRead2 = 8, kWrite2 = 9, kLock2 = 10, kIoctl2 = 11, kCancel2 = 12, kEcho2 = 13, kQueryDirectory2 = 14,
    kChangeNotify2 = 15, kQueryInfo2 = 16, kSetInfo2 = 17, kOplockBreak2 = 18, kCommands2End = 19,
};
std::string_view smb2_command_name(std::uint16_t command) noexcept;

/// Fields of the header (section 2.2.1).
struct Smb2Message {
    Bytes octets;                ///< what is there of the message, header included
    std::uint32_t size = 0;      ///< of all of it
    std::uint16_t command = 0;
    std::uint32_t status = 0, flags = 0, tree = 0;
    std::uint64_t id = 0, session = 0;

    /// A reader that stands `at` octets behind the header.
    ByteReader at(std::size_t offset) const noexcept {
        ByteReader reader(octets);
        reader.skip(64 + offset);
        return reader;
    }
    /// What lies at an offset from the message's begin, as far as it is there.
    Bytes part(std::size_t offset, std::size_t length) const noexcept {
        if (offset >= octets.size()) return {};
        return octets.subspan(offset, std::min(length, octets.size() - offset));
    }
    FileId file_id(std::size_t offset) const noexcept {
        FileId file{};
        const Bytes wire = part(64 + offset, file.size());
        std::copy(wire.begin(), wire.end(), file.begin());
        return file;
    }
    /// Content of the message for a file; cut to what the message can hold.
    Region region(std::uint8_t file, std::size_t at_octet, std::uint64_t length, std::uint64_t file_offset) const noexcept {
        Region content;
        if (at_octet > size) return content;
        content.skip = static_cast<std::uint32_t>(at_octet);
        content.octets = static_cast<std::uint32_t>(std::min<std::uint64_t>(length, size - at_octet));
        content.offset = file_offset;
        content.file = content.octets == 0 ? kNone : file;
        return content;
    }
};

Region on_smb2_request(State& state, const Smb2Message& message, FieldSink& out) noexcept;
Region on_smb2_response(State& state, const Smb2Message& message, FieldSink& out) noexcept;

constexpr std::uint32_t kPipeTransceive = 0x0011c017;   ///< FSCTL_PIPE_TRANSCEIVE
constexpr std::uint32_t kStatusPending = 0x00000103, kStatusBufferOverflow = 0x80000005,
                        kStatusMoreProcessing = 0xc0000016;

}  // namespace sekisho::app::smb
