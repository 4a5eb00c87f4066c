#include "sekisho/urlfilter/admin_list.h"

#include <optional>

#include "sekisho/base/bytes.h"
#include "sekisho/base/file_text.h"
#include "sekisho/base/text.h"
#include "sekisho/urlfilter/list.h"
#include "sekisho/urlfilter/moment.h"

namespace sekisho::urlfilter {
namespace {

constexpr std::size_t kAdminFileMaxBytes = MiB(16);

std::string_view word(AdminVerb verb) { return verb == AdminVerb::allow ? "allow" : "deny"; }

std::string spell(const Entry& entry) {
    const bool v6 = entry.host.find(':') != std::string::npos;
    return (v6 ? "[" + entry.host + "]" : entry.host) + entry.path;
}

/// What stands behind "#" on a line; empty: nothing, or a comment alone.
std::string reason_of(std::string_view line) {
    const auto at = line.find(" #");
    return at == std::string_view::npos ? std::string() : std::string(trim(line.substr(at + 2)));
}

/// The entry on a line of the file; nothing for comments and faults.
std::optional<AdminEntry> entry_of(std::string_view line, std::uint32_t number) {
    Entry entry;
    if (parse_entry(line, ListFormat::admin_allow, entry) == EntryFault::none)
        return AdminEntry{AdminVerb::allow, spell(entry), number, entry.until_s, reason_of(line)};
    if (parse_entry(line, ListFormat::admin_deny, entry) == EntryFault::none)
        return AdminEntry{AdminVerb::deny, spell(entry), number, entry.until_s, reason_of(line)};
    return std::nullopt;
}

/// A reason as it can stand in the file.
std::string one_line(std::string_view reason) {
    constexpr std::size_t kReasonMaxBytes = 200;
    std::string text(trim(reason).substr(0, kReasonMaxBytes));
    for (char& c : text)
        if (static_cast<unsigned char>(c) < 0x20) c = ' ';
    return text;
}

Result<std::string> normalise(std::string_view target) {
    Entry entry;
    const EntryFault fault = parse_entry(target, ListFormat::entries, entry);
    if (fault != EntryFault::none)
        return fail(ErrorCode::invalid, std::string(describe(fault)),
                    std::string(target.substr(0, 253)));
    return spell(entry);
}

}  // namespace

Result<AdminList> AdminList::load(const std::string& path) {
    const auto text = read_file(path, kAdminFileMaxBytes);
    if (!text && text.error().code == ErrorCode::not_found) return AdminList{};
    if (!text) return fail(text.error());
    return parse(*text);
}

AdminList AdminList::parse(std::string_view text) {
    AdminList list;
    for (const auto line : split(text, '\n'))
        list.lines_.emplace_back(line.substr(0, line.find_last_not_of('\r') + 1));  // npos + 1 is 0
    while (!list.lines_.empty() && list.lines_.back().empty()) list.lines_.pop_back();
    return list;
}

Result<bool> AdminList::set(AdminVerb verb, std::string_view target, std::uint64_t until_s, std::string_view reason) {
    const auto name = normalise(target);
    if (!name) return fail(name.error());
    // A single label is only accepted with its leading dot; so is any public suffix: the file must keep it.
    Entry plain;
    const bool suffix = parse_entry(*name, ListFormat::entries, plain) == EntryFault::public_suffix;
    std::string line = std::string(word(verb)) + (suffix ? " ." : " ") + *name;
    if (until_s != 0) line += " until " + format_moment(until_s);
    if (!reason.empty()) line += " # " + one_line(reason);
    bool stands = false;
    bool changed = false;
    for (auto at = lines_.begin(); at != lines_.end();) {
        const auto entry = entry_of(*at, 0);
        if (!entry || entry->target != *name) {
            ++at;
        } else if (!stands && entry->verb == verb && entry->until_s == until_s && (reason.empty() || entry->reason == one_line(reason))) {
            stands = true;
            ++at;
        } else {
            at = lines_.erase(at);
            changed = true;
        }
    }
    if (!stands) lines_.push_back(line);
    return changed || !stands;
}

std::size_t AdminList::remove_ended(std::uint64_t now_s) {
    return std::erase_if(lines_, [&](const std::string& line) {
        const auto entry = entry_of(line, 0);
        return entry && entry->until_s != 0 && entry->until_s <= now_s;
    });
}

Result<bool> AdminList::remove(std::string_view target) {
    const auto name = normalise(target);
    if (!name) return fail(name.error());
    return std::erase_if(lines_, [&](const std::string& line) {
               const auto entry = entry_of(line, 0);
               return entry && entry->target == *name;
           }) != 0;
}

std::vector<AdminEntry> AdminList::entries() const {
    std::vector<AdminEntry> entries;
    for (std::size_t i = 0; i < lines_.size(); ++i)
        if (auto entry = entry_of(lines_[i], static_cast<std::uint32_t>(i + 1)))
            entries.push_back(std::move(*entry));
    return entries;
}

std::string AdminList::text() const {
    std::string text;
    for (const auto& line : lines_) text += line + "\n";
    return text;
}

Status AdminList::save(const std::string& path) const { return write_file_atomic(path, text()); }

}  // namespace sekisho::urlfilter
