// The Internet checksum (RFC 1071), for checking packets and for forging answers.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

#include "sekisho/base/address.h"
#include "sekisho/base/bytes.h"

namespace sekisho::packet {

/// A running one's complement sum. Add pieces in order; each piece but the last has an even size.
/// Sums in host order, eight octets at a time: the sum is independent of byte order (RFC 1071 section 2 B).
class ChecksumSum {
  public:
    void add(Bytes bytes) noexcept {
        while (bytes.size() >= 8) {
            std::uint64_t word;
            std::memcpy(&word, bytes.data(), 8);
            add_word(word);
            bytes = bytes.subspan(8);
        }
        std::uint64_t tail = 0;
        if (!bytes.empty()) std::memcpy(&tail, bytes.data(), bytes.size());
        add_word(tail);
    }
    /// A 16-bit value in host order, as it would stand in the packet.
    void add_u16(std::uint16_t value) noexcept { add_word(to_wire(value)); }

    /// The complement of the sum, as a host-order value to be written big-endian. Over bytes that contain
    /// their own right checksum it is 0.
    std::uint16_t finish() const noexcept {
        std::uint64_t sum = sum_;
        while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
        return to_wire(static_cast<std::uint16_t>(~sum & 0xffff));
    }

  private:
    void add_word(std::uint64_t word) noexcept {
        sum_ += word;
        sum_ += sum_ < word;  // end-around carry
    }
    static constexpr std::uint16_t to_wire(std::uint16_t value) noexcept {
        if constexpr (std::endian::native == std::endian::big) return value;
        return static_cast<std::uint16_t>(value << 8 | value >> 8);
    }
    std::uint64_t sum_ = 0;
};

/// Checksum of `bytes` alone (IPv4 header, ICMP): put it where two zero octets were.
inline std::uint16_t internet_checksum(Bytes bytes) noexcept {
    ChecksumSum sum;
    sum.add(bytes);
    return sum.finish();
}

/// Checksum of a TCP, UDP or ICMPv6 segment with its pseudo header (RFC 9293 section 3.1, RFC 768, RFC 8200
/// section 8.1); the version follows from the addresses. `segment` starts at the transport header. For UDP
/// the caller sends 0xffff in place of 0.
inline std::uint16_t transport_checksum(const IpAddress& source, const IpAddress& destination,
                                        std::uint8_t protocol, Bytes segment) noexcept {
    ChecksumSum sum;
    sum.add(source.wire());
    sum.add(destination.wire());
    sum.add_u16(static_cast<std::uint16_t>(segment.size() & 0xffff));
    sum.add_u16(static_cast<std::uint16_t>(segment.size() >> 16));
    sum.add_u16(protocol);
    sum.add(segment);
    return sum.finish();
}

}  // namespace sekisho::packet
