// Keywords over the TCP header (RFC 9293 section 3.1).
#include "sekisho/packet/tcp_options.h"
#include "signature/keywords/all.h"
#include "signature/keywords/packet_number.h"

namespace sekisho::signature {
namespace {

using packet::Packet;
using Number = std::optional<std::uint64_t>;

Number seq(const Packet& packet) noexcept { return packet.is_tcp() ? Number(packet.tcp_seq) : std::nullopt; }
Number ack(const Packet& packet) noexcept { return packet.is_tcp() ? Number(packet.tcp_ack) : std::nullopt; }
Number window(const Packet& packet) noexcept { return packet.is_tcp() ? Number(packet.tcp_window) : std::nullopt; }

Number mss(const Packet& packet) noexcept {
    if (!packet.is_tcp()) return std::nullopt;
    const auto found = packet::read_tcp_options(packet).mss;
    return found ? Number(*found) : std::nullopt;
}

/// As sent: a stack counts more than 14 as 14 (RFC 7323 section 2.3).
Number window_scale(const Packet& packet) noexcept {
    if (!packet.is_tcp()) return std::nullopt;
    const auto found = packet::read_tcp_options(packet).sent_window_scale;
    return found ? Number(*found) : std::nullopt;
}

enum class Bits : std::uint8_t { exactly, all, any, not_all };

// a: flags that are asked for, b: flags that are ignored, c: how.
bool has_flags(const PacketTest& test, const Packet& packet) noexcept {
    if (!packet.is_tcp()) return false;
    const std::uint64_t flags = packet.tcp_flags & ~test.b;
    switch (static_cast<Bits>(test.c)) {
        case Bits::exactly: return flags == test.a;
        case Bits::all: return (flags & test.a) == test.a;
        case Bits::any: return (flags & test.a) != 0;
        case Bits::not_all: return (flags & test.a) != test.a;
    }
    return false;
}

std::uint8_t flag_of(char letter) {
    switch (letter) {
        case 'F': return packet::tcp_flag::fin;
        case 'S': return packet::tcp_flag::syn;
        case 'R': return packet::tcp_flag::rst;
        case 'P': return packet::tcp_flag::psh;
        case 'A': return packet::tcp_flag::ack;
        case 'U': return packet::tcp_flag::urg;
        case '2':
        case 'E': return packet::tcp_flag::ece;
        case '1':
        case 'C': return packet::tcp_flag::cwr;
        default: return 0;
    }
}

}  // namespace

Status parse_tcp_flags(RuleBuilder& builder, const Use& use) {
    PacketTest test;
    test.match = has_flags;
    test.keyword = use.keyword.name;
    Bits how = Bits::exactly;
    std::size_t modifiers = 0;
    std::size_t letters = 0;
    std::uint64_t* target = &test.a;
    for (const char c : use.value) {
        if (c == ' ') continue;
        if (c == ',') {
            if (target == &test.b) return wrong("only one list of ignored flags may follow");
            target = &test.b;
            continue;
        }
        const std::string_view modifier_letters = "+*!";
        if (const auto at = modifier_letters.find(c); at != std::string_view::npos) {
            constexpr Bits kHow[] = {Bits::all, Bits::any, Bits::not_all};
            how = kHow[at];
            if (++modifiers > 1 || target == &test.b) return wrong("one of + * ! may stand before the flags");
            continue;
        }
        if (target == &test.a) ++letters;
        if (c == '0') continue;
        const std::uint8_t flag = flag_of(c);
        if (flag == 0) return wrong(std::string("unknown flag '") + c + "' (F S R P A U E C 0, or 1 2)");
        *target |= flag;
    }
    if (letters == 0) return wrong("no flag is given (0 stands for none)");
    if (test.a == 0 && how != Bits::exactly) return wrong("0 takes none of + * !");
    test.c = static_cast<std::uint64_t>(how);
    builder.rule().packet_tests.push_back(test);
    return {};
}

Status parse_tcp_seq(RuleBuilder& builder, const Use& use) { return add_packet_number<seq>(builder, use, 0xffffffff); }
Status parse_tcp_ack(RuleBuilder& builder, const Use& use) { return add_packet_number<ack>(builder, use, 0xffffffff); }
Status parse_tcp_window(RuleBuilder& builder, const Use& use) { return add_packet_number<window>(builder, use, 65535); }
Status parse_tcp_mss(RuleBuilder& builder, const Use& use) { return add_packet_number<mss>(builder, use, 65535); }
Status parse_tcp_window_scale(RuleBuilder& builder, const Use& use) { return add_packet_number<window_scale>(builder, use, 255); }

}  // namespace sekisho::signature
