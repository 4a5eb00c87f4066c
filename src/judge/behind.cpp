#include "judge/behind.h"

#include <algorithm>

#include "judge/limits.h"
#include "sekisho/base/text.h"

namespace sekisho::judge {

using event::Event;
using event::Kind;
using event::Text;

namespace {

// Told to people; the word in brackets is how sure it is.
constexpr std::string_view kSeen = "seen on its way to the proxy (high)";
constexpr std::string_view kSeenOfSeveral = "the latest of several that asked the proxy (medium)";
constexpr std::string_view kBoth = "seen on its way and named by the proxy (high)";
constexpr std::string_view kTrusted = "named by a trusted proxy (medium)";
constexpr std::string_view kSaid = "named by the proxy (low)";

/// "192.0.2.1", "192.0.2.1:80", "[2001:db8::1]:80", "2001:db8::1", each perhaps in quotes (RFC 7239 section 6).
std::optional<IpAddress> node_address(std::string_view text) noexcept {
    text = trim(text);
    if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
    if (!text.empty() && text.front() == '[') return IpAddress::parse(text.substr(1, text.find(']') - 1));
    if (const auto ip = IpAddress::parse(text)) return ip;
    return IpAddress::parse(text.substr(0, text.find(':')));
}

/// The address of one element of X-Forwarded-For (the element) or Forwarded (its for=).
std::optional<IpAddress> element_address(std::string_view element) noexcept {
    if (element.find('=') == std::string_view::npos) return node_address(element);
    while (!element.empty()) {
        const std::size_t end = std::min(element.find(';'), element.size());
        const std::string_view pair = trim(element.substr(0, end));
        if (starts_with_nocase(pair, "for=")) return node_address(pair.substr(4));
        element.remove_prefix(std::min(end + 1, element.size()));
    }
    return std::nullopt;
}

}  // namespace

std::string_view name_in(const Event& e) noexcept {
    const auto host = e.get(Text::host);
    return host.empty() ? e.get(Text::name) : host;
}

Legs::Legs(std::vector<IpAddress> trusted, const HomeNet& home)
    : trusted_(std::move(trusted)), home_(home), legs_(kLegsMax) {}

std::uint64_t Legs::key(const IpAddress& proxy, std::string_view name) noexcept {
    std::uint64_t hash = process_hash_seed();
    for (const char c : name.substr(0, kTextMax)) {  // names are compared without case (RFC 4343)
        const auto lower = static_cast<std::uint64_t>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
        hash = hash_mix(hash ^ lower, 0xe7037ed1a0b428dbULL);
    }
    return key_of(hash, proxy);
}

bool Legs::asks_to_forward(const Event& e) noexcept {
    if (e.kind == Kind::url) return true;  // a listed name is not the name of a server of ours
    if (e.kind == Kind::dns || e.get(Text::app) == "dns") return !e.get(Text::name).empty();
    const auto url = e.get(Text::url);
    return equals_nocase(e.get(Text::method), "CONNECT") || starts_with_nocase(url, "http://") || starts_with_nocase(url, "https://");
}

void Legs::note(const Event& e) noexcept {
    const auto name = name_in(e);
    if (name.empty() || !asks_to_forward(e)) return;
    Leg& leg = legs_.at(key(e.server, name), e.time_ns);
    const bool fresh = leg.at != 0 && e.time_ns <= leg.at + kLegNs;
    leg.several = fresh && (leg.several || leg.client != e.client);
    leg.client = e.client;
    leg.at = std::max(leg.at, e.time_ns);
}

/// A proxy appends the address it saw, so the last element is its own word and those before may be the
/// client's invention. From the end: proxies of ours are passed over, the first other machine of ours it is.
std::optional<IpAddress> Legs::by_header(std::string_view header) const noexcept {
    while (!header.empty()) {
        const std::size_t comma = header.rfind(',');
        const auto ip = element_address(comma == std::string_view::npos ? header : header.substr(comma + 1));
        if (!ip || !home_.contains(*ip)) return std::nullopt;
        const bool proxy = std::find(trusted_.begin(), trusted_.end(), *ip) != trusted_.end();
        if (!proxy) return ip;
        if (comma == std::string_view::npos) return std::nullopt;
        header = header.substr(0, comma);
    }
    return std::nullopt;
}

std::optional<Behind> Legs::find(const Event& e, const IpAddress& proxy) noexcept {
    std::optional<IpAddress> said;
    const bool trusted = std::find(trusted_.begin(), trusted_.end(), proxy) != trusted_.end();
    if (trusted || trusted_.empty()) said = by_header(e.get(Text::forwarded));
    if (said && *said == proxy) said.reset();
    const auto name = name_in(e);
    const Leg* leg = name.empty() ? nullptr : legs_.find(key(proxy, name));
    if (leg != nullptr && (e.time_ns > leg->at + kLegNs || leg->at > e.time_ns + kLegNs)) leg = nullptr;
    if (leg != nullptr && said) return Behind{*said, leg->client == *said ? kBoth : trusted ? kTrusted : kSaid};
    if (said) return Behind{*said, trusted ? kTrusted : kSaid};
    if (leg != nullptr) return Behind{leg->client, leg->several ? kSeenOfSeveral : kSeen};
    return std::nullopt;
}

}  // namespace sekisho::judge
