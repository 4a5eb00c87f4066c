// Keywords that describe the rule and change nothing about what it matches.
#include <algorithm>

#include "sekisho/base/text.h"
#include "signature/keywords/all.h"
#include "signature/number.h"
#include "signature/rule_text.h"

namespace sekisho::signature {
namespace {

constexpr std::int64_t kIdMax = 0xffffffff;
// Requirements are judged against the language version whose grammar is read here.
constexpr int kLanguageVersion[3] = {7, 0, 10};

Status set_number(std::uint32_t& target, const Use& use, std::int64_t min) {
    const auto value = parse_number(use.value, min, kIdMax);
    if (!value) return fail(value.error());
    target = static_cast<std::uint32_t>(*value);
    return {};
}

// "7.0.3" against ours: -1, 0, 1; missing parts count as 0.
Result<int> compare_version(std::string_view text) {
    const auto parts = split(text.substr(0, text.find('-')), '.');
    if (parts.size() > 3) return wrong("'" + std::string(text) + "' is not a version");
    for (std::size_t i = 0; i < 3; ++i) {
        const auto wanted = i < parts.size() ? parse_number(trim(parts[i]), 0, 1000) : Result<std::int64_t>(0);
        if (!wanted) return wrong("'" + std::string(text) + "' is not a version");
        if (kLanguageVersion[i] != *wanted) return kLanguageVersion[i] < *wanted ? -1 : 1;
    }
    return 0;
}

Result<bool> version_fits(std::string_view text) {
    constexpr std::string_view signs[] = {">=", "<=", ">", "<"};
    for (const auto sign : signs) {
        if (!text.starts_with(sign)) continue;
        const auto order = compare_version(trim(text.substr(sign.size())));
        if (!order) return fail(order.error());
        if (sign == ">=") return *order >= 0;
        if (sign == "<=") return *order <= 0;
        return sign == ">" ? *order > 0 : *order < 0;
    }
    return wrong("'" + std::string(text) + "': a version needs >=, <=, > or <");
}

// "version >= 7.0.3 < 8 | >= 8.0.3": alternatives, each of conditions that all hold.
Result<bool> versions_fit(std::string_view text) {
    bool any = false;
    for (const auto alternative : split(text, '|')) {
        bool all = true;
        std::string_view rest = trim(alternative);
        if (rest.empty()) return wrong("a version condition is missing");
        while (!rest.empty()) {
            const auto sign_end = rest.find_first_not_of("<>= ");
            const auto next = sign_end == std::string_view::npos ? sign_end : rest.find_first_of("<>", sign_end);
            const auto fits = version_fits(trim(rest.substr(0, next)));
            if (!fits) return fits;
            all = all && *fits;
            rest = next == std::string_view::npos ? std::string_view{} : rest.substr(next);
        }
        any = any || all;
    }
    return any;
}

}  // namespace

Status parse_msg(RuleBuilder& builder, const Use& use) {
    if (use.negated) return wrong("a text cannot be negated");
    if (!builder.rule().msg.empty()) return wrong("it is given twice");
    builder.rule().msg = unescape(use.value);
    return {};
}

Status parse_sid(RuleBuilder& builder, const Use& use) {
    if (builder.rule().sid != 0) return wrong("it is given twice");
    return set_number(builder.rule().sid, use, 1);
}
Status parse_gid(RuleBuilder& builder, const Use& use) { return set_number(builder.rule().gid, use, 0); }
Status parse_rev(RuleBuilder& builder, const Use& use) { return set_number(builder.rule().rev, use, 0); }

Status parse_classtype(RuleBuilder& builder, const Use& use) {
    const auto& configured = builder.context().classifications;
    const auto& known = configured.empty() ? default_classifications() : configured;
    const auto found = known.find(to_lower(use.value));
    builder.rule().classtype = use.value;
    if (found == known.end()) {
        builder.warn("classtype: '" + std::string(use.value) + "' is not in the classification table; priority 3 counts");
        return {};
    }
    // A priority keyword counts, wherever it stands.
    const auto& options = builder.rule().options;
    const bool own = std::any_of(options.begin(), options.end(), [](const Option& o) { return o.name == "priority"; });
    if (!own) builder.rule().priority = found->second.priority;
    return {};
}

Status parse_priority(RuleBuilder& builder, const Use& use) {
    const auto value = parse_number(use.value, 1, 255);
    if (!value) return fail(value.error());
    builder.rule().priority = static_cast<std::uint8_t>(*value);
    return {};
}

Status parse_reference(RuleBuilder& builder, const Use& use) {
    const auto comma = use.value.find(',');
    if (comma == std::string_view::npos || trim(use.value.substr(0, comma)).empty() ||
        trim(use.value.substr(comma + 1)).empty())
        return wrong("the form is 'type,place', for example url,example.com/advisory");
    builder.rule().references.push_back(std::string(trim(use.value.substr(0, comma))) + "," +
                                        std::string(trim(use.value.substr(comma + 1))));
    return {};
}

Status parse_metadata(RuleBuilder& builder, const Use& use) {
    for (const auto item : split(use.value, ',')) {
        const auto text = trim(item);
        if (text.empty()) continue;
        const auto blank = text.find_first_of(" \t");
        const auto value = blank == std::string_view::npos ? std::string_view{} : trim(text.substr(blank));
        builder.rule().metadata.emplace_back(text.substr(0, blank), value);
    }
    return {};
}

Status parse_target(RuleBuilder& builder, const Use& use) {
    if (use.value != "src_ip" && use.value != "dest_ip") return wrong("the argument is src_ip or dest_ip");
    builder.rule().metadata.emplace_back("target", use.value);
    return {};
}

Status parse_tag(RuleBuilder&, const Use& use) {
    const auto parts = split(use.value, ',');
    const auto scope = trim(parts[0]);
    if (scope != "session" && scope != "host") return wrong("the first word is session or host");
    if (parts.size() > 4) return wrong("the form is 'session|host,count,packets|bytes|seconds[,src|dst]'");
    if (parts.size() == 1) return {};
    const auto count = parse_number(trim(parts[1]), 1, kIdMax);
    if (!count) return fail(count.error());
    if (parts.size() < 3) return wrong("the count needs packets, bytes or seconds behind it");
    const auto unit = trim(parts[2]);
    if (unit != "packets" && unit != "bytes" && unit != "seconds") return wrong("the unit is packets, bytes or seconds");
    if (scope == "host") {
        const auto side = parts.size() == 4 ? trim(parts[3]) : std::string_view{};
        if (side != "src" && side != "dst") return wrong("tag:host needs src or dst at its end");
    }
    return {};
}

Status parse_noalert(RuleBuilder& builder, const Use&) {
    builder.rule().noalert = true;
    return {};
}

Status parse_alert(RuleBuilder& builder, const Use&) {
    builder.rule().noalert = false;
    builder.rule().tells_pass = true;
    return {};
}

Status parse_bypass(RuleBuilder& builder, const Use&) {
    builder.rule().bypass = true;
    return {};
}

// A hint to Suricata's choice of index; the compiler here chooses by itself.
Status parse_prefilter(RuleBuilder&, const Use&) { return {}; }

// logging disable, type tx|flow, scope packet|flow|tx: nothing of it changes what is detected.
Status parse_config(RuleBuilder&, const Use& use) {
    constexpr std::pair<std::string_view, std::string_view> kWords[] = {
        {"logging", "disable"}, {"type", "tx"}, {"type", "flow"}, {"scope", "packet"}, {"scope", "flow"}, {"scope", "tx"},
        {"tracking", "disable"}};
    for (const auto part : split(use.value, ',')) {
        const auto text = trim(part);
        const auto blank = text.find(' ');
        const std::pair<std::string_view, std::string_view> word{
            text.substr(0, blank), blank == std::string_view::npos ? std::string_view{} : trim(text.substr(blank))};
        if (std::find(std::begin(kWords), std::end(kWords), word) == std::end(kWords))
            return wrong("'" + std::string(text) + "' is not of the form 'logging disable, type tx, scope tx'");
    }
    return {};
}

Status parse_requires(RuleBuilder& builder, const Use& use) {
    for (const auto part : split(use.value, ',')) {
        const auto text = trim(part);
        const auto blank = text.find(' ');
        const auto key = text.substr(0, blank);
        const auto value = blank == std::string_view::npos ? std::string_view{} : trim(text.substr(blank));
        if (value.empty()) return wrong("'" + std::string(text) + "' has no value");
        if (key == "version") {
            const auto fits = versions_fit(value);
            if (!fits) return fail(fits.error());
            if (!*fits) builder.skip();
        } else if (key == "keyword") {
            if (!find_keyword(value)) builder.skip();
        } else {
            builder.skip();  // features and whatever a later language asks for are not here
        }
    }
    return {};
}

}  // namespace sekisho::signature
