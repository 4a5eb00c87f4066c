// What a client gets when a name is blocked: a page, an alert, an answer, or a reset.
#include "sekisho/urlfilter/block_page.h"
#include "sekisho/urlfilter/dns_answer.h"
#include "sekisho/urlfilter/tls_alert.h"
#include "url_gate.h"

namespace sekisho::engine {
namespace {

constexpr std::size_t kDnsLengthBytes = 2;  // before a message over TCP (RFC 1035 section 4.2.2)

/// "token?target" behind the path of consent.
template <std::size_t N>
std::string_view continue_link(const urlfilter::ConsentToken& token, std::string_view target, std::array<char, N>& out) noexcept {
    auto* to = std::copy(urlfilter::kConsentPath.begin(), urlfilter::kConsentPath.end(), out.data());
    to = std::copy(token.begin(), token.end(), to);
    *to++ = '?';
    to = std::copy(target.begin(), target.end(), to);
    return {out.data(), static_cast<std::size_t>(to - out.data())};
}

}  // namespace

std::size_t UrlFilterGate::make_page(MutableBytes out) const noexcept {
    if (answering_ == Answering::go_on) {
        std::array<char, 64> cookie;
        auto* to = std::copy(urlfilter::kConsentCookie.begin(), urlfilter::kConsentCookie.end(), cookie.data());
        *to++ = '=';
        to = std::copy(token_.begin(), token_.end(), to);
        return urlfilter::render_continue(target_.view(), {cookie.data(), static_cast<std::size_t>(to - cookie.data())},
                                          policy_->warn_minutes() * 60, out);
    }
    std::array<char, urlfilter::kConsentPath.size() + urlfilter::kConsentBytes + 1 + kTargetBytes> link;
    urlfilter::BlockPage page;
    page.host = host_.view();
    page.category = category_.view();
    page.list = origin_.view();
    page.contact = policy_->contact();
    page.box = policy_->box_name();
    page.warn = answering_ == Answering::warn;
    if (page.warn) page.continue_link = continue_link(token_, target_.view(), link);
    page.local_s = policy_->urls()->local_time(now_s_);
    page.incident = incident_;
    page.accept_language = language_.view();
    page.head = head_;
    return policy_->page().render(page, out);
}

bool UrlFilterGate::answer_dns(const packet::Packet& packet, AnswerBuilder& builder, Answers& answers) const noexcept {
    std::array<std::uint8_t, kDnsLengthBytes + urlfilter::kDnsAnswerMaxBytes> out;
    const Bytes payload = packet.payload_bytes();
    if (packet.is_udp()) {
        const std::size_t size = urlfilter::make_dns_answer(payload, policy_->dns_block(), out);
        return size != 0 && builder.udp_answer(packet, Bytes(out).first(size), answers);
    }
    // A query that came in one segment is answered in kind; others are cut.
    if (payload.size() <= kDnsLengthBytes || payload.size() != kDnsLengthBytes + (std::size_t{payload[0]} << 8 | payload[1])) return false;
    const std::size_t size = urlfilter::make_dns_answer(payload.subspan(kDnsLengthBytes), policy_->dns_block(),
                                                        MutableBytes(out).subspan(kDnsLengthBytes));
    if (size == 0) return false;
    out[0] = static_cast<std::uint8_t>(size >> 8);
    out[1] = static_cast<std::uint8_t>(size);
    return builder.say_and_close(packet, true, Bytes(out).first(kDnsLengthBytes + size), answers);
}

bool UrlFilterGate::answer(const packet::Packet& packet, AnswerBuilder& builder, Answers& answers) noexcept {
    const bool from_client = flow_->direction_of(packet) == flow::Direction::to_server;
    if (packet.is_udp()) {
        if (protocol_ == app::Protocol::dns) return from_client && answer_dns(packet, builder, answers);
        return from_client && builder.unreachable(packet, answers);  // QUIC: the browser goes on over TCP at once
    }
    if (!from_client) return builder.reset_both(packet, answers);
    if (protocol_ == app::Protocol::http) {
        std::array<std::uint8_t, urlfilter::kBlockPageMaxBytes> out;
        const std::size_t size = make_page(out);
        return size != 0 && builder.say_and_close(packet, true, Bytes(out).first(size), answers);
    }
    if (protocol_ == app::Protocol::tls) return builder.say_and_close(packet, true, urlfilter::kBlockedNameAlert, answers);
    if (protocol_ == app::Protocol::dns && answer_dns(packet, builder, answers)) return true;
    return builder.reset_both(packet, answers);
}

}  // namespace sekisho::engine
