// Formats with a grammar of their own: hosts files, AdBlock filters, response policy zones (RPZ,
// draft-vixie-dnsop-dns-rpz). Of a zone the names and single addresses are read; `$INCLUDE` is not followed.
#include <algorithm>
#include <array>

#include "sekisho/base/address.h"
#include "sekisho/base/text.h"
#include "urlfilter/entry_parts.h"

namespace sekisho::urlfilter {
namespace {

/// Names that every hosts file gives to its own machine.
bool is_own_name(std::string_view name) {
    constexpr std::array<std::string_view, 12> kOwn{
        "localhost",    "localhost.localdomain", "local",           "broadcasthost",   "ip6-localhost",  "ip6-loopback",
        "ip6-localnet", "ip6-mcastprefix",       "ip6-allnodes",    "ip6-allrouters",  "ip6-allhosts",   "0.0.0.0"};
    return std::find(kOwn.begin(), kOwn.end(), name) != kOwn.end();
}

/// Options that do not narrow an AdBlock filter.
bool is_harmless_option(std::string_view option) { return option == "important" || option == "all" || option == "document" || option == "doc"; }

EntryFault parse_adblock(std::string_view line, Entry& entry) {
    if (line.size() > kListLineMaxBytes) return EntryFault::line_too_long;
    line = trim(line);
    if (line.empty() || line.front() == '!' || line.front() == '[' || (line.front() == '#' && !line.starts_with("##")))
        return EntryFault::blank;
    if (line.starts_with("@@")) return EntryFault::exception;
    if (!line.starts_with("||")) return EntryFault::adblock_other;
    line.remove_prefix(2);
    if (const auto options = line.rfind('$'); options != std::string_view::npos) {
        for (const auto option : split(line.substr(options + 1), ','))
            if (!is_harmless_option(option)) return EntryFault::adblock_conditions;
        line = line.substr(0, options);
    }
    if (!line.ends_with('^')) return EntryFault::adblock_other;
    line.remove_suffix(1);
    if (line.find_first_of("^*|/#") != std::string_view::npos) return EntryFault::adblock_other;
    return parse_target(line, entry);
}

/// "32.7.2.0.192.rpz-ip" -> "192.0.2.7"; IPv6 labels backwards, "zz" for "::". Empty: not a single address.
std::string rpz_address(std::string_view labels) {
    std::vector<std::string_view> parts = split(labels, '.');
    if (parts.size() < 2) return {};
    const bool v4 = parts.size() == 5 && parts.front() == "32";
    if (!v4 && parts.front() != "128") return {};
    std::string text;
    for (std::size_t i = parts.size(); i-- > 1;) {
        if (!text.empty() && !text.ends_with("::")) text += v4 ? '.' : ':';
        if (parts[i] == "zz") text += text.empty() ? "::" : text.ends_with(':') ? ":" : "::";
        else text += parts[i];
    }
    const auto address = IpAddress::parse(text);
    return address ? address->to_string() : std::string{};
}

bool is_ttl(std::string_view word) { return !word.empty() && word.front() >= '0' && word.front() <= '9'; }
bool is_class(std::string_view word) { return equals_nocase(word, "IN"); }

/// ";" begins a comment of a zone file, but within quotes.
std::string_view strip_zone_comment(std::string_view line) {
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '"') quoted = !quoted;
        if (line[i] == ';' && !quoted) return line.substr(0, i);
    }
    return line;
}

}  // namespace

EntryFault LineParser::parse(std::string_view line, const Use& use) {
    clear(entry_);
    switch (format_) {
        case ListFormat::rpz: return parse_rpz(line, use);
        case ListFormat::adblock:
            if (const auto fault = parse_adblock(line, entry_); fault != EntryFault::none) return fault;
            break;
        case ListFormat::expressions:
            if (const auto fault = take_content(line); fault != EntryFault::none) return fault;
            entry_.path = line;  // a pattern, not a name; the builder knows
            break;
        case ListFormat::entries: {
            std::string_view content = line;
            if (const auto fault = take_content(content); fault != EntryFault::none) return fault;
            std::string_view names = content;
            if (const auto first = take_word(names); !names.empty() && IpAddress::parse(first)) return parse_hosts(names, use);
            if (const auto fault = parse_entry(content, format_, entry_); fault != EntryFault::none) return fault;
            break;
        }
        default:
            if (const auto fault = parse_entry(line, format_, entry_); fault != EntryFault::none) return fault;
    }
    use(entry_);
    return EntryFault::none;
}

