// Builds frames for tests and benches: Ethernet, VLAN tags, IPv4 / IPv6, TCP / UDP / ICMP, with right
// lengths and checksums unless told otherwise, and writes them as a capture. Header-only and on its own
// feet (its checksum is not the product's), so that a mistake there cannot hide itself here.
//
//   auto frame = PacketBuilder().ip("192.0.2.1", "198.51.100.7").tcp(40000, 80).seq(1).ack(1)
//                    .flags(kPsh | kAck).payload("GET / HTTP/1.1\r\n\r\n").build();
#pragma once

#include <array>
#include <cstdint>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "sekisho/base/address.h"
#include "sekisho/base/bytes.h"

namespace sekisho::testing {

using Octets = std::vector<std::uint8_t>;
constexpr std::uint8_t kFin = 0x01, kSyn = 0x02, kRst = 0x04, kPsh = 0x08, kAck = 0x10, kUrg = 0x20;

inline void put8(Octets& out, unsigned v) { out.push_back(static_cast<std::uint8_t>(v)); }
inline void put16(Octets& out, unsigned v) {
    put8(out, v >> 8 & 0xff);
    put8(out, v & 0xff);
}
inline void put32(Octets& out, std::uint32_t v) {
    put16(out, v >> 16);
    put16(out, v & 0xffff);
}
inline void put(Octets& out, Bytes bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }
inline void put(Octets& out, std::string_view text) { put(out, as_bytes(text)); }
inline void set16(Octets& out, std::size_t at, unsigned v) {
    out[at] = static_cast<std::uint8_t>(v >> 8);
    out[at + 1] = static_cast<std::uint8_t>(v & 0xff);
}

/// One's complement sum over octet pairs, the plain way of RFC 1071 section 1.
inline std::uint16_t plain_checksum(const Octets& bytes) {
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) sum += i % 2 == 0 ? bytes[i] * 256u : bytes[i];
    while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<std::uint16_t>(~sum & 0xffff);
}

/// TCP options as octets, to be joined and handed to tcp_options().
inline Octets option_mss(unsigned mss) { return {2, 4, static_cast<std::uint8_t>(mss >> 8), static_cast<std::uint8_t>(mss & 0xff)}; }
inline Octets option_window_scale(unsigned shift) { return {1, 3, 3, static_cast<std::uint8_t>(shift)}; }
inline Octets option_timestamps(std::uint32_t value, std::uint32_t echo) {
    Octets out{1, 1, 8, 10};
    put32(out, value);
    put32(out, echo);
    return out;
}

class PacketBuilder {
  public:
    PacketBuilder& mac(std::array<std::uint8_t, 6> source, std::array<std::uint8_t, 6> destination) {
        source_mac_ = source;
        destination_mac_ = destination;
        return *this;
    }
    /// One more tag, outer first (0x8100 C-tag, 0x88a8 S-tag).
    PacketBuilder& vlan(unsigned id, unsigned tpid = 0x8100) {
        put16(tags_, tpid);
        put16(tags_, id);
        return *this;
    }
    /// Octets between the Ethernet type and the IP header, for PPPoE, MPLS and the like.
    PacketBuilder& shim(unsigned ether_type, Octets octets) {
        ether_type_ = ether_type;
        shim_ = std::move(octets);
        return *this;
    }
    /// No link header at all: the result starts at the IP header.
    PacketBuilder& raw() {
        raw_ = true;
        return *this;
    }
    PacketBuilder& ip(std::string_view source, std::string_view destination) {
        const auto from = IpAddress::parse(source), to = IpAddress::parse(destination);
        if (!from || !to || from->is_v4() != to->is_v4()) throw std::invalid_argument("bad address");
        source_ = *from;
        destination_ = *to;
        return *this;
    }
    PacketBuilder& ttl(unsigned ttl) { ttl_ = ttl; return *this; }
    PacketBuilder& ip_id(std::uint32_t id) { ip_id_ = id; return *this; }
    /// Makes it a fragment: offset in octets (a multiple of 8), more to follow. The payload is the piece.
    PacketBuilder& fragment(unsigned offset, bool more) {
        fragment_ = true;
        fragment_offset_ = offset;
        fragment_more_ = more;
        return *this;
    }
    /// IPv4 options (padded to four octets), or IPv6 extension headers starting with type `first`.
    PacketBuilder& ip_options(Octets options) { ip_options_ = std::move(options); return *this; }
    PacketBuilder& extension(unsigned first, Octets headers) {
        extension_type_ = first;
        ip_options_ = std::move(headers);
        return *this;
    }
    /// IP payload of any protocol, as given.
    PacketBuilder& protocol(unsigned number) { protocol_ = number; return *this; }
    PacketBuilder& tcp(unsigned source, unsigned destination) { return transport(6, source, destination); }
    PacketBuilder& udp(unsigned source, unsigned destination) { return transport(17, source, destination); }
    PacketBuilder& seq(std::uint32_t seq) { seq_ = seq; return *this; }
    PacketBuilder& ack(std::uint32_t ack) { ack_ = ack; return *this; }
    PacketBuilder& flags(unsigned flags) { flags_ = flags; return *this; }
    PacketBuilder& window(unsigned window) { window_ = window; return *this; }
    PacketBuilder& urgent(unsigned pointer) { urgent_ = pointer; return *this; }
    PacketBuilder& tcp_options(Octets options) { tcp_options_ = std::move(options); return *this; }
    /// ICMP, or ICMPv6 when the addresses are IPv6. `rest` is the second header word (id and sequence).
    PacketBuilder& icmp(unsigned type, unsigned code, std::uint32_t rest = 0) {
        icmp_ = true;
        icmp_type_ = type;
        icmp_code_ = code;
        icmp_rest_ = rest;
        return *this;
    }
    PacketBuilder& payload(std::string_view text) { return payload(as_bytes(text)); }
    PacketBuilder& payload(Bytes bytes) {
        payload_.assign(bytes.begin(), bytes.end());
        return *this;
    }
    PacketBuilder& bad_checksum() { bad_checksum_ = true; return *this; }

