#include "app/dnp3/link.h"

#include <algorithm>
#include <cstring>

namespace sekisho::app::dnp3 {

std::uint16_t checksum(Bytes bytes) noexcept {
    std::uint16_t crc = 0;
    for (const std::uint8_t octet : bytes) {
        crc ^= octet;
        for (int bit = 0; bit < 8; ++bit) crc = static_cast<std::uint16_t>((crc & 1) != 0 ? crc >> 1 ^ 0xa6bc : crc >> 1);
    }
    return static_cast<std::uint16_t>(~crc);
}

bool intact(Bytes bytes) noexcept {
    if (bytes.size() < kChecksum) return false;
    const std::size_t end = bytes.size() - kChecksum;
    return checksum(bytes.first(end)) == (bytes[end] | bytes[end + 1] << 8);
}

UserData user_data(Bytes blocks) noexcept {
    UserData data;
    while (blocks.size() > kChecksum) {
        const Bytes block = blocks.first(std::min(blocks.size(), kBlock + kChecksum));
        const std::size_t octets = block.size() - kChecksum;
        data.intact = data.intact && intact(block);
        if (data.size + octets > data.bytes.size()) break;
        std::memcpy(data.bytes.data() + data.size, block.data(), octets);
        data.size += octets;
        blocks = blocks.subspan(block.size());
    }
    return data;
}

}  // namespace sekisho::app::dnp3
