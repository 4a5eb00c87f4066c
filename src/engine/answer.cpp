#include "sekisho/engine/answer.h"

#include <algorithm>
#include <cstring>

#include "sekisho/packet/checksum.h"
#include "sekisho/packet/tcp_options.h"

namespace sekisho::engine {
namespace {

using packet::Packet;
namespace tcp_flag = packet::tcp_flag;
namespace ip_proto = packet::ip_proto;

constexpr std::size_t kMacOctets = 12;     // destination and source address
constexpr std::size_t kPppoeOctets = 8;    // RFC 2516 section 4 and the PPP protocol field
constexpr std::size_t kIpv4Header = 20;
constexpr std::size_t kIpv6Header = 40;
constexpr std::size_t kTcpHeader = 20;
constexpr std::size_t kTimestampsOption = 12;  // NOP NOP kind length value echo
constexpr std::size_t kUdpHeader = 8;
constexpr std::size_t kIcmpHeader = 8;
constexpr std::uint8_t kHopLimit = 64;

// RFC 1812 section 4.3.2.3 and RFC 4443 section 2.4 (c): the whole error stays below these.
constexpr std::size_t kUnreachableMax4 = 576;
constexpr std::size_t kUnreachableMax6 = 1280;

/// Writes big-endian integers into a buffer. Past the end nothing is written and ok() is false.
class Writer {
  public:
    explicit Writer(MutableBytes out) noexcept : out_(out) {}

    bool ok() const noexcept { return ok_; }
    std::size_t position() const noexcept { return at_; }
    MutableBytes from(std::size_t offset) noexcept { return out_.subspan(offset, at_ - offset); }

    void u8(unsigned value) noexcept { big_endian(value, 1); }
    void u16(unsigned value) noexcept { big_endian(value, 2); }
    void u32(std::uint32_t value) noexcept { big_endian(value, 4); }
    void bytes(Bytes bytes) noexcept {
        if (!take(bytes.size())) return;
        if (!bytes.empty()) std::memcpy(out_.data() + at_ - bytes.size(), bytes.data(), bytes.size());
    }
    /// Overwrites what was written before.
    void set16(std::size_t offset, unsigned value) noexcept {
        if (offset + 2 > at_) return;
        out_[offset] = static_cast<std::uint8_t>(value >> 8);
        out_[offset + 1] = static_cast<std::uint8_t>(value);
    }

  private:
    bool take(std::size_t count) noexcept {
        if (!ok_ || count > out_.size() - at_) return ok_ = false;
        at_ += count;
        return true;
    }
    void big_endian(std::uint32_t value, std::size_t count) noexcept {
        if (!take(count)) return;
        for (std::size_t i = 1; i <= count; ++i, value >>= 8) out_[at_ - i] = static_cast<std::uint8_t>(value);
    }