    Octets build() const {
        const Octets upper = build_transport();
        Octets out;
        if (!raw_) {
            put(out, destination_mac_);
            put(out, source_mac_);
            put(out, tags_);
            put16(out, ether_type_ ? ether_type_ : is_v4() ? 0x0800 : 0x86dd);
            put(out, shim_);
        }
        put(out, is_v4() ? build_ipv4(upper.size()) : build_ipv6(upper.size()));
        put(out, upper);
        return out;
    }

  private:
    PacketBuilder& transport(unsigned protocol, unsigned source, unsigned destination) {
        protocol_ = protocol;
        ports_ = true;
        source_port_ = source;
        destination_port_ = destination;
        return *this;
    }
    bool is_v4() const { return source_.is_v4(); }
    unsigned upper_protocol() const { return icmp_ ? (is_v4() ? 1u : 58u) : protocol_; }

    Octets build_ipv4(std::size_t upper_size) const {
        Octets options = ip_options_;
        while (options.size() % 4) options.push_back(0);
        Octets out;
        put8(out, 0x40u | static_cast<unsigned>(5 + options.size() / 4));
        put8(out, 0);
        put16(out, static_cast<unsigned>(20 + options.size() + upper_size));
        put16(out, ip_id_ & 0xffff);
        put16(out, fragment_ ? fragment_offset_ / 8 | (fragment_more_ ? 0x2000u : 0u) : 0x4000u);
        put8(out, ttl_);
        put8(out, upper_protocol());
        put16(out, 0);
        put(out, source_.wire());
        put(out, destination_.wire());
        put(out, options);
        set16(out, 10, plain_checksum(out));
        return out;
    }
    Octets build_ipv6(std::size_t upper_size) const {
        Octets extra = ip_options_;
        const unsigned after = fragment_ ? 44u : upper_protocol();
        const unsigned first = extra.empty() ? after : extension_type_;
        if (fragment_) {
            put8(extra, upper_protocol());
            put8(extra, 0);
            put16(extra, fragment_offset_ | (fragment_more_ ? 1u : 0u));
            put32(extra, ip_id_);
        }
        Octets out;
        put32(out, 0x60000000u);
        put16(out, static_cast<unsigned>(extra.size() + upper_size));
        put8(out, first);
        put8(out, ttl_);
        put(out, source_.wire());
        put(out, destination_.wire());
        put(out, extra);
        return out;
    }
    Octets build_transport() const {
        Octets out;
        std::size_t sum_at = 0;
        if (icmp_) {
            put8(out, icmp_type_);
            put8(out, icmp_code_);
            put16(out, 0);
            put32(out, icmp_rest_);
            sum_at = 2;
        } else if (ports_ && protocol_ == 6) {
            Octets options = tcp_options_;
            while (options.size() % 4) options.push_back(0);
            put16(out, source_port_);
            put16(out, destination_port_);
            put32(out, seq_);
            put32(out, ack_);
            put8(out, static_cast<unsigned>(5 + options.size() / 4) << 4);
            put8(out, flags_);
            put16(out, window_);
            put16(out, 0);
            put16(out, urgent_);
            put(out, options);
            sum_at = 16;
        } else if (ports_ && protocol_ == 17) {
            put16(out, source_port_);
            put16(out, destination_port_);
            put16(out, static_cast<unsigned>(8 + payload_.size()));
            put16(out, 0);
            sum_at = 6;
        }
        put(out, payload_);
        if (sum_at) set16(out, sum_at, transport_checksum(out) ^ (bad_checksum_ ? 0x5555u : 0u));
        return out;
    }
    unsigned transport_checksum(const Octets& segment) const {
        Octets covered;
        if (!(icmp_ && is_v4())) {  // pseudo header: RFC 9293 section 3.1, RFC 8200 section 8.1
            put(covered, source_.wire());
            put(covered, destination_.wire());
            put32(covered, static_cast<std::uint32_t>(segment.size()));
            put32(covered, upper_protocol());
        }
        put(covered, segment);
        const unsigned sum = plain_checksum(covered);
        return sum == 0 && upper_protocol() == 17 ? 0xffffu : sum;
    }

