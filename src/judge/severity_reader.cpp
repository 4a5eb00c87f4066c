// From rules/severity.yaml to a SeverityTable. The file explains its own grammar at its head. Unknown keys
// and names are errors: a typing mistake must not quietly make an alert Low.
#include <algorithm>
#include <bitset>

#include "judge/limits.h"
#include "judge/severity_parts.h"
#include "sekisho/base/file_text.h"
#include "sekisho/base/text.h"
#include "sekisho/config/yaml_reader.h"

namespace sekisho::judge {

using config::YamlNode;

namespace {

Status only_keys(const YamlNode& map, std::initializer_list<std::string_view> known) {
    if (!map.is_map()) return fail(ErrorCode::invalid, "keys and values are expected here", map.where());
    for (const auto& [key, value] : map.entries())
        if (std::find(known.begin(), known.end(), key) == known.end())
            return fail(ErrorCode::invalid, "'" + key + "' is not a word of the severity table", value.where());
    return {};
}

Result<std::string> text_of(const YamlNode& map, std::string_view key) {
    const YamlNode* node = map.find(key);
    if (node == nullptr || node->is_null())
        return fail(ErrorCode::invalid, "'" + std::string(key) + "' is missing", map.where());
    return node->as_text();
}

Result<std::vector<std::string>> texts_of(const YamlNode& map, std::string_view key) {
    const YamlNode* node = map.find(key);
    if (node == nullptr || node->is_null()) return std::vector<std::string>{};
    return node->as_texts();
}

Result<event::BothTongues> tongues_of(const YamlNode& map, std::string_view key) {
    const YamlNode* node = map.find(key);
    if (node == nullptr) return fail(ErrorCode::invalid, "'" + std::string(key) + "' is missing", map.where());
    if (auto keys = only_keys(*node, {"ja", "en"}); !keys) return fail(keys.error());
    auto ja = text_of(*node, "ja");
    if (!ja) return fail(ja.error());
    auto en = text_of(*node, "en");
    if (!en) return fail(en.error());
    return event::BothTongues{std::move(*ja), std::move(*en)};
}

/// The values a row names under `key`, as bits; all when it names none.
template <std::size_t N, class Parse>
Result<std::bitset<N>> choice(const YamlNode& row, std::string_view key, Parse parse) {
    const auto names = texts_of(row, key);
    if (!names) return fail(names.error());
    std::bitset<N> bits;
    if (names->empty()) return bits.set();
    for (const std::string& name : *names) {
        const auto value = parse(name);
        if (!value)
            return fail(ErrorCode::invalid, "'" + name + "' is no known " + std::string(key), row.find(key)->where());
        bits.set(static_cast<std::size_t>(*value));
    }
    return bits;
}

std::optional<Hint> parse_hint(std::string_view text) {
    constexpr std::pair<std::string_view, Hint> kHints[] = {
        {"ignore", Hint::ignore}, {"lower", Hint::lower}, {"raise", Hint::raise}, {"obey", Hint::obey}};
    for (const auto& [name, hint] : kHints)
        if (text == name) return hint;
    return std::nullopt;
}

std::optional<Cause> parse_cause(std::string_view text) {
    constexpr std::pair<std::string_view, Cause> kCauses[] = {
        {"class", Cause::cls}, {"signature", Cause::signature}, {"site", Cause::site}};
    for (const auto& [name, cause] : kCauses)
        if (text == name) return cause;
    return std::nullopt;
}

}  // namespace

class SeverityTableReader {
  public:
    Result<SeverityTable> read(const YamlNode& root) {
        if (auto keys = only_keys(root, {"version", "classes", "otherwise", "rows"}); !keys) return fail(keys.error());
        if (const YamlNode* version = root.find("version"); version == nullptr || version->scalar() != "1")
            return fail(ErrorCode::invalid, "'version' must be 1", root.where());
        for (const auto step : {&SeverityTableReader::read_classes, &SeverityTableReader::read_otherwise,
                                &SeverityTableReader::read_rows})
            if (auto done = (this->*step)(root); !done) return fail(done.error());
        return SeverityTable(std::move(parts_));
    }

