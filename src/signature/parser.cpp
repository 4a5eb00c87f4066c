// Rules files: lines, rules over several lines, comments, rules that are switched off, and rules that occur twice.
#include "sekisho/signature/parser.h"

#include <algorithm>
#include <unordered_map>

#include "sekisho/base/hash.h"
#include "sekisho/base/text.h"
#include "sekisho/signature/dataset.h"
#include "signature/header.h"
#include "signature/keywords/keyword.h"
#include "signature/rule_builder.h"
#include "signature/rule_text.h"

namespace sekisho::signature {
namespace {

constexpr std::size_t kRuleTextMax = KiB(64);     // of one rule with all its lines
constexpr std::size_t kExcerptBefore = 40;        // octets shown before the column
constexpr std::size_t kExcerptAfter = 60;

struct ParsedRule {
    Rule rule;
    std::vector<std::string> warnings;
    bool skipped = false;
};

std::string excerpt_of(std::string_view text, std::uint32_t column) {
    const std::size_t at = column == 0 ? 0 : std::min<std::size_t>(column - 1, text.size());
    const std::size_t begin = at > kExcerptBefore ? at - kExcerptBefore : 0;
    return std::string(text.substr(begin, at - begin + kExcerptAfter));
}

// The sid of a rule that could not be read, so that the message can still name it.
std::uint32_t guess_sid(std::string_view text) {
    const auto at = text.rfind("sid:");
    if (at == std::string_view::npos) return 0;
    const auto value = trim(text.substr(at + 4, text.find(';', at) == std::string_view::npos ? 12 : text.find(';', at) - at - 4));
    return static_cast<std::uint32_t>(parse_int(value, 1, 0xffffffff).value_or(0));
}

Status apply_option(RuleBuilder& builder, const Option& option) {
    const Keyword* keyword = find_keyword(option.name);
    if (!keyword) {
        const auto missing = missing_for(option.name);
        if (missing.empty()) return fail(ErrorCode::invalid, "unknown keyword '" + option.name + "'");
        return fail(ErrorCode::invalid, "keyword '" + option.name + "' is not supported yet: it needs " + std::string(missing));
    }
    auto done = apply_keyword(builder, *keyword, option.value);
    if (!done) return fail(done.error().code, option.name + ": " + done.error().what);
    return {};
}

/// Rules that are read together know each other's datasets by name.
ParseContext with_datasets(ParseContext context) {
    if (!context.datasets) context.datasets = std::make_shared<Datasets>();
    return context;
}

/// Whether a `requires` leaves the rule out. It counts before all else: what it guards may be words of a later language.
tl::expected<bool, TextError> asks_too_much(const std::vector<Option>& options, const ParseContext& context) {
    Rule scratch;
    RuleBuilder builder(scratch, context);
    for (const Option& option : options) {
        if (option.name != "requires") continue;
        if (auto done = apply_option(builder, option); !done)
            return tl::unexpected(TextError{done.error().what, option.column});
    }
    return builder.skipped();
}

tl::expected<ParsedRule, TextError> parse_text(std::string_view text, const ParseContext& context) {
    if (text.size() > kRuleTextMax)
        return tl::unexpected(TextError{"the rule is longer than " + std::to_string(kRuleTextMax) + " octets", 1});
    auto cut = cut_rule(text);
    if (!cut) return tl::unexpected(cut.error());
    auto left_out = asks_too_much(cut->options, context);
    if (!left_out) return tl::unexpected(left_out.error());
    if (*left_out) {
        ParsedRule parsed;
        parsed.skipped = true;
        return parsed;
    }
    auto header = parse_header(cut->header, context.variables);
    if (!header) return tl::unexpected(header.error());

    ParsedRule parsed;
    parsed.rule.text = text;
    parsed.rule.header = std::move(*header);
    parsed.rule.noalert = cut->header[kActionWord].text == "config";
    parsed.rule.options = std::move(cut->options);
    RuleBuilder builder(parsed.rule, context);
    for (const Option& option : parsed.rule.options) {
        if (auto done = apply_option(builder, option); !done)
            return tl::unexpected(TextError{done.error().what, option.column});
    }
    if (auto whole = builder.finish(); !whole) return tl::unexpected(TextError{whole.error().what, 1});
    parsed.warnings = builder.take_warnings();
    return parsed;
}

// A comment that holds a rule which somebody switched off.
bool looks_like_rule(std::string_view comment) {
    comment.remove_prefix(std::min(comment.find_first_not_of("# \t"), comment.size()));
    constexpr std::string_view actions[] = {"alert ", "drop ", "pass ", "reject ", "rejectsrc ", "rejectdst ", "rejectboth "};
    const bool begins = std::any_of(std::begin(actions), std::end(actions), [&](std::string_view a) { return comment.starts_with(a); });
    return begins && comment.find('(') != std::string_view::npos && trim(comment).ends_with(')');
}

/// Reads line after line and keeps what it finds in a report.
class FileReader {
  public:
    FileReader(const std::string& name, const ParseContext& context) : name_(name), context_(with_datasets(context)) {}