    std::array<std::uint8_t, 6> source_mac_{2, 0, 0, 0, 0, 1};
    std::array<std::uint8_t, 6> destination_mac_{2, 0, 0, 0, 0, 2};
    Octets tags_, shim_, ip_options_, tcp_options_, payload_;
    IpAddress source_ = IpAddress::v4(0xc0000201u);       // 192.0.2.1
    IpAddress destination_ = IpAddress::v4(0xc6336407u);  // 198.51.100.7
    unsigned ether_type_ = 0, ttl_ = 64, extension_type_ = 0, protocol_ = 253;
    unsigned fragment_offset_ = 0, source_port_ = 0, destination_port_ = 0;
    unsigned flags_ = kAck, window_ = 65535, urgent_ = 0, icmp_type_ = 0, icmp_code_ = 0;
    std::uint32_t ip_id_ = 1, seq_ = 0, ack_ = 0, icmp_rest_ = 0;
    bool raw_ = false, fragment_ = false, fragment_more_ = false, ports_ = false, icmp_ = false;
    bool bad_checksum_ = false;
};

/// A whole TCP conversation as frames: open() the handshake, say() data, close(). Each side's sequence
/// numbers are kept; every frame is appended to frames() in the order of the calls.
class TcpTalk {
  public:
    TcpTalk(std::string client, unsigned client_port, std::string server, unsigned server_port, std::uint32_t client_isn = 1000)
        : sides_{Side{std::move(client), client_port, client_isn}, Side{std::move(server), server_port, 5000}} {}

    TcpTalk& open() {
        add(0, kSyn, {});
        sides_[0].next += 1;
        add(1, kSyn | kAck, {});
        sides_[1].next += 1;
        add(0, kAck, {});
        return *this;
    }
    TcpTalk& client(std::string_view text, std::size_t cut = 1400) { return say(0, text, cut); }
    TcpTalk& server(std::string_view text, std::size_t cut = 1400) { return say(1, text, cut); }
    TcpTalk& close() {
        for (const unsigned side : {0u, 1u}) {
            add(side, kFin | kAck, {});
            sides_[side].next += 1;
        }
        add(0, kAck, {});
        return *this;
    }
    TcpTalk& reset(unsigned side) {
        add(side, kRst | kAck, {});
        return *this;
    }
    const std::vector<Octets>& frames() const { return frames_; }

  private:
    struct Side {
        std::string address;
        unsigned port;
        std::uint32_t next;
    };
    TcpTalk& say(unsigned side, std::string_view text, std::size_t cut) {
        for (std::size_t at = 0; at < text.size(); at += cut) {
            const auto piece = text.substr(at, cut);
            add(side, kPsh | kAck, piece);
            sides_[side].next += static_cast<std::uint32_t>(piece.size());
            add(1 - side, kAck, {});
        }
        return *this;
    }
    void add(unsigned side, unsigned flags, std::string_view text) {
        const Side& from = sides_[side];
        const Side& to = sides_[1 - side];
        frames_.push_back(PacketBuilder()
                              .ip(from.address, to.address)
                              .tcp(from.port, to.port)
                              .seq(from.next)
                              .ack(flags & kAck ? to.next : 0)
                              .flags(flags)
                              .payload(text)
                              .build());
    }

    std::array<Side, 2> sides_;
    std::vector<Octets> frames_;
};

/// Writes a classic pcap file: frame i is stamped start + i * step. Throws when the file cannot be written.
inline void write_pcap(const std::string& path, const std::vector<Octets>& frames, std::uint32_t link_type = 1,
                       std::uint32_t start_seconds = 1'700'000'000, std::uint32_t step_microseconds = 1000) {
    const auto put_le32 = [](Octets& out, std::uint32_t v) {
        for (unsigned shift = 0; shift < 32; shift += 8) put8(out, v >> shift & 0xff);
    };
    Octets out;
    put_le32(out, 0xa1b2c3d4u);
    put_le32(out, 4u << 16 | 2u);  // version 2.4
    put_le32(out, 0);
    put_le32(out, 0);
    put_le32(out, 262144);
    put_le32(out, link_type);
    std::uint64_t time = std::uint64_t{start_seconds} * 1'000'000;
    for (const auto& frame : frames) {
        put_le32(out, static_cast<std::uint32_t>(time / 1'000'000));
        put_le32(out, static_cast<std::uint32_t>(time % 1'000'000));
        put_le32(out, static_cast<std::uint32_t>(frame.size()));
        put_le32(out, static_cast<std::uint32_t>(frame.size()));
        put(out, frame);
        time += step_microseconds;
    }
    std::FILE* file = std::fopen(path.c_str(), "wb");
    if (!file || std::fwrite(out.data(), 1, out.size(), file) != out.size() || std::fclose(file) != 0)
        throw std::runtime_error("cannot write " + path);
}

}  // namespace sekisho::testing
