#include "sekisho/signature/rule_edits.h"

#include <fnmatch.h>

#include <algorithm>
#include <set>

#include "sekisho/base/bytes.h"
#include "sekisho/base/text.h"
#include "sekisho/signature/regex.h"

namespace sekisho::signature {
namespace {

using Selector = std::function<bool(const RuleLine&)>;

constexpr std::string_view kActions[] = {"alert", "drop", "pass", "reject", "rejectsrc", "rejectdst", "rejectboth"};

/// The value of the last "name:" option outside quotes.
std::optional<std::uint32_t> number_option(std::string_view text, std::string_view name) {
    std::optional<std::uint32_t> found;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\') {
            ++i;
            continue;
        }
        if (text[i] == '"') quoted = !quoted;
        const bool at_start = i > 0 && (text[i - 1] == ';' || text[i - 1] == '(' || text[i - 1] == ' ');
        if (quoted || !at_start || text.substr(i, name.size()) != name) continue;
        const std::string_view rest = trim(text.substr(i + name.size()));
        if (!rest.starts_with(':')) continue;
        const auto value = parse_int(trim(rest.substr(1, rest.find(';') - 1)), 0, UINT32_MAX);
        if (value) found = static_cast<std::uint32_t>(*value);
    }
    return found;
}

/// Words as a shell cuts them: blanks separate, quotes hold together, a backslash takes the next octet as it is (between
/// double quotes only before a quote or a backslash).
Result<std::vector<std::string>> shell_words(std::string_view line) {
    std::vector<std::string> words;
    std::string word;
    bool open = false;
    char quote = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        const char next = i + 1 < line.size() ? line[i + 1] : '\0';
        if (quote != 0) {
            if (c == quote) quote = 0;
            else if (c == '\\' && quote == '"' && (next == '"' || next == '\\')) word += line[++i];
            else word += c;
        } else if (c == '"' || c == '\'') {
            quote = c;
            open = true;
        } else if (c == '\\' && next != '\0') {
            word += line[++i];
            open = true;
        } else if (c == ' ' || c == '\t') {
            if (open) words.push_back(std::move(word));
            word.clear();
            open = false;
        } else {
            word += c;
            open = true;
        }
    }
    if (quote != 0) return fail(ErrorCode::invalid, std::string("a ") + quote + " is not closed");
    if (open) words.push_back(std::move(word));
    return words;
}

bool glob_matches(const std::string& pattern, const std::string& name) { return ::fnmatch(pattern.c_str(), name.c_str(), 0) == 0; }

std::string without_extension(const std::string& file) {
    return file.ends_with(".rules") ? file.substr(0, file.size() - 6) : file;
}

/// "deployment perimeter" among the pairs of the metadata option.
bool has_metadata(const RuleLine& rule, const std::string& wanted) {
    const std::string& text = rule.text;
    for (std::size_t at = text.find("metadata:"); at != std::string::npos; at = text.find("metadata:", at + 1)) {
        const auto value = std::string_view(text).substr(at + 9, text.find(';', at) - at - 9);
        for (const auto pair : split(value, ','))
            if (equals_nocase(trim(pair), wanted)) return true;
    }
    return false;
}

Result<Selector> by_ids(std::string_view text) {
    std::set<std::pair<std::uint32_t, std::uint32_t>> ids;
    for (const auto piece : split(text, ',')) {
        const auto word = trim(piece);
        const auto colon = word.find(':');
        const auto gid = colon == std::string_view::npos ? std::optional<std::int64_t>(1)
                                                          : parse_int(word.substr(0, colon), 0, UINT32_MAX);
        const auto sid = parse_int(colon == std::string_view::npos ? word : word.substr(colon + 1), 0, UINT32_MAX);
        if (!gid || !sid)
            return fail(ErrorCode::invalid, "'" + std::string(word) + "' selects no rule; allowed: SID, GID:SID, group:NAME, " +
                                                "filename:PATTERN, re:EXPRESSION, metadata:KEY VALUE, *");
        ids.emplace(static_cast<std::uint32_t>(*gid), static_cast<std::uint32_t>(*sid));
    }
    return Selector([ids](const RuleLine& rule) { return ids.contains({rule.gid, rule.sid}); });
}

void set_action(RuleLine& rule, std::string_view action) {
    rule.text.replace(0, rule.text.find_first_of(" \t"), action);
}

/// Flow bits that a rule sets, or asks for.
std::vector<std::string> flow_bits(const std::string& text, bool sets) {
    std::vector<std::string> names;
    for (std::size_t at = text.find("flowbits:"); at != std::string::npos; at = text.find("flowbits:", at + 1)) {
        const auto value = std::string_view(text).substr(at + 9, text.find(';', at) - at - 9);
        const auto parts = split(value, ',');
        if (parts.size() < 2) continue;
        const auto word = trim(parts[0]);
        if (sets ? word == "set" || word == "toggle" : word == "isset")
            for (const auto name : split(parts[1], '|')) names.emplace_back(trim(name));
    }
    return names;
}

}  // namespace

