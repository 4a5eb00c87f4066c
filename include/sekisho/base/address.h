// IP and MAC addresses and networks as plain values, and their text forms.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sekisho/base/bytes.h"

namespace sekisho {

/// An IPv4 or IPv6 address in network order; IPv4 is kept as ::ffff:a.b.c.d (RFC 4291 section 2.5.5.2)
/// so that one comparison serves both.
struct IpAddress {
    std::array<std::uint8_t, 16> octets{};

    static IpAddress v4(Bytes four) noexcept;
    static IpAddress v4(std::uint32_t host_order) noexcept;
    static IpAddress v6(Bytes sixteen) noexcept;
    /// "192.0.2.1" or "2001:db8::1"; nothing else (no zone, no port, no prefix).
    static std::optional<IpAddress> parse(std::string_view text) noexcept;

    bool is_v4() const noexcept;
    /// Host-order IPv4 value; meaningful only when is_v4().
    std::uint32_t as_v4() const noexcept;
    /// The four or sixteen octets as they stand in the packet.
    Bytes wire() const noexcept;
    std::string to_string() const;

    auto operator<=>(const IpAddress&) const = default;
};

/// A network: address and prefix length counted in the 128-bit form (IPv4 /24 is 120).
struct Network {
    IpAddress address;
    std::uint8_t prefix_bits = 128;

    /// "10.0.0.0/8", "2001:db8::/32", or a single address.
    static std::optional<Network> parse(std::string_view text) noexcept;
    bool contains(const IpAddress& ip) const noexcept;
    std::string to_string() const;

    auto operator<=>(const Network&) const = default;
};

struct MacAddress {
    std::array<std::uint8_t, 6> octets{};
    std::string to_string() const;
    auto operator<=>(const MacAddress&) const = default;
};

}  // namespace sekisho
