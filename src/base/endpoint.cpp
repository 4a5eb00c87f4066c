#include "sekisho/base/endpoint.h"

#include "sekisho/base/text.h"

namespace sekisho {

std::optional<Endpoint> Endpoint::parse(std::string_view text) noexcept {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    std::string_view host = text.substr(0, colon);
    const bool bracketed = host.size() > 1 && host.front() == '[' && host.back() == ']';
    if (bracketed) host = host.substr(1, host.size() - 2);
    if (!bracketed && host.find(':') != std::string_view::npos) return std::nullopt;
    const auto address = IpAddress::parse(host);
    const auto port = parse_int(text.substr(colon + 1), 0, 65'535);
    if (!address || !port) return std::nullopt;
    return Endpoint{*address, static_cast<std::uint16_t>(*port)};
}

}  // namespace sekisho