    MutableBytes out_;
    std::size_t at_ = 0;
    bool ok_ = true;
};

std::uint16_t u16_at(Bytes bytes, std::size_t at) noexcept {
    return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}

bool is_vlan_type(std::uint16_t type) noexcept { return type == 0x8100 || type == 0x88a8 || type == 0x9100; }

/// The link layer of `judged` when it is one that can be repeated: Ethernet, tags, PPPoE session. Walked
/// again from the front because the decoder does not keep what it stepped over.
struct LinkLayer {
    Bytes octets;                  ///< up to the IP header; empty: none
    std::size_t pppoe_length = 0;  ///< offset of the PPPoE length field; 0: no PPPoE
};

LinkLayer link_layer(const Packet& judged) noexcept {
    if (judged.tunnel_depth > 0 || judged.has(Packet::kReassembled) || !judged.is_ip()) return {};
    if (judged.l3 < kMacOctets + 2 || judged.l3 > judged.data.size()) return {};
    const Bytes octets = judged.data.first(judged.l3);
    std::size_t at = kMacOctets;
    while (at + 2 < octets.size() && is_vlan_type(u16_at(octets, at))) at += 4;
    if (at + 2 > octets.size()) return {};

    const std::uint16_t type = u16_at(octets, at);
    const bool v4 = judged.ip_version == 4;
    if (at + 2 == octets.size() && type == (v4 ? 0x0800 : 0x86dd)) return {octets, 0};
    if (at + 2 + kPppoeOctets == octets.size() && type == 0x8864 &&
        u16_at(octets, octets.size() - 2) == (v4 ? 0x0021 : 0x0057))
        return {octets, at + 2 + 4};
    return {};
}

/// Group addresses answer nobody, and nobody answers to them (RFC 1122 section 3.2.2).
bool is_group(const IpAddress& address) noexcept {
    if (!address.is_v4()) return address.octets[0] == 0xff || address == IpAddress{};
    const std::uint32_t v4 = address.as_v4();
    return v4 >= 0xe0000000 || v4 == 0;
}

/// One frame in the making: link and IP header now, lengths and checksums at the end.
class Forge {
  public:
    Forge(MutableBytes out, const Packet& judged, bool to_sender, std::uint8_t protocol) noexcept
        : writer_(out), protocol_(protocol) {
        link_ = link_layer(judged);
        if (link_.octets.empty() || is_group(judged.src) || is_group(judged.dst)) return;
        if (link_.octets[0] & 1) return;  // sent to a group's MAC address
        source_ = to_sender ? judged.dst : judged.src;
        destination_ = to_sender ? judged.src : judged.dst;
        write_link(to_sender);
        l3_ = writer_.position();
        judged.ip_version == 4 ? write_ipv4() : write_ipv6();
        l4_ = writer_.position();
        possible_ = true;
    }

    Writer& writer() noexcept { return writer_; }

    /// @param checksum_at  offset of the checksum field in the transport header
    /// @return octets of the frame, 0: impossible
    std::size_t finish(std::size_t checksum_at) noexcept {
        if (!possible_ || !writer_.ok()) return 0;
        const std::size_t datagram = writer_.position() - l3_;
        const std::size_t segment = writer_.position() - l4_;
        if (link_.pppoe_length) writer_.set16(link_.pppoe_length, static_cast<unsigned>(datagram + 2));
        if (source_.is_v4()) {
            writer_.set16(l3_ + 2, static_cast<unsigned>(datagram));
            writer_.set16(l3_ + 10, packet::internet_checksum(writer_.from(l3_).first(kIpv4Header)));
        } else {
            writer_.set16(l3_ + 4, static_cast<unsigned>(segment));
        }
        std::uint16_t sum = protocol_ == ip_proto::icmp
                                ? packet::internet_checksum(writer_.from(l4_))
                                : packet::transport_checksum(source_, destination_, protocol_, writer_.from(l4_));
        if (sum == 0 && protocol_ == ip_proto::udp) sum = 0xffff;  // RFC 768: zero means "none"
        writer_.set16(l4_ + checksum_at, sum);
        return writer_.position();
    }

  private:
    void write_link(bool swap) noexcept {
        const Bytes octets = link_.octets;
        writer_.bytes(octets.subspan(swap ? 6 : 0, 6));
        writer_.bytes(octets.subspan(swap ? 0 : 6, 6));
        writer_.bytes(octets.subspan(kMacOctets));
    }
    void write_ipv4() noexcept {
        writer_.u16(0x4500);
        writer_.u16(0);       // total length: later
        writer_.u16(0);       // identification: atomic datagrams need none (RFC 6864 section 4.1)
        writer_.u16(0x4000);  // do not fragment
        writer_.u8(kHopLimit);
        writer_.u8(protocol_);
        writer_.u16(0);  // checksum: later
        writer_.bytes(source_.wire());
        writer_.bytes(destination_.wire());
    }
    void write_ipv6() noexcept {
        writer_.u32(0x60000000);
        writer_.u16(0);  // payload length: later
        writer_.u8(protocol_);
        writer_.u8(kHopLimit);
        writer_.bytes(source_.wire());
        writer_.bytes(destination_.wire());
    }