  private:
    Status read_classes(const YamlNode& root) {
        const YamlNode* list = root.find("classes");
        if (list == nullptr || !list->is_list() || list->items().empty() || list->items().size() > kClassesMax)
            return fail(ErrorCode::invalid, "'classes' must list 1 to 256 classes", root.where());
        for (const YamlNode& item : list->items())
            if (auto done = read_class(item); !done) return done;
        return {};
    }

    Status read_class(const YamlNode& item) {
        if (auto keys = only_keys(item, {"name", "story", "count_only", "succeeded", "sids", "classtypes", "categories", "anomalies"});
            !keys)
            return keys;
        const auto id = static_cast<ClassId>(parts_->classes.size());
        ClassFacts facts;
        auto name = text_of(item, "name");
        if (!name) return fail(name.error());
        facts.name = *name;
        if (!parts_->by_name.emplace(*name, id).second)
            return fail(ErrorCode::invalid, "class '" + *name + "' stands here twice", item.where());
        if (const YamlNode* story = item.find("story")) {
            const auto cause = parse_cause(story->scalar());
            if (!cause) return fail(ErrorCode::invalid, "'story' is class, signature or site", story->where());
            facts.cause = *cause;
        }
        for (const auto& [key, flag] : {std::pair{"count_only", &facts.count_only}, {"succeeded", &facts.succeeds_by_name}}) {
            const YamlNode* node = item.find(key);
            if (node == nullptr) continue;
            const auto value = node->as_bool();
            if (!value) return fail(value.error());
            *flag = *value;
        }
        for (const auto& [key, names] : {std::pair{"classtypes", &parts_->by_classtype},
                                         {"categories", &parts_->by_category},
                                         {"anomalies", &parts_->by_anomaly}})
            if (auto done = add_names(item, key, *names, id); !done) return done;
        if (auto done = add_sids(item, id); !done) return done;
        parts_->classes.push_back(std::move(facts));
        return {};
    }

    Status add_sids(const YamlNode& item, ClassId id) {
        const auto texts = texts_of(item, "sids");
        if (!texts) return fail(texts.error());
        for (const std::string& text : *texts) {
            const auto sid = parse_int(text, 1, 0xffffffffLL);
            if (!sid) return fail(ErrorCode::invalid, "'" + text + "' is no rule number", item.find("sids")->where());
            if (!parts_->by_sid.emplace(static_cast<std::uint32_t>(*sid), id).second)
                return fail(ErrorCode::invalid, "rule " + text + " is in two classes", item.find("sids")->where());
        }
        return {};
    }

    static Status add_names(const YamlNode& item, std::string_view key, ClassByName& names, ClassId id) {
        const auto texts = texts_of(item, key);
        if (!texts) return fail(texts.error());
        for (const std::string& text : *texts)
            if (!names.emplace(text, id).second)
                return fail(ErrorCode::invalid, "'" + text + "' belongs to two classes", item.find(key)->where());
        return {};
    }

    Result<ClassId> class_named(const std::string& name, const std::string& where) const {
        const auto found = parts_->by_name.find(name);
        if (found == parts_->by_name.end()) return fail(ErrorCode::invalid, "'" + name + "' is no class of this table", where);
        return found->second;
    }

    Status read_otherwise(const YamlNode& root) {
        const YamlNode* node = root.find("otherwise");
        if (node == nullptr) return fail(ErrorCode::invalid, "'otherwise' is missing", root.where());
        if (auto keys = only_keys(*node, {"classtype", "category", "anomaly"}); !keys) return keys;
        for (const auto& [key, slot] : {std::pair{"classtype", &parts_->other_classtype},
                                        {"category", &parts_->other_category},
                                        {"anomaly", &parts_->other_anomaly}}) {
            const auto name = text_of(*node, key);
            if (!name) return fail(name.error());
            const auto id = class_named(*name, node->where());
            if (!id) return fail(id.error());
            *slot = *id;
        }
        return {};
    }

