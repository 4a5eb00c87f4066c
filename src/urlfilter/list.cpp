#include "sekisho/urlfilter/list.h"

#include <algorithm>
#include <array>
#include <optional>

#include "sekisho/base/address.h"
#include "sekisho/base/text.h"
#include "sekisho/urlfilter/moment.h"
#include "sekisho/urlfilter/name.h"
#include "urlfilter/entry_parts.h"
#include "urlfilter/idna.h"

namespace sekisho::urlfilter {
namespace {

constexpr std::string_view kBlanks = " \t";

constexpr std::array<std::string_view, static_cast<std::size_t>(EntryFault::count_)> kFaultText{
    "no fault",
    "no entry",
    "no host name",
    "a character that no host name has (letters, digits, '-', '_' and '.' are fine)",
    "not valid UTF-8",
    "an empty label (two dots in a row)",
    "a label longer than 63 octets",
    "a name longer than 253 octets",
    "ends in a number, but is not an IPv4 address",
    "a whole public suffix; write it with a leading dot if that is meant",
    "the path is longer than 1,024 octets or has more than 64 parts",
    "begins neither with allow nor with deny",
    "the line is longer than 4,096 octets",
    "no name by the rules for international names (IDNA 2008)",
    "after the name only `until YYYY-MM-DDTHH:MM:SSZ` may follow",
    "not of the form ||name^",
    "a filter with conditions; only ||name^ can be kept by name",
    "an exception; allow the name with `sekisho url allow`",
    "a trigger other than a name or a single address",
    "no record of a response policy zone",
    "no pattern that can be searched for",
};

std::string_view strip_comment(std::string_view line) {
    for (std::size_t at = line.find('#'); at != std::string_view::npos; at = line.find('#', at + 1))
        if (at == 0 || kBlanks.find(line[at - 1]) != std::string_view::npos) return line.substr(0, at);
    return line;
}

std::string_view strip_scheme(std::string_view text) {
    const auto mark = text.substr(0, 16).find("://");
    return mark == std::string_view::npos ? text : text.substr(mark + 3);
}

/// "[v6]", "[v6]:port", "v6", "v4", "v4:port" as an address text; nothing for names.
std::optional<std::string> as_address(std::string_view host) {
    if (!host.empty() && host.front() == '[') {
        const auto close = host.find(']');
        if (close == std::string_view::npos) return std::nullopt;
        host = host.substr(1, close - 1);
    }
    const auto ip = IpAddress::parse(host);
    return ip ? std::optional(ip->to_string()) : std::nullopt;
}

EntryFault parse_host(std::string_view text, Entry& entry) {
    if (const auto at = text.rfind('@'); at != std::string_view::npos) text.remove_prefix(at + 1);
    if (auto address = as_address(text)) {
        entry.host = std::move(*address);
        return EntryFault::none;
    }
    text = text.substr(0, text.find(':'));
    if (text.starts_with("*.")) text.remove_prefix(1);
    const bool whole_domain = text.starts_with('.');
    if (whole_domain) text.remove_prefix(1);
    while (text.ends_with('.')) text.remove_suffix(1);
    if (text.empty()) return EntryFault::no_host;
    if (const auto fault = to_ascii_host(text, entry.host); fault != EntryFault::none) return fault;
    if (HostName(entry.host).form() == HostName::Form::address)
        return IpAddress::parse(entry.host) ? EntryFault::none : EntryFault::bad_address;
    if (!whole_domain && is_public_suffix(entry.host)) return EntryFault::public_suffix;
    return EntryFault::none;
}

EntryFault parse_path(std::string_view text, Entry& entry) {
    const PathName path(text);
    std::string_view normal = path.text();
    while (!normal.empty() && std::string_view("/?&;=").find(normal.back()) != std::string_view::npos)
        normal.remove_suffix(1);
    if (path.cut() || PathKeys(0, normal).cut) return EntryFault::path_too_long;
    entry.path = normal;
    return EntryFault::none;
}

/// Takes the verb off an admin line. @return blank when the line belongs to the other verb
EntryFault take_verb(std::string_view& line, ListFormat format) {
    const std::string verb = to_lower(take_word(line));
    const bool allow = verb == "allow";
    // A line without a verb is told once, with the allow lines.
    if (!allow && verb != "deny")
        return format == ListFormat::admin_allow ? EntryFault::no_verb : EntryFault::blank;
    return allow == (format == ListFormat::admin_allow) ? EntryFault::none : EntryFault::blank;
}

/// What may follow the name on an admin line.
EntryFault take_until(std::string_view rest, Entry& entry) {
    if (rest.empty()) return EntryFault::none;
    if (to_lower(take_word(rest)) != "until") return EntryFault::bad_time;
    const auto until = parse_moment(rest);
    if (!until) return EntryFault::bad_time;
    entry.until_s = *until;
    return EntryFault::none;
}

}  // namespace

std::string_view take_word(std::string_view& text) {
    const auto end = std::min(text.find_first_of(kBlanks), text.size());
    const std::string_view word = text.substr(0, end);
    text = trim(text.substr(end));
    return word;
}

std::string_view describe(EntryFault fault) noexcept {
    const auto index = static_cast<std::size_t>(fault);
    return index < kFaultText.size() ? kFaultText[index] : std::string_view{};
}

EntryFault parse_target(std::string_view target, Entry& entry) {
    target = strip_scheme(target);
    const auto host_end = std::min(target.find_first_of("/?#"), target.size());
    if (const auto fault = parse_host(target.substr(0, host_end), entry); fault != EntryFault::none)
        return fault;
    return parse_path(target.substr(host_end), entry);
}

EntryFault take_content(std::string_view& line) {
    if (line.size() > kListLineMaxBytes) return EntryFault::line_too_long;
    if (line.starts_with("\xef\xbb\xbf")) line.remove_prefix(3);  // byte order mark
    line = trim(strip_comment(line));
    return line.empty() ? EntryFault::blank : EntryFault::none;
}

void clear(Entry& entry) {
    entry.host.clear();
    entry.path.clear();
    entry.scope = Scope::domain;
    entry.until_s = 0;
}

EntryFault parse_entry(std::string_view line, ListFormat format, Entry& entry) {
    clear(entry);
    if (const auto fault = take_content(line); fault != EntryFault::none) return fault;
    if (format == ListFormat::entries) {
        if (line.find_first_of(kBlanks) != std::string_view::npos) return EntryFault::bad_character;
        return parse_target(line, entry);
    }
    if (const auto fault = take_verb(line, format); fault != EntryFault::none) return fault;
    const std::string_view target = take_word(line);
    if (const auto fault = take_until(line, entry); fault != EntryFault::none) return fault;
    return parse_target(target, entry);
}

}  // namespace sekisho::urlfilter