    Writer writer_;
    LinkLayer link_;
    IpAddress source_, destination_;
    std::uint8_t protocol_;
    std::size_t l3_ = 0, l4_ = 0;
    bool possible_ = false;
};

/// Sequence space that the segment takes (RFC 9293 section 3.4).
std::uint32_t segment_length(const Packet& judged) noexcept {
    return judged.payload_size + (judged.tcp_flags & tcp_flag::syn ? 1U : 0U) +
           (judged.tcp_flags & tcp_flag::fin ? 1U : 0U);
}

bool is_icmp_error(const Packet& judged) noexcept {
    if (judged.ip_version == 6) return judged.ip_protocol == ip_proto::icmpv6 && judged.icmp_type < 128;
    if (judged.ip_protocol != ip_proto::icmp) return false;
    switch (judged.icmp_type) {
        case 3: case 4: case 5: case 11: case 12: return true;
        default: return false;
    }
}

}  // namespace

std::size_t build_tcp(MutableBytes out, const Packet& judged, bool to_sender, std::uint8_t flags, std::uint32_t seq,
                      std::uint32_t ack, Bytes payload) noexcept {
    if (!judged.is_tcp()) return 0;
    const auto seen = packet::read_tcp_timestamps(judged);
    const bool stamped = seen && !(flags & tcp_flag::rst);
    const std::size_t header = kTcpHeader + (stamped ? kTimestampsOption : 0);

    Forge forge(out, judged, to_sender, ip_proto::tcp);
    Writer& writer = forge.writer();
    writer.u16(to_sender ? judged.dst_port : judged.src_port);
    writer.u16(to_sender ? judged.src_port : judged.dst_port);
    writer.u32(seq);
    writer.u32(flags & tcp_flag::ack ? ack : 0);
    writer.u8(static_cast<unsigned>(header / 4 << 4));
    writer.u8(flags);
    writer.u16(flags & tcp_flag::rst ? 0 : judged.tcp_window);
    writer.u16(0);  // checksum: later
    writer.u16(0);
    if (stamped) {
        // The newest clock value that the receiver has seen of the end we speak for, so PAWS lets it pass.
        writer.u32(0x0101080a);
        writer.u32(to_sender ? seen->echo : seen->value);
        writer.u32(to_sender ? seen->value : seen->echo);
    }
    writer.bytes(payload);
    return forge.finish(16);
}

std::size_t build_tcp_reset(MutableBytes out, const Packet& judged, bool to_sender) noexcept {
    if (!judged.is_tcp() || judged.tcp_flags & tcp_flag::rst) return 0;
    const bool acks = judged.tcp_flags & tcp_flag::ack;
    const auto rst_ack = static_cast<std::uint8_t>(tcp_flag::rst | tcp_flag::ack);
    if (to_sender)
        return acks ? build_tcp(out, judged, true, tcp_flag::rst, judged.tcp_ack, 0, {})
                    : build_tcp(out, judged, true, rst_ack, 0, judged.tcp_seq + segment_length(judged), {});
    // In the sender's name the segment that was just dropped becomes a reset.
    return build_tcp(out, judged, false, acks ? rst_ack : tcp_flag::rst, judged.tcp_seq, judged.tcp_ack, {});
}

std::size_t build_udp_answer(MutableBytes out, const Packet& judged, Bytes payload) noexcept {
    if (!judged.is_udp()) return 0;
    Forge forge(out, judged, true, ip_proto::udp);
    Writer& writer = forge.writer();
    writer.u16(judged.dst_port);
    writer.u16(judged.src_port);
    writer.u16(static_cast<unsigned>(kUdpHeader + payload.size()));
    writer.u16(0);  // checksum: later
    writer.bytes(payload);
    return forge.finish(6);
}

std::size_t build_unreachable(MutableBytes out, const Packet& judged) noexcept {
    const bool later_piece = judged.has(Packet::kFragment) && judged.fragment_offset != 0;
    if (!judged.is_ip() || later_piece || is_icmp_error(judged)) return 0;
    const bool v4 = judged.ip_version == 4;
    const std::size_t head = v4 ? kIpv4Header + kIcmpHeader : kIpv6Header + kIcmpHeader;
    const std::size_t most = (v4 ? kUnreachableMax4 : kUnreachableMax6) - head;

    Forge forge(out, judged, true, v4 ? ip_proto::icmp : ip_proto::icmpv6);
    Writer& writer = forge.writer();
    writer.u8(v4 ? 3 : 1);   // destination unreachable
    writer.u8(v4 ? 13 : 1);  // communication administratively prohibited
    writer.u16(0);           // checksum: later
    writer.u32(0);
    // Up to the end of the datagram: short frames carry Ethernet padding behind it.
    const auto end = std::max<std::size_t>(std::size_t{judged.payload} + judged.payload_size, judged.l3);
    const Bytes datagram = judged.data.first(std::min(end, judged.data.size())).subspan(judged.l3);
    writer.bytes(datagram.first(std::min(datagram.size(), most)));
    return forge.finish(2);
}

std::array<std::uint8_t, 7> tls_alert_record(std::uint8_t description) noexcept {
    constexpr std::uint8_t kAlert = 21, kFatal = 2;
    return {kAlert, 3, 3, 0, 2, kFatal, description};
}

bool AnswerBuilder::take(std::size_t octets, bool to_sender, Answers& answers) noexcept {
    if (octets == 0 || used_ == frames_.size()) return false;
    if (!answers.push_back({Bytes(frames_[used_]).first(octets), to_sender})) return false;
    ++used_;
    return true;
}

bool AnswerBuilder::reset(const Packet& judged, bool to_sender, Answers& answers) noexcept {
    return take(build_tcp_reset(room(), judged, to_sender), to_sender, answers);
}

bool AnswerBuilder::tcp(const Packet& judged, std::uint8_t flags, std::uint32_t seq, std::uint32_t ack, Bytes payload,
                        Answers& answers) noexcept {
    return take(build_tcp(room(), judged, true, flags, seq, ack, payload), true, answers);
}

bool AnswerBuilder::reset_both(const Packet& judged, Answers& answers) noexcept {
    const bool sender = reset(judged, true, answers);
    const bool peer = reset(judged, false, answers);
    return sender || peer;
}

bool AnswerBuilder::say_and_close(const Packet& judged, bool to_sender, Bytes payload, Answers& answers) noexcept {
    const std::size_t segments =
        std::max<std::size_t>(1, (payload.size() + kAnswerPayloadMax - 1) / kAnswerPayloadMax);
    const std::size_t left = std::min(frames_.size() - used_, Answers::capacity() - answers.size());
    if (!judged.is_tcp() || !(judged.tcp_flags & tcp_flag::ack) || segments + 1 > left) return false;
    if (link_layer(judged).octets.empty()) return false;

    // To the sender: in answer to all of what it just sent. To its peer: in place of what was just sent.
    std::uint32_t seq = to_sender ? judged.tcp_ack : judged.tcp_seq;
    const std::uint32_t ack = to_sender ? judged.tcp_seq + segment_length(judged) : judged.tcp_ack;
    for (std::size_t i = 0; i < segments; ++i) {
        const Bytes piece = payload.first(std::min(payload.size(), kAnswerPayloadMax));
        payload = payload.subspan(piece.size());
        const auto flags = static_cast<std::uint8_t>(tcp_flag::ack | tcp_flag::psh |
                                                     (i + 1 == segments ? tcp_flag::fin : std::uint8_t{0}));
        if (!take(build_tcp(room(), judged, to_sender, flags, seq, ack, piece), to_sender, answers)) return i > 0;
        seq += static_cast<std::uint32_t>(piece.size());
    }
    reset(judged, !to_sender, answers);
    return true;
}

bool AnswerBuilder::udp_answer(const Packet& judged, Bytes payload, Answers& answers) noexcept {
    return take(build_udp_answer(room(), judged, payload), true, answers);
}

bool AnswerBuilder::unreachable(const Packet& judged, Answers& answers) noexcept {
    return take(build_unreachable(room(), judged), true, answers);
}

}  // namespace sekisho::engine