    Status read_rows(const YamlNode& root) {
        const YamlNode* list = root.find("rows");
        if (list == nullptr || !list->is_list() || list->items().empty() || list->items().size() > kRowsMax)
            return fail(ErrorCode::invalid, "'rows' must list 1 to 1024 rows", root.where());
        parts_->candidates.resize(parts_->classes.size() * kBearings * kOutcomes);
        for (const YamlNode& item : list->items())
            if (auto done = read_row(item); !done) return done;
        // Each combination must end in a row that asks for no recurrence.
        for (const auto& rows : parts_->candidates)
            if (rows.empty() || parts_->rows[rows.back()].conditional())
                return fail(ErrorCode::invalid, "the last row must fit everything: no class, direction, outcome, at_least, days_at_least, host",
                            list->items().back().where());
        return {};
    }

    Status read_row(const YamlNode& item) {
        if (auto keys = only_keys(item, {"class", "direction", "outcome", "at_least", "days_at_least", "host", "severity", "hint", "because"}); !keys)
            return keys;
        Row row;
        const auto classes = choice<kClassesMax>(item, "class", [this](const std::string& name) -> std::optional<ClassId> {
            const auto found = parts_->by_name.find(name);
            return found == parts_->by_name.end() ? std::nullopt : std::optional(found->second);
        });
        if (!classes) return fail(classes.error());
        const auto bearings = choice<kBearings>(item, "direction", [](const auto& n) { return event::parse_bearing(n); });
        if (!bearings) return fail(bearings.error());
        const auto outcomes = choice<kOutcomes>(item, "outcome", [](const auto& n) { return event::parse_outcome(n); });
        if (!outcomes) return fail(outcomes.error());
        if (const YamlNode* at_least = item.find("at_least")) {
            const auto value = at_least->as_int(1, 1'000'000'000);
            if (!value) return fail(value.error());
            row.at_least = static_cast<std::uint64_t>(*value);
        }
        if (const YamlNode* days = item.find("days_at_least")) {
            const auto value = days->as_int(1, 10'000);
            if (!value) return fail(value.error());
            row.days = static_cast<std::uint32_t>(*value);
        }
        if (const YamlNode* host = item.find("host")) {
            if (host->scalar() != "unsupported") return fail(ErrorCode::invalid, "'host' can only be unsupported", host->where());
            row.unsupported = true;
        }
        const auto severity = text_of(item, "severity");
        if (!severity) return fail(severity.error());
        const auto level = event::parse_severity(*severity);
        if (!level) return fail(ErrorCode::invalid, "'severity' is high, medium or low", item.where());
        row.severity = *level;
        if (const YamlNode* node = item.find("hint")) {
            const auto hint = parse_hint(node->scalar());
            if (!hint) return fail(ErrorCode::invalid, "'hint' is ignore, lower, raise or obey", node->where());
            row.hint = *hint;
        }
        auto because = tongues_of(item, "because");
        if (!because) return fail(because.error());
        row.because = std::move(*because);
        enter(std::move(row), *classes, *bearings, *outcomes);
        return {};
    }

    void enter(Row row, const std::bitset<kClassesMax>& classes, const std::bitset<kBearings>& bearings,
               const std::bitset<kOutcomes>& outcomes) {
        const auto index = static_cast<std::uint32_t>(parts_->rows.size());
        parts_->rows.push_back(std::move(row));
        for (std::size_t c = 0; c < parts_->classes.size(); ++c)
            for (std::size_t b = 0; b < kBearings; ++b)
                for (std::size_t o = 0; o < kOutcomes; ++o)
                    if (classes[c] && bearings[b] && outcomes[o])
                        parts_->candidates[SeverityTable::Parts::cell(static_cast<ClassId>(c), static_cast<event::Bearing>(b),
                                                                      static_cast<event::Outcome>(o))]
                            .push_back(index);
    }

    std::unique_ptr<SeverityTable::Parts> parts_ = std::make_unique<SeverityTable::Parts>();
};

Result<SeverityTable> SeverityTable::parse(const std::string& text, const std::string& name) {
    const auto root = config::parse_yaml(text, name);
    if (!root) return fail(root.error());
    return SeverityTableReader().read(*root);
}

Result<SeverityTable> SeverityTable::load(const std::string& path) {
    const auto text = read_file(path, config::kYamlFileMaxBytes);
    if (!text) return fail(text.error());
    return parse(*text, path);
}

}  // namespace sekisho::judge
