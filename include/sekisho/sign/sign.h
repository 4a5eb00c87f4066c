// Passive signs of who a machine is: the name it gives itself, the version of its operating system. Read from
// what machines tell their own network without being asked: DHCP, mDNS, NetBIOS, the SMB and NTLMSSP
// handshakes, the layout of a TCP SYN. Pure functions over untrusted bytes: no allocation, no state.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sekisho/base/address.h"
#include "sekisho/base/bytes.h"

namespace sekisho::sign {

enum class Kind : std::uint8_t { dhcp, mdns, netbios, smb, ntlm, tcp, count_ };
std::string_view to_string(Kind kind) noexcept;

/// A short printable text: what does not fit is cut, what is no letter, digit or mark of ASCII becomes '?'.
class ShortText {
  public:
    static constexpr std::size_t kMax = 63;
    void clear() noexcept { size_ = 0; }
    void add(char c) noexcept {
        if (size_ < kMax) text_[size_++] = c >= 0x20 && c < 0x7f ? c : '?';
    }
    void add(std::string_view text) noexcept {
        for (const char c : text) add(c);
    }
    void add_number(std::uint64_t value) noexcept;
    std::string_view view() const noexcept { return {text_.data(), size_}; }
    bool empty() const noexcept { return size_ == 0; }

  private:
    std::array<char, kMax> text_{};
    std::size_t size_ = 0;
};

struct Sign {
    Kind kind = Kind::tcp;
    ShortText name;                   ///< what the machine calls itself; may be empty
    ShortText system;                 ///< "5.1.2600", "MSFT 5.0", "128 65535 M,N,N,S"; may be empty
    std::optional<IpAddress> address; ///< whose sign it is, where it is not the packet's sender (DHCP)
    std::optional<MacAddress> mac;
};

/// A DHCP client's message (RFC 2131, RFC 2132 options 12, 50, 60).
std::optional<Sign> read_dhcp(Bytes datagram) noexcept;

/// An mDNS response in which `sender` names itself (RFC 6762, RFC 1035 section 4).
std::optional<Sign> read_mdns(Bytes datagram, const IpAddress& sender) noexcept;

/// A NetBIOS name registration or refresh (RFC 1002 section 4.2.2), port 137.
std::optional<Sign> read_netbios_name(Bytes datagram) noexcept;

/// A browser announcement in a NetBIOS datagram (RFC 1002 section 4.4; [MS-BRWS] 2.2.1), port 138: name and
/// version of the system.
std::optional<Sign> read_netbios_datagram(Bytes datagram) noexcept;

/// An SMB session setup: NTLMSSP's VERSION and workstation ([MS-NLMP] 2.2.1, 2.2.2.10), or SMB 1's native
/// operating system ([MS-CIFS] 2.2.4.53).
std::optional<Sign> read_smb(Bytes segment) noexcept;

/// The layout of a TCP SYN: first TTL, window, order of options, as p0f's documentation describes them.
/// @param options  the option octets of the segment
std::optional<Sign> read_syn(std::uint8_t ttl, std::uint16_t window, Bytes options) noexcept;

}  // namespace sekisho::sign
