// threshold.config (Suricata user guide, "Global-Thresholds"): event_filter / threshold, rate_filter and suppress
// lines, put onto the rules that they name. gen_id 0 and sig_id 0 mean all.
#include <unordered_map>

#include "sekisho/base/text.h"
#include "sekisho/signature/parser.h"
#include "signature/address_set.h"
#include "signature/threshold_words.h"

namespace sekisho::signature {
namespace {

struct Line {
    std::string_view kind;
    ThresholdWords words;
    Threshold threshold;
};

tl::unexpected<Error> wrong(std::string what) { return fail(ErrorCode::invalid, std::move(what)); }

Status read_filter(Line& line, std::string_view rest) {
    if (auto good = line.words.read(rest, "gen_id sig_id type track count seconds"); !good) return good;
    if (!line.words.type || !line.words.track || !line.words.count || !line.words.seconds)
        return wrong("type, track, count and seconds must all be given");
    line.threshold = line.words.value();
    return {};
}

Status read_rate(Line& line, std::string_view rest) {
    if (auto good = line.words.read(rest, "gen_id sig_id track count seconds new_action timeout"); !good) return good;
    if (!line.words.track || !line.words.count || !line.words.seconds || !line.words.new_action || !line.words.timeout)
        return wrong("track, count, seconds, new_action and timeout must all be given");
    line.words.type = Threshold::Type::rate_filter;
    line.threshold = line.words.value();
    return {};
}

Status read_suppress(Line& line, std::string_view rest, const Variables& variables) {
    if (auto good = line.words.read(rest, "gen_id sig_id track ip"); !good) return good;
    if (line.words.track.has_value() == line.words.ip.empty()) return wrong("track and ip go together");
    const auto track = line.words.track.value_or(Threshold::Track::either);
    if (track != Threshold::Track::by_src && track != Threshold::Track::by_dst && track != Threshold::Track::either)
        return wrong("suppress tracks by_src, by_dst or by_either");
    line.words.type = Threshold::Type::suppress;
    line.threshold = line.words.value();
    line.threshold.track = track;
    if (line.words.ip.empty()) return {};
    auto addresses = parse_addresses(line.words.ip, variables);
    if (!addresses) return fail(addresses.error());
    line.threshold.addresses = std::move(*addresses);
    return {};
}

Status read_line(std::string_view text, const Variables& variables, Line& line) {
    const auto blank = text.find_first_of(" \t");
    line.kind = text.substr(0, blank);
    const auto rest = blank == std::string_view::npos ? std::string_view{} : trim(text.substr(blank));
    Status read = wrong("unknown word '" + std::string(line.kind) + "' (event_filter, threshold, rate_filter, suppress)");
    if (line.kind == "event_filter" || line.kind == "threshold") read = read_filter(line, rest);
    if (line.kind == "rate_filter") read = read_rate(line, rest);
    if (line.kind == "suppress") read = read_suppress(line, rest, variables);
    if (!read) return read;
    if (!line.words.gid || !line.words.sid) return wrong("gen_id and sig_id must be given (0: all)");
    if (*line.words.gid == 0 && *line.words.sid != 0) return wrong("gen_id 0 (all) goes only with sig_id 0");
    return {};
}

// A rule's own threshold gives way to one from the file; suppress and rate_filter come on top.
void put_on(Rule& rule, const Threshold& threshold) {
    const bool filter = threshold.type != Threshold::Type::suppress && threshold.type != Threshold::Type::rate_filter;
    if (filter)
        std::erase_if(rule.thresholds, [](const Threshold& old) {
            return old.type == Threshold::Type::limit || old.type == Threshold::Type::threshold ||
                   old.type == Threshold::Type::both;
        });
    rule.thresholds.push_back(threshold);
}

using Index = std::unordered_multimap<std::uint64_t, Rule*>;

std::uint64_t key_of(std::uint32_t gid, std::uint32_t sid) { return static_cast<std::uint64_t>(gid) << 32 | sid; }

// Lines that name one rule win over lines that name all, as in Suricata: those do not touch its filter.
bool has_own_filter(const Rule& rule) {
    for (const auto& old : rule.thresholds)
        if (old.type != Threshold::Type::suppress && old.type != Threshold::Type::rate_filter) return true;
    return false;
}

std::size_t apply_line(const Line& line, std::vector<Rule>& rules, const Index& index) {
    std::size_t touched = 0;
    if (*line.words.sid != 0) {
        const auto [begin, end] = index.equal_range(key_of(*line.words.gid, *line.words.sid));
        for (auto found = begin; found != end; ++found, ++touched) put_on(*found->second, line.threshold);
        return touched;
    }
    const bool filter = line.threshold.type != Threshold::Type::suppress;
    for (Rule& rule : rules) {
        if (*line.words.gid != 0 && rule.gid != *line.words.gid) continue;
        ++touched;
        if (!(filter && has_own_filter(rule))) put_on(rule, line.threshold);
    }
    return touched;
}

}  // namespace

std::vector<RuleError> apply_threshold_file(std::string_view text, const std::string& name, std::vector<Rule>& rules,
                                            const ParseContext& context) {
    std::vector<RuleError> errors;
    Index index;
    for (Rule& rule : rules) index.emplace(key_of(rule.gid, rule.sid), &rule);
    std::uint32_t number = 0;
    std::string joined;
    std::uint32_t first = 0;
    for (const auto raw : split(text, '\n')) {
        ++number;
        auto piece = trim(raw);
        if (joined.empty()) {
            if (piece.empty() || piece.front() == '#') continue;
            first = number;
        }
        const bool goes_on = piece.ends_with('\\');
        if (goes_on) piece.remove_suffix(1);
        if (joined.size() <= KiB(64)) joined.append(piece);
        if (goes_on) continue;
        Line line;
        const auto read = read_line(joined, context.variables, line);
        const std::uint32_t sid = line.words.sid.value_or(0);
        if (!read)
            errors.push_back({{name, first, 1}, sid, read.error().what, joined.substr(0, 100)});
        else if (apply_line(line, rules, index) == 0)
            errors.push_back({{name, first, 1}, sid, "no rule has this gen_id and sig_id", joined.substr(0, 100)});
        joined.clear();
    }
    return errors;
}

}  // namespace sekisho::signature