std::optional<RuleLine> read_rule_line(std::string_view line, std::string_view file) {
    RuleLine rule;
    std::string_view text = trim(line);
    while (text.starts_with('#')) {
        rule.enabled = false;
        text = trim(text.substr(1));
    }
    const auto word = text.substr(0, text.find_first_of(" \t"));
    if (std::find(std::begin(kActions), std::end(kActions), word) == std::end(kActions)) return std::nullopt;
    if (text.find('(') == std::string_view::npos || !text.ends_with(')')) return std::nullopt;
    const auto sid = number_option(text, "sid");
    if (!sid) return std::nullopt;
    rule.sid = *sid;
    rule.gid = number_option(text, "gid").value_or(1);
    rule.text = text;
    rule.file = file.substr(file.rfind('/') + 1);
    return rule;
}

Result<Selector> RuleEdits::selector(std::string_view text) const {
    const auto value = [&](std::string_view prefix) { return std::string(trim(text.substr(prefix.size()))); };
    if (text == "*") return Selector([](const RuleLine&) { return true; });
    if (text.starts_with("re:")) {
        auto regex = Regex::compile(value("re:"), "i");
        if (!regex) return fail(regex.error());
        auto scratch = std::make_shared<RegexScratch>();
        return Selector([regex = *regex, scratch](const RuleLine& rule) {
            RegexMatch match;
            return regex->search(as_bytes(rule.text), 0, *scratch, match);
        });
    }
    if (text.starts_with("group:"))
        return Selector([pattern = without_extension(value("group:"))](const RuleLine& rule) {
            return glob_matches(pattern, without_extension(rule.file));
        });
    if (text.starts_with("filename:"))
        return Selector([pattern = value("filename:")](const RuleLine& rule) {
            return glob_matches(pattern, rule.file) || glob_matches(pattern, "/" + rule.file);
        });
    if (text.starts_with("metadata:"))
        return Selector([wanted = value("metadata:")](const RuleLine& rule) { return has_metadata(rule, wanted); });
    return by_ids(text);
}

Status RuleEdits::add(EditKind kind, std::string_view text, const std::string& name) {
    std::size_t number = 0;
    for (const auto raw : split(text, '\n')) {
        ++number;
        const std::string place = name + ":" + std::to_string(number);
        std::string_view line = trim(raw);
        if (line.empty() || line.starts_with('#')) continue;
        Edit edit{kind, {}, {}, {}, place};
        if (kind == EditKind::modify) {
            auto words = shell_words(line);
            if (!words) return fail(ErrorCode::invalid, words.error().what, place);
            if (!words->empty() && words->front() == "modifysid") words->erase(words->begin());
            std::erase(*words, "|");
            if (words->size() != 3)
                return fail(ErrorCode::invalid, "wants three words: which rules, \"from\" and \"to\"", place);
            edit.pattern = (*words)[1];
            edit.replacement = (*words)[2];
            if (const auto tried = replace_all(edit.pattern, edit.replacement, ""); !tried)
                return fail(ErrorCode::invalid, tried.error().what, place);
            auto selects = selector((*words)[0]);
            if (!selects) return fail(ErrorCode::invalid, selects.error().what, place);
            edit.selects = std::move(*selects);
        } else {
            if (const auto comment = line.find(" #"); comment != std::string_view::npos && !line.starts_with("re:"))
                line = trim(line.substr(0, comment));
            auto selects = selector(line);
            if (!selects) return fail(ErrorCode::invalid, selects.error().what, place);
            edit.selects = std::move(*selects);
        }
        edits_.push_back(std::move(edit));
    }
    std::stable_sort(edits_.begin(), edits_.end(), [](const Edit& a, const Edit& b) { return a.kind < b.kind; });
    return {};
}

Status RuleEdits::apply(RuleLine& rule, EditCounts& counts) const {
    for (const Edit& edit : edits_) {
        if (!edit.selects(rule)) continue;
        switch (edit.kind) {
            case EditKind::disable:
                counts.disabled += rule.enabled;
                rule.enabled = false;
                break;
            case EditKind::enable:
                counts.enabled += !rule.enabled;
                rule.enabled = true;
                break;
            case EditKind::drop:
                // A rule that only keeps state must not block (flowbits:noalert).
                if (!rule.text.starts_with("alert") || rule.text.find("noalert") != std::string::npos) break;
                set_action(rule, "drop");
                ++counts.dropped;
                break;
            case EditKind::modify: {
                auto changed = replace_all(edit.pattern, edit.replacement, rule.text);
                if (!changed) return fail(ErrorCode::invalid, changed.error().what, edit.place);
                counts.modified += *changed != rule.text;
                rule.text = std::move(*changed);
                break;
            }
        }
    }
    return {};
}

std::size_t enable_required_by_flowbits(std::vector<RuleLine>& rules) {
    std::size_t woken = 0;
    for (bool more = true; more;) {
        more = false;
        std::set<std::string> asked;
        for (const RuleLine& rule : rules)
            if (rule.enabled)
                for (auto& name : flow_bits(rule.text, false)) asked.insert(std::move(name));
        for (RuleLine& rule : rules) {
            if (rule.enabled) continue;
            const auto sets = flow_bits(rule.text, true);
            if (std::none_of(sets.begin(), sets.end(), [&](const auto& name) { return asked.contains(name); })) continue;
            rule.enabled = more = true;
            ++woken;
        }
    }
    return woken;
}

}  // namespace sekisho::signature
