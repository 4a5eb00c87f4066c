// ftpbounce: an FTP PORT command (RFC 959 section 4.1.2) that names another host than the one that sends it.
#include "sekisho/base/text.h"
#include "signature/keywords/all.h"

namespace sekisho::signature {
namespace {

// "PORT h1,h2,h3,h4,p1,p2": the four octets of the address, when the line is one.
std::optional<IpAddress> port_address(std::string_view line) noexcept {
    constexpr std::string_view kCommand = "PORT ";
    if (!starts_with_nocase(line, kCommand)) return std::nullopt;
    std::array<std::uint8_t, 4> octets{};
    std::size_t at = kCommand.size();
    for (auto& octet : octets) {
        unsigned value = 0;
        const std::size_t begin = at;
        for (; at < line.size() && line[at] >= '0' && line[at] <= '9' && at - begin < 3; ++at)
            value = value * 10 + static_cast<unsigned>(line[at] - '0');
        if (at == begin || value > 255 || at == line.size() || line[at] != ',') return std::nullopt;
        octet = static_cast<std::uint8_t>(value);
        ++at;
    }
    return IpAddress::v4(octets);
}

bool bounces(const PacketTest&, const packet::Packet& packet) noexcept {
    if (!packet.is_tcp()) return false;
    const auto named = port_address(as_text(packet.payload_bytes()));
    return named && *named != packet.src;
}

}  // namespace

Status parse_ftpbounce(RuleBuilder& builder, const Use& use) {
    PacketTest test;
    test.match = bounces;
    test.keyword = use.keyword.name;
    builder.rule().packet_tests.push_back(test);
    return {};
}

}  // namespace sekisho::signature
