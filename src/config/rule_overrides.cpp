#include "sekisho/config/rule_overrides.h"

#include <algorithm>
#include <array>
#include <limits>

#include "sekisho/base/file_text.h"
#include "sekisho/base/text.h"

namespace sekisho::config {
namespace {

constexpr std::array<std::string_view, 4> kWords{"enable", "disable", "drop", "alert"};

struct Line {
    std::string_view word;
    std::string_view sid;
};

/// "word sid", blanks between and around, a comment behind.
Line cut(std::string_view line) {
    line = trim(line.substr(0, line.find('#')));
    const auto blank = line.find_first_of(" \t");
    if (blank == std::string_view::npos) return {line, {}};
    return {line.substr(0, blank), trim(line.substr(blank))};
}

}  // namespace

std::string_view to_word(Override what) noexcept { return kWords[static_cast<std::size_t>(what)]; }

std::optional<Override> override_from_word(std::string_view word) noexcept {
    const auto found = std::find(kWords.begin(), kWords.end(), word);
    if (found == kWords.end()) return {};
    return static_cast<Override>(found - kWords.begin());
}

OverridesRead parse_overrides(std::string_view text, const std::string& name) {
    OverridesRead read;
    std::size_t number = 0;
    for (const auto raw : split(text, '\n')) {
        ++number;
        const Line line = cut(raw);
        if (line.word.empty()) continue;
        const auto what = override_from_word(line.word);
        const auto sid = parse_int(line.sid, 1, std::numeric_limits<std::uint32_t>::max());
        if (what && sid)
            read.overrides[static_cast<std::uint32_t>(*sid)] = *what;
        else
            read.errors.push_back(
                {ErrorCode::invalid,
                 what ? "'" + std::string(line.sid.substr(0, 40)) + "' is not a rule id"
                      : "'" + std::string(line.word.substr(0, 40)) +
                            "' is none of enable, disable, drop, alert",
                 name + ":" + std::to_string(number)});
    }
    return read;
}

Result<OverridesRead> load_overrides(const std::string& path) {
    const auto text = read_file(path, kOverridesFileMaxBytes);
    if (!text && text.error().code == ErrorCode::not_found) return OverridesRead{};
    if (!text) return fail(text.error());
    return parse_overrides(*text, path);
}

std::string format_overrides(const RuleOverrides& overrides) {
    std::string text =
        "# What the admin decided about single rules: enable, disable, drop or alert, and the "
        "rule's id.\n";
    for (const auto& [sid, what] : overrides)
        text.append(to_word(what)).append(" ").append(std::to_string(sid)).append("\n");
    return text;
}

std::optional<std::uint32_t> rule_id_of(std::string_view line) noexcept {
    constexpr std::string_view option = "sid:";
    for (auto at = line.rfind(option); at != std::string_view::npos && at > 0;
         at = line.rfind(option, at - 1)) {
        // An option begins behind '(' or ';'. A message may say "sid:" too, but its semicolons are
        // escaped.
        const auto before = trim(line.substr(0, at));
        if (before.empty() || (before.back() != ';' && before.back() != '(') ||
            before.ends_with("\\;"))
            continue;
        const auto digits = line.substr(at + option.size());
        const auto sid = parse_int(trim(digits.substr(0, digits.find(';'))), 1,
                                   std::numeric_limits<std::uint32_t>::max());
        if (!sid) return {};
        return static_cast<std::uint32_t>(*sid);
    }
    return {};
}

std::string uncomment_overridden(std::string_view text, const RuleOverrides& overrides) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const auto size = std::min(text.find('\n'), text.size() - 1) + 1;
        std::string_view line = text.substr(0, size);
        text.remove_prefix(size);
        if (const auto mark = line.find_first_not_of(" \t");
            mark != std::string_view::npos && line[mark] == '#') {
            const auto sid = rule_id_of(line);
            const auto found = sid ? overrides.find(*sid) : overrides.end();
            if (found != overrides.end() && found->second != Override::disable)
                line.remove_prefix(std::min(line.find_first_not_of("# \t"), line.size() - 1));
        }
        out.append(line);
    }
    return out;
}

}  // namespace sekisho::config
