// A packet from or to a host that is cut off. Nothing of it goes on. So that a person at the host learns why,
// the box answers in the place of everybody: names lead to an address of nobody's (RFC 5737), port 80 of any
// address gives the notice, other TCP is reset. All of it without state: the acknowledgement that a client sends
// back carries what we said (as SYN cookies do). What a host needs to keep its address (DHCP, ARP, neighbour
// discovery) passes.
#include "pipeline_impl.h"
#include "sekisho/base/hash.h"
#include "sekisho/urlfilter/dns_answer.h"

namespace sekisho::engine {
namespace {

using packet::Packet;
namespace tcp_flag = packet::tcp_flag;

constexpr std::uint16_t kDns = 53, kHttp = 80;
constexpr std::uint32_t kNoticeAddress = 0xc0000201;  // 192.0.2.1
constexpr std::uint32_t kNoticeTtl = 5;               // seconds: the name is right again soon after

bool keeps_address(const Packet& p) noexcept {
    constexpr std::uint16_t kDhcp[] = {67, 68, 546, 547};
    constexpr std::uint8_t kRouterSolicitation = 133, kRedirect = 137;  // RFC 4861 section 4
    if (p.is_udp()) {
        for (const auto port : kDhcp)
            if (p.dst_port == port) return true;
        return false;
    }
    return p.ip_protocol == packet::ip_proto::icmpv6 && p.icmp_type >= kRouterSolicitation && p.icmp_type <= kRedirect;
}

/// Our first sequence number for a conversation: the same for a repeated SYN, and nobody else's to guess.
std::uint32_t cookie(const Packet& p) noexcept {
    const std::uint64_t ports = static_cast<std::uint64_t>(p.src_port) << 16 | p.dst_port;
    return static_cast<std::uint32_t>(hash_bytes(p.src.octets, hash_bytes(p.dst.octets, process_hash_seed() ^ ports)));
}

}  // namespace

bool Pipeline::Impl::isolate(const Packet& packet, Judgement& judgement) noexcept {
    const Quarantine::Entry* sender = quarantine->find(packet.src, packet.time_ns);
    if (sender == nullptr && quarantine->find(packet.dst, packet.time_ns) == nullptr) return false;
    if (!enforce || keeps_address(packet)) return false;
    block(judgement, Verdict::drop, Cause::quarantine);
    if (sender != nullptr && answer_isolated(packet, *sender, judgement)) block(judgement, Verdict::answer, Cause::quarantine);
    return true;
}

bool Pipeline::Impl::answer_isolated(const Packet& p, const Quarantine::Entry& host, Judgement& judgement) noexcept {
    if (p.is_udp() && p.dst_port == kDns) {
        urlfilter::DnsBlock notice;
        notice.v4 = IpAddress::v4(kNoticeAddress);
        notice.ttl_seconds = kNoticeTtl;
        std::array<std::uint8_t, urlfilter::kDnsAnswerMaxBytes> answer;
        const std::size_t size = urlfilter::make_dns_answer(p.payload_bytes(), notice, answer);
        return size != 0 && answers.udp_answer(p, Bytes(answer).first(size), judgement.answers);
    }
    if (!p.is_tcp() || (p.tcp_flags & tcp_flag::rst) != 0) return false;
    if (p.dst_port != kHttp) return answers.reset(p, true, judgement.answers);
    const bool syn = (p.tcp_flags & tcp_flag::syn) != 0;
    const std::uint32_t next = p.tcp_seq + p.payload_size + (syn || (p.tcp_flags & tcp_flag::fin) != 0 ? 1U : 0U);
    if (syn) return answers.tcp(p, tcp_flag::syn | tcp_flag::ack, cookie(p), next, {}, judgement.answers);
    if (p.payload_size != 0)
        return answers.tcp(p, tcp_flag::psh | tcp_flag::fin | tcp_flag::ack, p.tcp_ack, next, as_bytes(host.page), judgement.answers);
    if ((p.tcp_flags & tcp_flag::fin) != 0) return answers.tcp(p, tcp_flag::ack, p.tcp_ack, next, {}, judgement.answers);
    return false;
}

}  // namespace sekisho::engine