EntryFault LineParser::parse_hosts(std::string_view names, const Use& use) {
    EntryFault first = EntryFault::blank;
    while (!names.empty()) {
        const std::string_view name = take_word(names);
        if (is_own_name(name)) continue;
        clear(entry_);
        const EntryFault fault = parse_target(name, entry_);
        if (fault == EntryFault::none) use(entry_);
        if (first == EntryFault::blank || (first == EntryFault::none && fault != EntryFault::none)) first = fault;
    }
    return first;
}

EntryFault LineParser::parse_rpz(std::string_view line, const Use& use) {
    if (line.size() > kListLineMaxBytes) return EntryFault::line_too_long;
    const bool same_owner = !line.empty() && (line.front() == ' ' || line.front() == '\t');
    line = trim(strip_zone_comment(line));
    const bool inside = parentheses_ > 0;
    parentheses_ += static_cast<int>(std::count(line.begin(), line.end(), '(')) -
                    static_cast<int>(std::count(line.begin(), line.end(), ')'));
    parentheses_ = std::max(parentheses_, 0);
    if (inside || line.empty()) return EntryFault::blank;
    if (line.front() == '$') {
        std::string_view rest = line;
        if (equals_nocase(take_word(rest), "$ORIGIN")) origin_ = to_lower(trim(rest));
        return EntryFault::blank;
    }
    if (!same_owner) owner_ = to_lower(take_word(line));
    std::string_view word = take_word(line);
    while (is_ttl(word) || is_class(word)) word = take_word(line);
    if (equals_nocase(word, "SOA")) {
        if (origin_.empty() && owner_ != "@") origin_ = owner_;
        return EntryFault::blank;
    }
    if (equals_nocase(word, "NS") || owner_.empty()) return owner_.empty() ? EntryFault::rpz_syntax : EntryFault::blank;
    if (word.empty() || line.empty()) return EntryFault::rpz_syntax;
    if (!equals_nocase(word, "CNAME")) return give_rpz(owner_, "data", use);  // local data stands in the name's place
    return give_rpz(owner_, take_word(line), use);
}

EntryFault LineParser::give_rpz(std::string_view owner, std::string_view target, const Use& use) {
    const std::string wanted = to_lower(target);
    if (wanted.starts_with("rpz-passthru")) return EntryFault::exception;
    if (!origin_.empty() && owner.size() > origin_.size() + 1 && owner.ends_with(origin_) &&
        owner[owner.size() - origin_.size() - 1] == '.')
        owner.remove_suffix(origin_.size() + 1);
    else if (owner.ends_with('.'))
        return EntryFault::rpz_syntax;  // a name outside the zone
    if (const auto kind = owner.rfind(".rpz-"); kind != std::string_view::npos) {
        if (owner.substr(kind) != ".rpz-ip") return EntryFault::rpz_trigger;
        entry_.host = rpz_address(owner.substr(0, kind));
        if (entry_.host.empty()) return EntryFault::rpz_trigger;
        use(entry_);
        return EntryFault::none;
    }
    const bool below = owner.starts_with("*.");
    if (below) owner.remove_prefix(2);
    const std::string dotted = "." + std::string(owner);  // a zone may name a whole public suffix
    if (const auto fault = parse_target(dotted, entry_); fault != EntryFault::none) return fault;
    if (!entry_.path.empty()) return EntryFault::bad_character;
    entry_.scope = below ? Scope::below_only : Scope::name_only;
    use(entry_);
    return EntryFault::none;
}

ListFormat guess_format(std::string_view name, std::string_view head) noexcept {
    if (name.ends_with("expressions")) return ListFormat::expressions;
    if (head.starts_with("[Adblock") || head.starts_with("||") || head.find("\n||") != std::string_view::npos)
        return ListFormat::adblock;
    const bool zone = head.find("SOA") != std::string_view::npos || head.starts_with("$TTL") || head.starts_with("$ORIGIN");
    return zone && head.find("CNAME") != std::string_view::npos ? ListFormat::rpz : ListFormat::entries;
}

}  // namespace sekisho::urlfilter
