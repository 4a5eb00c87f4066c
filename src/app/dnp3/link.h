// DNP3 link frames (IEEE 1815 section 9): header, blocks of 16 octets, a checksum after each.
#pragma once

#include <array>
#include <cstdint>

#include "sekisho/base/bytes.h"

namespace sekisho::app::dnp3 {

constexpr std::size_t kHeaderSize = 10;      // start, length, control, addresses, checksum
constexpr std::size_t kLengthMin = 5;        // control and addresses
constexpr std::size_t kUserDataMax = 250;
constexpr std::size_t kBlock = 16, kChecksum = 2;

/// Reflected polynomial 0xa6bc, complemented; stands little-endian behind what it covers.
std::uint16_t checksum(Bytes bytes) noexcept;
/// Whether `bytes` and the two octets after them agree.
bool intact(Bytes bytes_and_checksum) noexcept;

constexpr bool begins_frame(Bytes in) noexcept { return in.size() >= 2 && in[0] == 0x05 && in[1] == 0x64; }

/// Octets of a frame with this length octet.
constexpr std::size_t frame_size(std::size_t length) noexcept {
    const std::size_t data = length - kLengthMin;
    return kHeaderSize + data + (data + kBlock - 1) / kBlock * kChecksum;
}

/// The user data of a frame, checksums taken out.
struct UserData {
    std::array<std::uint8_t, kUserDataMax> bytes;
    std::size_t size = 0;
    bool intact = true;
};
UserData user_data(Bytes blocks) noexcept;

}  // namespace sekisho::app::dnp3
