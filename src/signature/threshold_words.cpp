#include "signature/threshold_words.h"

#include <algorithm>

#include "sekisho/base/text.h"
#include "signature/address_set.h"
#include "signature/number.h"

namespace sekisho::signature {
namespace {

tl::unexpected<Error> wrong(std::string what) { return fail(ErrorCode::invalid, std::move(what)); }

template <class T>
struct Named {
    std::string_view word;
    T value;
};

constexpr Named<Threshold::Type> kTypes[] = {
    {"limit", Threshold::Type::limit}, {"threshold", Threshold::Type::threshold}, {"both", Threshold::Type::both},
    {"backoff", Threshold::Type::backoff}};

constexpr Named<Threshold::Unique> kUniques[] = {{"src_port", Threshold::Unique::source_port},
                                                 {"dst_port", Threshold::Unique::destination_port}};

constexpr Named<Threshold::Track> kTracks[] = {
    {"by_src", Threshold::Track::by_src},   {"by_dst", Threshold::Track::by_dst},
    {"by_both", Threshold::Track::by_both}, {"by_rule", Threshold::Track::by_rule},
    {"by_flow", Threshold::Track::by_flow}, {"by_either", Threshold::Track::either},
};

constexpr Named<Action> kNewActions[] = {{"alert", Action::alert}, {"drop", Action::drop}, {"pass", Action::pass},
                                         {"reject", Action::reject}};

template <class T, std::size_t N>
Status choose(const Named<T> (&table)[N], std::string_view word, std::optional<T>& target) {
    for (const auto& known : table) {
        if (known.word != word) continue;
        target = known.value;
        return {};
    }
    std::string names;
    for (const auto& known : table) names += (names.empty() ? "" : ", ") + std::string(known.word);
    return wrong("'" + std::string(word) + "' is not one of " + names);
}

Status number(std::string_view text, std::int64_t min, std::optional<std::uint32_t>& target) {
    const auto value = parse_number(text, min, 0xffffffff);
    if (!value) return fail(value.error());
    target = static_cast<std::uint32_t>(*value);
    return {};
}

bool contains_word(std::string_view words, std::string_view word) {
    const auto all = split(words, ' ');
    return std::find(all.begin(), all.end(), word) != all.end();
}

// A list of addresses has commas of its own: cut only outside brackets.
std::vector<std::string_view> cut_pairs(std::string_view text) {
    std::vector<std::string_view> pairs;
    int depth = 0;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        depth += text[i] == '[' ? 1 : text[i] == ']' ? -1 : 0;
        if (text[i] != ',' || depth > 0) continue;
        pairs.push_back(trim(text.substr(begin, i - begin)));
        begin = i + 1;
    }
    pairs.push_back(trim(text.substr(begin)));
    return pairs;
}

}  // namespace

Status ThresholdWords::read(std::string_view text, std::string_view allowed) {
    std::vector<std::string_view> seen;
    for (const auto pair : cut_pairs(text)) {
        const auto blank = pair.find_first_of(" \t");
        const auto name = pair.substr(0, blank);
        const auto argument = blank == std::string_view::npos ? std::string_view{} : trim(pair.substr(blank));
        if (name.empty() || !contains_word(allowed, name))
            return wrong("unknown word '" + std::string(name) + "' (known: " + std::string(allowed) + ")");
        if (std::find(seen.begin(), seen.end(), name) != seen.end())
            return wrong("'" + std::string(name) + "' is given twice");
        seen.push_back(name);
        Status good;
        if (name == "type") good = choose(kTypes, argument, type);
        if (name == "track") good = choose(kTracks, argument, track);
        if (name == "new_action") good = choose(kNewActions, argument, new_action);
        if (name == "count") good = number(argument, 1, count);
        if (name == "seconds") good = number(argument, 1, seconds);
        if (name == "multiplier") good = number(argument, 2, multiplier);
        if (name == "unique_on") good = choose(kUniques, argument, unique);
        if (name == "timeout") good = number(argument, 0, timeout);
        if (name == "gen_id") good = number(argument, 0, gid);
        if (name == "sig_id") good = number(argument, 0, sid);
        if (name == "ip") ip = argument;
        if (!good) return wrong(std::string(name) + ": " + good.error().what);
    }
    return {};
}

Threshold ThresholdWords::value() const {
    Threshold threshold;
    threshold.type = type.value_or(threshold.type);
    threshold.track = track.value_or(threshold.track);
    threshold.count = count.value_or(threshold.count);
    threshold.seconds = seconds.value_or(threshold.seconds);
    threshold.multiplier = multiplier.value_or(threshold.multiplier);
    threshold.unique = unique.value_or(threshold.unique);
    threshold.timeout = timeout.value_or(threshold.timeout);
    threshold.new_action = new_action.value_or(threshold.new_action);
    return threshold;
}

}  // namespace sekisho::signature
