#include "sekisho/urlfilter/admin_list.h"

#include <optional>

#include "sekisho/base/bytes.h"
#include "sekisho/base/file_text.h"
#include "sekisho/base/text.h"
#include "sekisho/urlfilter/list.h"

namespace sekisho::urlfilter {
namespace {

constexpr std::size_t kAdminFileMaxBytes = MiB(16);

std::string_view word(AdminVerb verb) { return verb == AdminVerb::allow ? "allow" : "deny"; }

std::string spell(const Entry& entry) {
    const bool v6 = entry.host.find(':') != std::string::npos;
    return (v6 ? "[" + entry.host + "]" : entry.host) + entry.path;
}

/// The entry on a line of the file; nothing for comments and faults.
std::optional<AdminEntry> entry_of(std::string_view line, std::uint32_t number) {
    Entry entry;
    if (parse_entry(line, ListFormat::admin_allow, entry) == EntryFault::none)
        return AdminEntry{AdminVerb::allow, spell(entry), number};
    if (parse_entry(line, ListFormat::admin_deny, entry) == EntryFault::none)
        return AdminEntry{AdminVerb::deny, spell(entry), number};
    return std::nullopt;
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
        list.lines_.emplace_back(line.ends_with('\r') ? line.substr(0, line.size() - 1) : line);
    while (!list.lines_.empty() && list.lines_.back().empty()) list.lines_.pop_back();
    return list;
}

Result<bool> AdminList::set(AdminVerb verb, std::string_view target) {
    const auto name = normalise(target);
    if (!name) return fail(name.error());
    // A single label is only accepted with its leading dot; the file must keep it.
    const bool top_level = name->find_first_of("./:") == std::string::npos;
    const std::string line = std::string(word(verb)) + (top_level ? " ." : " ") + *name;
    bool stands = false;
    bool changed = false;
    for (auto at = lines_.begin(); at != lines_.end();) {
        const auto entry = entry_of(*at, 0);
        if (!entry || entry->target != *name) {
            ++at;
        } else if (!stands && entry->verb == verb) {
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
