#include "slowpath/pcapng.h"

#include <algorithm>
#include <cstring>

namespace sekisho::slowpath {
namespace {

constexpr std::uint32_t kSection = 0x0a0d0d0a, kInterface = 1, kPacket = 6, kByteOrder = 0x1a2b3c4d;
constexpr std::uint16_t kEndOfOptions = 0, kComment = 1, kApplication = 4, kTimeResolution = 9, kEthernet = 1;

template <class Number>
void put(std::string& out, Number value) {
    char octets[sizeof value];
    std::memcpy(octets, &value, sizeof value);
    out.append(octets, sizeof value);
}
void pad(std::string& out) { out.append((4 - out.size() % 4) % 4, '\0'); }

void option(std::string& out, std::uint16_t code, std::string_view value) {
    value = value.substr(0, UINT16_MAX);
    put(out, code);
    put(out, static_cast<std::uint16_t>(value.size()));
    out += value;
    pad(out);
}
void end_options(std::string& out) { option(out, kEndOfOptions, {}); }

}  // namespace

void Pcapng::block(std::uint32_t type, const std::string& body) {
    const auto size = static_cast<std::uint32_t>(body.size() + 12);
    put(out_, type);
    put(out_, size);
    out_ += body;
    put(out_, size);
}

Pcapng::Pcapng(const std::vector<std::string>& comments) {
    std::string section;
    put(section, kByteOrder);
    put(section, std::uint16_t{1});
    put(section, std::uint16_t{0});
    put(section, std::int64_t{-1});  // length not told
    for (const std::string& comment : comments) option(section, kComment, comment);
    option(section, kApplication, "sekisho " SEKISHO_VERSION);
    end_options(section);
    block(kSection, section);
    std::string interface;
    put(interface, kEthernet);
    put(interface, std::uint16_t{0});
    put(interface, std::uint32_t{0});  // no snap length
    option(interface, kTimeResolution, std::string_view("\x09", 1));
    end_options(interface);
    block(kInterface, interface);
}

void Pcapng::packet(TimeNs at, Bytes octets, std::uint32_t wire_size, std::string_view comment) {
    std::string body;
    put(body, std::uint32_t{0});
    put(body, static_cast<std::uint32_t>(at >> 32));
    put(body, static_cast<std::uint32_t>(at));
    put(body, static_cast<std::uint32_t>(octets.size()));
    put(body, std::max(wire_size, static_cast<std::uint32_t>(octets.size())));
    body += as_text(octets);
    pad(body);
    if (!comment.empty()) {
        option(body, kComment, comment);
        end_options(body);
    }
    block(kPacket, body);
}

}  // namespace sekisho::slowpath
