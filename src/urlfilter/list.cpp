#include "sekisho/urlfilter/list.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>

#include "sekisho/base/address.h"
#include "sekisho/base/text.h"
#include "sekisho/urlfilter/name.h"
#include "urlfilter/punycode.h"

namespace sekisho::urlfilter {
namespace {

constexpr std::size_t kLabelMaxBytes = 63;  // RFC 1035 section 2.3.4
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
    "a whole top-level domain; write it with a leading dot if that is meant",
    "the path is longer than 1,024 octets or has more than 64 parts",
    "begins neither with allow nor with deny",
    "the line is longer than 4,096 octets",
};

std::string_view take_word(std::string_view& text) {
    const auto end = std::min(text.find_first_of(kBlanks), text.size());
    const std::string_view word = text.substr(0, end);
    text = trim(text.substr(end));
    return word;
}

std::string_view strip_comment(std::string_view line) {
    for (std::size_t at = line.find('#'); at != std::string_view::npos; at = line.find('#', at + 1))
        if (at == 0 || kBlanks.find(line[at - 1]) != std::string_view::npos) return line.substr(0, at);
    return line;
}

std::string_view strip_scheme(std::string_view text) {
    const auto mark = text.substr(0, 16).find("://");
    return mark == std::string_view::npos ? text : text.substr(mark + 3);
}

bool is_host_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

EntryFault append_label(std::string_view label, std::string& out) {
    if (label.empty()) return EntryFault::empty_label;
    const std::size_t from = out.size();
    if (std::any_of(label.begin(), label.end(), [](char c) { return (c & 0x80) != 0; })) {
        const auto code_points = decode_utf8(label);
        if (!code_points) return EntryFault::bad_utf8;
        out += "xn--";
        if (!punycode(*code_points, out)) return EntryFault::label_too_long;
    } else {
        for (const char c : label) out += ascii_lower(c);
    }
    if (!std::all_of(out.begin() + static_cast<std::ptrdiff_t>(from), out.end(), is_host_character))
        return EntryFault::bad_character;
    return out.size() - from > kLabelMaxBytes ? EntryFault::label_too_long : EntryFault::none;
}

/// Full stops of other scripts (RFC 3490 section 3.1) as the ASCII one.
std::string with_ascii_dots(std::string_view host) {
    constexpr std::array<std::string_view, 3> kDots{"\xe3\x80\x82", "\xef\xbc\x8e", "\xef\xbd\xa1"};
    std::string out;
    out.reserve(host.size());
    while (!host.empty()) {
        const bool dot = std::find(kDots.begin(), kDots.end(), host.substr(0, 3)) != kDots.end();
        out += dot ? '.' : host.front();
        host.remove_prefix(dot ? 3 : 1);
    }
    return out;
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
    if (!whole_domain && entry.host.find('.') == std::string::npos) return EntryFault::top_level_domain;
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

void find_below(const std::filesystem::path& folder, const std::string& list,
                const std::string& category, int floors, std::vector<ListSource>& found,
                std::vector<std::string>* skipped) {
    namespace fs = std::filesystem;
    if (!category.empty()) {
        for (const char* file : {"domains", "urls"}) {
            const fs::path path = folder / file;
            if (fs::is_regular_file(path))
                found.push_back({list + "/" + category + "/" + file, category, path.string(), {}, {}});
        }
        const fs::path expressions = folder / "expressions";
        if (skipped && fs::is_regular_file(expressions)) skipped->push_back(expressions.string());
    }
    if (floors == 0) return;
    std::vector<fs::path> below;
    for (const auto& entry : fs::directory_iterator(folder))
        if (entry.is_directory() && !entry.path().filename().string().starts_with('.'))
            below.push_back(entry.path());
    std::sort(below.begin(), below.end());
    for (const auto& path : below) {
        const std::string name = path.filename().string();
        find_below(path, list, category.empty() ? name : category + "/" + name, floors - 1, found,
                   skipped);
    }
}

}  // namespace

std::string_view describe(EntryFault fault) noexcept {
    const auto index = static_cast<std::size_t>(fault);
    return index < kFaultText.size() ? kFaultText[index] : std::string_view{};
}

EntryFault to_ascii_host(std::string_view host, std::string& out) {
    const std::string dotted = with_ascii_dots(host);
    out.clear();
    for (const std::string_view label : split(dotted, '.')) {
        if (!out.empty()) out += '.';
        if (const auto fault = append_label(label, out); fault != EntryFault::none) return fault;
    }
    return out.size() > kHostMaxBytes ? EntryFault::name_too_long : EntryFault::none;
}

EntryFault parse_entry(std::string_view line, ListFormat format, Entry& entry) {
    entry.host.clear();
    entry.path.clear();
    if (line.size() > kListLineMaxBytes) return EntryFault::line_too_long;
    if (line.starts_with("\xef\xbb\xbf")) line.remove_prefix(3);  // byte order mark
    line = trim(strip_comment(line));
    if (line.empty()) return EntryFault::blank;
    if (format != ListFormat::entries)
        if (const auto fault = take_verb(line, format); fault != EntryFault::none) return fault;

    std::string_view target = take_word(line);
    if (!line.empty()) {  // hosts file: "0.0.0.0 name"
        if (!IpAddress::parse(target) || line.find_first_of(kBlanks) != std::string_view::npos)
            return EntryFault::bad_character;
        target = line;
    }
    target = strip_scheme(target);
    const auto host_end = std::min(target.find_first_of("/?#"), target.size());
    if (const auto fault = parse_host(target.substr(0, host_end), entry); fault != EntryFault::none)
        return fault;
    return parse_path(target.substr(host_end), entry);
}

Result<std::vector<ListSource>> find_lists(const std::string& folder,
                                           std::vector<std::string>* skipped) {
    constexpr int kFloors = 4;
    namespace fs = std::filesystem;
    try {
        fs::path root(folder);
        if (!root.has_filename()) root = root.parent_path();  // "lists/ut1/" is the list ut1
        if (!fs::is_directory(root))
            return fail(ErrorCode::not_found, "no such folder of category lists", folder);
        std::vector<ListSource> found;
        find_below(root, root.filename().string(), {}, kFloors, found, skipped);
        return found;
    } catch (const fs::filesystem_error& error) {
        return fail(ErrorCode::io, error.code().message(), error.path1().string());
    }
}

}  // namespace sekisho::urlfilter