    ParseReport read(std::string_view text) {
        std::uint32_t number = 0;
        for (std::size_t begin = 0; begin < text.size();) {
            const std::size_t end = std::min(text.find('\n', begin), text.size());
            take_line(text.substr(begin, end - begin), ++number);
            begin = end + 1;
        }
        flush();
        return std::move(report_);
    }

  private:
    void take_line(std::string_view line, std::uint32_t number) {
        if (line.ends_with('\r')) line.remove_suffix(1);
        const auto content = trim(line);
        if (joined_.empty()) {
            if (content.empty()) return;
            if (content.front() == '#') {
                report_.disabled += looks_like_rule(content);
                return;
            }
            first_line_ = number;
        }
        const bool goes_on = content.ends_with('\\');
        if (goes_on) line = line.substr(0, line.rfind('\\'));
        // A rule that never ends must not eat memory: what is beyond the limit is refused as a whole anyway.
        if (joined_.size() <= kRuleTextMax) joined_.append(line);
        if (!goes_on) flush();
    }

    void flush() {
        if (!trim(joined_).empty()) take_rule(joined_);
        joined_.clear();
    }

    void take_rule(std::string_view text) {
        const Place place{name_, first_line_, 0};
        auto parsed = parse_text(text, context_);
        if (!parsed) {
            report_.errors.push_back({{name_, first_line_, parsed.error().column}, guess_sid(text), parsed.error().what,
                                      excerpt_of(text, parsed.error().column)});
            return;
        }
        if (parsed->skipped) return;
        Rule& rule = parsed->rule;
        rule.place = place;
        for (auto& warning : parsed->warnings) note(report_.warnings, rule, std::move(warning));
        keep(std::move(rule));
    }

    // Of rules with one gid and sid the highest revision counts.
    void keep(Rule&& rule) {
        const std::uint64_t key = static_cast<std::uint64_t>(rule.gid) << 32 | rule.sid;
        const auto [known, fresh] = by_id_.try_emplace(key, report_.rules.size());
        if (fresh) {
            report_.rules.push_back(std::move(rule));
            return;
        }
        Rule& older = report_.rules[known->second];
        const std::string elsewhere = " (line " + std::to_string(older.place.line) + ", rev " + std::to_string(older.rev) + ")";
        if (rule.rev > older.rev) {
            note(report_.warnings, rule, "replaces the older revision of this sid" + elsewhere);
            older = std::move(rule);
        } else {
            note(report_.errors, rule, "this sid is taken by a rule of the same or a newer revision" + elsewhere);
        }
    }

    static void note(std::vector<RuleError>& list, const Rule& rule, std::string what) {
        list.push_back({rule.place, rule.sid, std::move(what), excerpt_of(rule.text, 0)});
    }

    const std::string& name_;
    ParseContext context_;
    ParseReport report_;
    std::unordered_map<std::uint64_t, std::size_t> by_id_;
    std::string joined_;
    std::uint32_t first_line_ = 0;
};

}  // namespace

std::string RuleError::message() const {
    std::string text = place.file + ":" + std::to_string(place.line);
    if (place.column != 0) text += ":" + std::to_string(place.column);
    text += ": ";
    if (sid != 0) text += "sid " + std::to_string(sid) + ": ";
    return text + what;
}

ParseReport parse_rules(std::string_view text, const std::string& name, const ParseContext& context) {
    return FileReader(name, context).read(text);
}

Result<Rule> parse_rule(std::string_view text, const ParseContext& context) {
    auto parsed = parse_text(trim(text), with_datasets(context));
    if (!parsed)
        return fail(ErrorCode::invalid, parsed.error().what, "column " + std::to_string(parsed.error().column));
    if (parsed->skipped) return fail(ErrorCode::invalid, "the rule requires a version or feature that is not here");
    parsed->rule.place = {"", 1, 0};
    return std::move(parsed->rule);
}

// Fixed seed: the number of a name must be the same in each process and after each reload.
std::uint32_t name_id(std::string_view name) noexcept {
    const std::uint64_t hash = hash_bytes(as_bytes(name), 0x5e515e515e515e51ULL);
    const auto folded = static_cast<std::uint32_t>(hash ^ hash >> 32);
    return folded == 0 ? 1 : folded;  // 0 means "no name"
}

}  // namespace sekisho::signature
