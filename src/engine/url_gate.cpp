// Which names a transaction carries, and what the filter says of them. What is answered is in url_answer.cpp.
#include "url_gate.h"

#include <algorithm>

#include "sekisho/base/hash.h"
#include "sekisho/base/text.h"

namespace sekisho::engine {
namespace {

using app::Direction;
using app::Fact;
using app::Field;
using urlfilter::Action;

constexpr std::size_t kCertificateNamesMax = 16;  // looked at

std::string_view text_of(const detect::Message& message, Field field, Direction direction = Direction::to_server) noexcept {
    const auto* value = message.find(field, direction);
    return value == nullptr ? std::string_view{} : as_text(value->bytes);
}

bool has_fact(const detect::Message& message, Fact fact) noexcept {
    return message.facts[static_cast<std::size_t>(fact)] != 0;
}

/// The authority of an absolute request target (RFC 9112 section 3.2.2); empty: the target is a path.
std::string_view authority_of(std::string_view target) noexcept {
    if (target.empty() || target.front() == '/') return {};
    const auto scheme = target.substr(0, 16).find("://");
    if (scheme == std::string_view::npos) return {};
    target.remove_prefix(scheme + 3);
    return target.substr(0, target.find_first_of("/?#"));
}

/// The common name of a subject, "C=JP, O=Example, CN=www.example.jp".
std::string_view common_name(std::string_view subject) noexcept {
    const auto at = subject.rfind("CN=");
    if (at == std::string_view::npos) return {};
    const std::string_view name = subject.substr(at + 3);
    return trim(name.substr(0, name.find_first_of(",/")));
}

}  // namespace

void UrlFilterGate::begin(const Policy& policy, const flow::Flow* flow, signature::PatternScratch& scratch, TimeNs now,
                          bool enforce) noexcept {
    policy_ = &policy;
    flow_ = flow;
    scratch_ = &scratch;
    now_s_ = now / kSecondNs;
    enforce_ = enforce;
    blocked_ = false;
    answering_ = Answering::block;
}

urlfilter::Client UrlFilterGate::client() const noexcept { return {flow_->client, flow_->vlan[0], MacAddress{flow_->client_mac}}; }

void UrlFilterGate::names_known(Transaction& tx) noexcept {
    const detect::Message& message = tx.message;
    if (policy_->urls() == nullptr || blocked_) return;
    protocol_ = message.protocol;
    switch (message.protocol) {
        case app::Protocol::http:
        case app::Protocol::http2:
        case app::Protocol::doh2:
            tx.url_judged = true;
            return judge_http(message);
        case app::Protocol::tls: return judge_tls(tx);
        case app::Protocol::quic: return judge_quic(tx);
        case app::Protocol::dns:
            tx.url_judged = true;
            return judge_dns(message);
        default: return;
    }
}

/// The Host and, where the target names one, its authority: a proxy goes by either.
void UrlFilterGate::judge_http(const detect::Message& message) noexcept {
    const std::string_view target = text_of(message, Field::http_uri_raw);
    const std::string_view host = text_of(message, Field::http_host);
    keep_for_page(message);
    Finding strictest;
    if (text_of(message, Field::http_method) == "CONNECT") {
        judge(target, {}, strictest);
    } else {
        judge(authority_of(target), target, strictest);
    }
    judge(host, target, strictest);
    if (urlfilter::HostName(host).form() != urlfilter::HostName::Form::name) {
        learned_ = names_.find(flow_->client, flow_->server, now_s_);
        judge(learned_.text(), target, strictest);
    }
    act(strictest);
}

void UrlFilterGate::judge_tls(Transaction& tx) noexcept {
    const detect::Message& message = tx.message;
    Finding strictest;
    if (const std::string_view name = text_of(message, Field::tls_sni); !name.empty()) {
        tx.url_judged = true;
        judge(name, {}, strictest);
        // Behind an encrypted hello stands another name than the one that is shown: what the client asked DNS for.
        if (has_fact(message, Fact::tls_ech)) {
            learned_ = names_.find(flow_->client, flow_->server, now_s_);
            judge(learned_.text(), {}, strictest);
        }
    } else if (message.stages[static_cast<std::size_t>(Direction::to_client)] >= app::Stage::headers) {
        tx.url_judged = judge_certificate(message);
        return;
    } else {
        learned_ = names_.find(flow_->client, flow_->server, now_s_);
        judge(learned_.text(), {}, strictest);
    }
    act(strictest);
    if (!blocked_) judge_ech(message);
}

void UrlFilterGate::judge_quic(Transaction& tx) noexcept {
    const std::string_view name = text_of(tx.message, Field::quic_sni);
    learned_ = {};
    if (name.empty() || has_fact(tx.message, Fact::tls_ech)) learned_ = names_.find(flow_->client, flow_->server, now_s_);
    Finding strictest;
    judge(name, {}, strictest);
    judge(learned_.text(), {}, strictest);
    tx.url_judged = !name.empty();
    act(strictest);
    if (!blocked_) judge_ech(tx.message);
}

void UrlFilterGate::judge_dns(const detect::Message& message) noexcept {
    if (has_fact(message, Fact::dns_is_answer)) return learn(message);
    Finding strictest;
    for (const auto& value : message.fields)
        if (value.field == Field::dns_query && value.direction == Direction::to_server) judge(as_text(value.bytes), {}, strictest);
    act(strictest);
}

void UrlFilterGate::judge_ech(const detect::Message& message) noexcept {
    const Action wanted = policy_->ech();
    if (wanted == Action::allow || !has_fact(message, Fact::tls_ech)) return;
    Finding finding;
    finding.decision.action = wanted == Action::block ? Action::block : Action::alert;
    finding.host = text_of(message, message.protocol == app::Protocol::quic ? Field::quic_sni : Field::tls_sni);
    blocked_ = wanted == Action::block;
    tell(finding, "ech", finding.decision.action, "encrypted server name");
}

/// A certificate names all sites of a server: only where every one of them is to be stopped is it known that the one
/// asked for is.  @return false: there is no certificate yet
bool UrlFilterGate::judge_certificate(const detect::Message& message) noexcept {
    Finding mildest;
    std::size_t looked_at = 0;
    const auto take = [&](std::string_view name) noexcept {
        if (name.starts_with("*.")) name.remove_prefix(2);
        if (name.empty()) return;
        Finding one;
        judge(name, {}, one);
        if (looked_at++ == 0 || one.decision.action < mildest.decision.action) mildest = one;
    };
    for (const auto& value : message.fields)
        if (value.field == Field::tls_subjectaltname && looked_at < kCertificateNamesMax) take(as_text(value.bytes));
    if (looked_at == 0) take(common_name(text_of(message, Field::tls_cert_subject, Direction::to_client)));
    act(mildest);
    return looked_at != 0;
}

urlfilter::Decision UrlFilterGate::ask(std::string_view host, std::string_view path) const noexcept {
    return policy_->urls()->decide({host, path, client(), now_s_, scratch_});
}

void UrlFilterGate::judge(std::string_view host, std::string_view path, Finding& strictest) const noexcept {
    if (host.empty()) return;
    const urlfilter::Decision decision = ask(host, path);
    if (!strictest.host.empty() && decision.action <= strictest.decision.action) return;
    strictest = {decision, host, path};
}

void UrlFilterGate::act(const Finding& finding) noexcept {
    const std::string_view category = policy_->urls()->category_name(finding.decision.category);
    switch (finding.decision.action) {
        case Action::allow: return;
        case Action::alert: return tell(finding, category, Action::alert, {});
        case Action::warn: return warn(finding, category);
        case Action::block:
            blocked_ = true;
            tell(finding, category, Action::block, {});
    }
}

/// A warning can be passed by a person who sees a page, for that client, category and time. Where none can be shown,
/// the settings say what becomes of it.
void UrlFilterGate::warn(const Finding& finding, std::string_view category) noexcept {
    if (protocol_ != app::Protocol::http) {
        if (policy_->warn_unseen() == Action::allow) return;
        blocked_ = policy_->warn_unseen() == Action::block;
        return tell(finding, category, blocked_ ? Action::block : Action::alert, "warning that cannot be shown");
    }
    const std::uint64_t secret = process_hash_seed();
    if (urlfilter::is_consent(urlfilter::consent_in_cookie(cookie_), flow_->client, category, now_s_, secret)) return;
    token_ = urlfilter::make_consent(flow_->client, category, now_s_ + policy_->warn_minutes() * 60, secret);
    blocked_ = true;
    const auto click = urlfilter::read_continue(finding.path, kTargetBytes);
    if (urlfilter::is_consent(click.token, flow_->client, category, now_s_, secret)) answering_ = Answering::go_on;
    target_ = click.target;
    if (answering_ == Answering::go_on) return tell(finding, category, Action::alert, "continued after a warning");
    answering_ = Answering::warn;
    tell(finding, category, Action::warn, {});
}

void UrlFilterGate::tell(const Finding& finding, std::string_view category, Action decided, std::string_view reason) noexcept {
    const urlfilter::Filter& filter = *policy_->urls();
    std::array<char, urlfilter::Filter::kOriginTextMax> room;
    const std::string_view origin = filter.origin_text(finding.decision, room);
    host_ = finding.host;
    category_ = category;
    origin_ = origin;
    const bool stopped = blocked_ && answering_ != Answering::go_on;
    const auto action = !stopped || !enforce_                 ? event::Action::allowed
                        : protocol_ == app::Protocol::dns     ? event::Action::answered
                                                              : event::Action::blocked;
    const std::string_view rule = filter.rule_name(finding.decision.rule);
    incident_ = records_.url(*flow_, {finding.host, finding.path, category, origin, rule, reason, static_cast<std::uint8_t>(decided)}, action);
}

void UrlFilterGate::keep_for_page(const detect::Message& message) noexcept {
    head_ = text_of(message, Field::http_method) == "HEAD";
    language_ = text_of(message, Field::http_accept_lang);
    cookie_ = text_of(message, Field::http_cookie);
}

/// The addresses that the client will connect to under this name, also at the end of a chain of aliases.
void UrlFilterGate::learn(const detect::Message& message) noexcept {
    std::string_view name = text_of(message, Field::dns_query, Direction::to_client);
    if (name.empty()) name = text_of(message, Field::dns_query);
    for (const auto& value : message.fields) {
        if (value.field != Field::dns_answer) continue;
        std::string_view record = as_text(value.bytes);  // "owner TAB time to live TAB type data"
        record.remove_prefix(record.rfind('\t') + 1);
        const auto blank = record.find(' ');
        if (blank == std::string_view::npos || (record.substr(0, blank) != "A" && record.substr(0, blank) != "AAAA")) continue;
        if (const auto address = IpAddress::parse(record.substr(blank + 1))) names_.learn(flow_->client, *address, name, now_s_);
    }
}

}  // namespace sekisho::engine
