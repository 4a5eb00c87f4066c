#include "sekisho/base/address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstdio>
#include <cstring>

#include "sekisho/base/text.h"

namespace sekisho {
namespace {

constexpr std::array<std::uint8_t, 12> kMappedPrefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr std::size_t kAddressTextMax = 63;  // longest IPv6 text is 45 octets (RFC 4291 section 2.2)

}  // namespace

IpAddress IpAddress::v4(Bytes four) noexcept {
    IpAddress ip;
    std::copy(kMappedPrefix.begin(), kMappedPrefix.end(), ip.octets.begin());
    std::copy_n(four.begin(), 4, ip.octets.begin() + 12);
    return ip;
}

IpAddress IpAddress::v4(std::uint32_t host_order) noexcept {
    const std::array<std::uint8_t, 4> octets{
        static_cast<std::uint8_t>(host_order >> 24), static_cast<std::uint8_t>(host_order >> 16),
        static_cast<std::uint8_t>(host_order >> 8), static_cast<std::uint8_t>(host_order)};
    return v4(octets);
}

IpAddress IpAddress::v6(Bytes sixteen) noexcept {
    IpAddress ip;
    std::copy_n(sixteen.begin(), 16, ip.octets.begin());
    return ip;
}

std::optional<IpAddress> IpAddress::parse(std::string_view text) noexcept {
    if (text.empty() || text.size() > kAddressTextMax) return std::nullopt;
    char buffer[kAddressTextMax + 1];
    std::memcpy(buffer, text.data(), text.size());
    buffer[text.size()] = '\0';
    std::array<std::uint8_t, 16> raw{};
    if (inet_pton(AF_INET, buffer, raw.data()) == 1) return v4(Bytes(raw).first(4));
    if (inet_pton(AF_INET6, buffer, raw.data()) == 1) return v6(raw);
    return std::nullopt;
}

bool IpAddress::is_v4() const noexcept {
    return std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), octets.begin());
}

std::uint32_t IpAddress::as_v4() const noexcept {
    return static_cast<std::uint32_t>(octets[12]) << 24 | static_cast<std::uint32_t>(octets[13]) << 16 |
           static_cast<std::uint32_t>(octets[14]) << 8 | octets[15];
}

Bytes IpAddress::wire() const noexcept {
    return is_v4() ? Bytes(octets).subspan(12) : Bytes(octets);
}

std::string IpAddress::to_string() const {
    char buffer[INET6_ADDRSTRLEN];
    const Bytes raw = wire();
    inet_ntop(raw.size() == 4 ? AF_INET : AF_INET6, raw.data(), buffer, sizeof buffer);
    return buffer;
}

std::optional<Network> Network::parse(std::string_view text) noexcept {
    const auto slash = text.find('/');
    const auto ip = IpAddress::parse(text.substr(0, slash));
    if (!ip) return std::nullopt;
    Network network{*ip, 128};
    if (slash == std::string_view::npos) return network;
    const int width = ip->is_v4() ? 32 : 128;
    const auto bits = parse_int(text.substr(slash + 1), 0, width);
    if (!bits) return std::nullopt;
    network.prefix_bits = static_cast<std::uint8_t>(128 - width + *bits);
    return network;
}

bool Network::contains(const IpAddress& ip) const noexcept {
    const std::size_t whole = prefix_bits / 8;
    const unsigned rest = prefix_bits % 8;
    if (!std::equal(ip.octets.begin(), ip.octets.begin() + static_cast<std::ptrdiff_t>(whole),
                    address.octets.begin()))
        return false;
    if (rest == 0) return true;
    const auto mask = static_cast<std::uint8_t>(0xff00u >> rest);
    return (ip.octets[whole] & mask) == (address.octets[whole] & mask);
}

std::string Network::to_string() const {
    const unsigned bits = address.is_v4() && prefix_bits >= 96 ? prefix_bits - 96u : prefix_bits;
    return address.to_string() + "/" + std::to_string(bits);
}

std::string MacAddress::to_string() const {
    char buffer[18];
    std::snprintf(buffer, sizeof buffer, "%02x:%02x:%02x:%02x:%02x:%02x", octets[0], octets[1], octets[2],
                  octets[3], octets[4], octets[5]);
    return buffer;
}

}  // namespace sekisho
