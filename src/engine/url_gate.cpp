#include "url_gate.h"

#include <algorithm>

#include "sekisho/urlfilter/block_page.h"
#include "sekisho/urlfilter/dns_answer.h"
#include "sekisho/urlfilter/tls_alert.h"

namespace sekisho::engine {
namespace {

using app::Direction;
using app::Field;

std::string_view text_of(const detect::Message& message, Field field) noexcept {
    const auto* value = message.find(field, Direction::to_server);
    return value == nullptr ? std::string_view{} : as_text(value->bytes);
}

template <std::size_t N>
std::size_t keep(std::array<char, N>& out, std::string_view text) noexcept {
    const std::size_t size = std::min(N, text.size());
    std::copy_n(text.begin(), size, out.begin());
    return size;
}

}  // namespace

void UrlFilterGate::begin(const Policy& policy, const flow::Flow* flow, bool enforce) noexcept {
    policy_ = &policy;
    flow_ = flow;
    enforce_ = enforce;
    blocked_ = false;
}

void UrlFilterGate::names_known(Transaction& tx) noexcept {
    const detect::Message& message = tx.message;
    if (policy_->urls() == nullptr || blocked_) return;
    const Field name = message.protocol == app::Protocol::http  ? Field::http_host
                       : message.protocol == app::Protocol::tls ? Field::tls_sni
                       : message.protocol == app::Protocol::dns ? Field::dns_query
                                                                : Field::payload;
    const std::string_view host = name == Field::payload ? std::string_view{} : text_of(message, name);
    if (host.empty()) return;
    tx.url_judged = true;
    protocol_ = message.protocol;
    head_ = text_of(message, Field::http_method) == "HEAD";
    language_size_ = keep(language_, text_of(message, Field::http_accept_lang));
    judge(host, name == Field::http_host ? text_of(message, Field::http_uri_raw) : std::string_view{});
}

void UrlFilterGate::judge(std::string_view host, std::string_view path) noexcept {
    const urlfilter::Filter& filter = *policy_->urls();
    const urlfilter::Decision decision = filter.decide(host, path);
    if (decision.action == urlfilter::Action::allow) return;
    const bool block = decision.action == urlfilter::Action::block;
    const std::string_view category = filter.category_name(decision.category);
    host_size_ = keep(host_, host);
    category_size_ = keep(category_, category);
    blocked_ = block;
    const auto action = !block || !enforce_                      ? event::Action::allowed
                        : protocol_ == app::Protocol::dns ? event::Action::answered
                                                          : event::Action::blocked;
    // Told by name only when something is decided: the one place on the packet path that builds a string.
    incident_ = records_.url(*flow_, host, path, category, filter.origin_text(decision), action);
}

bool UrlFilterGate::answer(const packet::Packet& packet, AnswerBuilder& builder, Answers& answers) noexcept {
    std::array<std::uint8_t, urlfilter::kBlockPageMaxBytes> out;
    if (protocol_ == app::Protocol::http) {
        urlfilter::BlockPage page;
        page.host = {host_.data(), host_size_};
        page.category = {category_.data(), category_size_};
        page.contact = policy_->contact();
        page.incident = incident_;
        page.accept_language = {language_.data(), language_size_};
        page.head = head_;
        const std::size_t size = urlfilter::render_block_page(page, out);
        return size != 0 && builder.say_and_close(packet, true, Bytes(out).first(size), answers);
    }
    if (protocol_ == app::Protocol::tls) return builder.say_and_close(packet, true, urlfilter::kBlockedNameAlert, answers);
    if (protocol_ == app::Protocol::dns && packet.is_udp()) {
        const std::size_t size = urlfilter::make_dns_answer(packet.payload_bytes(), policy_->dns_block(), out);
        return size != 0 && builder.udp_answer(packet, Bytes(out).first(size), answers);
    }
    return builder.reset_both(packet, answers);
}

}  // namespace sekisho::engine
