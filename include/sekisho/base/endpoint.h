// An address and a port.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "sekisho/base/address.h"

namespace sekisho {

/// Where a socket listens or connects to.
struct Endpoint {
    IpAddress address;
    std::uint16_t port = 0;

    /// "192.0.2.1:514", "[2001:db8::1]:514".
    static std::optional<Endpoint> parse(std::string_view text) noexcept;
};

}  // namespace sekisho
