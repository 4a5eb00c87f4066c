// From rules/log-makers.yaml to a MakerTable. Unknown words are errors: a mistake must not make attacks silent.
#include <algorithm>

#include "foreign/maker_table.h"
#include "sekisho/base/file_text.h"
#include "sekisho/base/text.h"
#include "sekisho/config/yaml_reader.h"
#include "sekisho/foreign/makers.h"

namespace sekisho::foreign {

using config::YamlNode;

namespace {

constexpr std::size_t kTableMaxOctets = 1U << 20;
constexpr std::size_t kMakersMax = 64;

Status only_keys(const YamlNode& map, std::initializer_list<std::string_view> known) {
    if (!map.is_map()) return fail(ErrorCode::invalid, "keys and values are expected here", map.where());
    for (const auto& [key, value] : map.entries())
        if (std::find(known.begin(), known.end(), key) == known.end())
            return fail(ErrorCode::invalid, "'" + key + "' is not a word of the table of makers", value.where());
    return {};
}

/// Sets `out` from the child of that name; one that is not there leaves it.
Status take_text(const YamlNode& map, std::string_view key, std::string& out) {
    const YamlNode* node = map.find(key);
    if (node == nullptr) return {};
    auto text = node->as_text();
    if (!text) return fail(text.error());
    out = std::move(*text);
    return {};
}

Status take_texts(const YamlNode& map, std::string_view key, std::vector<std::string>& out) {
    const YamlNode* node = map.find(key);
    if (node == nullptr) return {};
    auto texts = node->as_texts();
    if (!texts) return fail(texts.error());
    out = std::move(*texts);
    return {};
}

Status take_conditions(const YamlNode& map, std::string_view key, std::vector<Condition>& out) {
    const YamlNode* node = map.find(key);
    if (node == nullptr) return {};
    if (!node->is_map()) return fail(ErrorCode::invalid, "'" + std::string(key) + "' names fields and their values", node->where());
    for (const auto& [field, values] : node->entries()) {
        auto patterns = values.as_texts();
        if (!patterns) return fail(patterns.error());
        out.push_back({field, std::move(*patterns)});
    }
    return {};
}

Status take_words_of(const YamlNode& map, std::string_view key, Words& out) {
    const YamlNode* node = map.find(key);
    if (node == nullptr) return {};
    if (!node->is_map()) return fail(ErrorCode::invalid, "'" + std::string(key) + "' names OURS: [THEIRS...]", node->where());
    for (const auto& [ours, theirs] : node->entries()) {
        auto words = theirs.as_texts();
        if (!words) return fail(words.error());
        for (const std::string& word : *words)
            if (!out.emplace(to_lower(word), ours).second) return fail(ErrorCode::invalid, "'" + word + "' stands there twice", theirs.where());
    }
    return {};
}

template <std::size_t N>
std::optional<std::size_t> index_of(const std::array<std::string_view, N>& names, std::string_view name) noexcept {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) return std::nullopt;
    return static_cast<std::size_t>(found - names.begin());
}

Status take_fields(const YamlNode& map, Maker& maker) {
    const YamlNode* node = map.find("fields");
    if (node == nullptr || !node->is_map()) return fail(ErrorCode::invalid, "'fields' is missing", map.where());
    for (const auto& [meaning, names] : node->entries()) {
        const auto index = index_of(kMeanings, meaning);
        if (!index) return fail(ErrorCode::invalid, "'" + meaning + "' is no known meaning of a field", names.where());
        auto texts = names.as_texts();
        if (!texts) return fail(texts.error());
        maker.fields[*index] = std::move(*texts);
    }
    if (maker.fields[static_cast<std::size_t>(Meaning::client)].empty())
        return fail(ErrorCode::invalid, "no field means 'client'", node->where());
    return {};
}

Status take_columns(const YamlNode& map, Maker& maker) {
    const YamlNode* node = map.find("columns");
    if (node == nullptr) return {};
    if (!node->is_map()) return fail(ErrorCode::invalid, "'columns' names kinds of lines and their columns", node->where());
    if (const YamlNode* key = map.find("key_column")) {
        const auto column = key->as_int(0, 63);
        if (!column) return fail(column.error());
        maker.columns.key_column = static_cast<std::size_t>(*column);
    }
    for (const auto& [kind, names] : node->entries()) {
        auto texts = names.as_texts();
        if (!texts) return fail(texts.error());
        for (std::string& name : *texts)
            if (name == "-") name.clear();
        maker.columns.kinds.push_back({kind == "*" ? std::string() : kind, std::move(*texts)});
    }
    return {};
}

Status take_records(const YamlNode& map, Maker& maker) {
    const YamlNode* list = map.find("records");
    if (list == nullptr || !list->is_list() || list->items().empty()) return fail(ErrorCode::invalid, "'records' is missing", map.where());
    for (const YamlNode& item : list->items()) {
        if (auto keys = only_keys(item, {"when", "kind", "classtype"}); !keys) return keys;
        RecordRule rule;
        std::string kind;
        if (auto done = take_conditions(item, "when", rule.when); !done) return done;
        if (auto done = take_text(item, "kind", kind); !done) return done;
        if (auto done = take_text(item, "classtype", rule.classtype); !done) return done;
        const auto index = index_of(kRecordKinds, kind);
        if (!index) return fail(ErrorCode::invalid, "'" + kind + "' is no kind of record: alert, url, http, flow or ignore", item.where());
        rule.kind = static_cast<RecordKind>(*index);
        maker.records.push_back(std::move(rule));
    }
    return {};
}

Status take_maker(const YamlNode& item, MakerTable& table) {
    if (auto keys = only_keys(item, {"name", "title", "generator", "shape", "signs", "key_column", "columns", "fields", "blocked",
                                     "fetched", "swapped", "categories", "classtypes", "severities", "records"});
        !keys)
        return keys;
    Maker maker;
    std::string shape;
    for (const auto& [key, out] : {std::pair{"name", &maker.name}, std::pair{"title", &maker.title}, std::pair{"shape", &shape}})
        if (auto done = take_text(item, key, *out); !done) return done;
    if (maker.name.empty() || maker.title.empty()) return fail(ErrorCode::invalid, "a maker has a 'name' and a 'title'", item.where());
    const auto take = find_shape(shape);
    if (!take) return fail(ErrorCode::invalid, "'" + shape + "' is no shape; there are: " + shape_names(), item.where());
    maker.take = *take;
    const YamlNode* generator = item.find("generator");
    if (generator == nullptr) return fail(ErrorCode::invalid, "'generator' is missing", item.where());
    const auto number = generator->as_int(9100, 9199);
    if (!number) return fail(number.error());
    maker.generator = static_cast<std::uint32_t>(*number);
    for (const auto& other : table.makers)
        if (other.name == maker.name || other.generator == maker.generator)
            return fail(ErrorCode::invalid, "another maker has this name or generator", item.where());
    if (auto done = take_texts(item, "signs", maker.signs); !done) return done;
    if (maker.signs.empty()) return fail(ErrorCode::invalid, "'signs' is missing: how a line of this maker is known", item.where());
    if (auto done = take_texts(item, "blocked", maker.blocked); !done) return done;
    for (const auto& [key, out] : {std::pair{"fetched", &maker.fetched}, std::pair{"swapped", &maker.swapped}})
        if (auto done = take_conditions(item, key, *out); !done) return done;
    for (const auto& [key, out] :
         {std::pair{"categories", &maker.categories}, std::pair{"classtypes", &maker.classtypes}, std::pair{"severities", &maker.severities}})
        if (auto done = take_words_of(item, key, *out); !done) return done;
    for (const auto step : {take_columns, take_fields, take_records})
        if (auto done = step(item, maker); !done) return done;
    table.makers.push_back(std::move(maker));
    return {};
}

}  // namespace

bool matches(std::string_view pattern, std::string_view text) noexcept {
    const bool open_start = pattern.starts_with('*');
    if (open_start) pattern.remove_prefix(1);
    const bool open_end = pattern.ends_with('*');
    if (open_end) pattern.remove_suffix(1);
    if (text.size() < pattern.size()) return false;
    if (!open_start && !open_end) return equals_nocase(pattern, text);
    if (!open_start) return starts_with_nocase(text, pattern);
    if (!open_end) return equals_nocase(text.substr(text.size() - pattern.size()), pattern);
    for (std::size_t i = 0; i + pattern.size() <= text.size(); ++i)
        if (starts_with_nocase(text.substr(i), pattern)) return true;
    return false;
}

Result<Makers> Makers::parse(const std::string& text, const std::string& name) {
    const auto root = config::parse_yaml(text, name);
    if (!root) return fail(root.error());
    if (auto keys = only_keys(*root, {"version", "makers"}); !keys) return fail(keys.error());
    if (const YamlNode* version = root->find("version"); version == nullptr || version->scalar() != "1")
        return fail(ErrorCode::invalid, "'version' must be 1", root->where());
    const YamlNode* list = root->find("makers");
    if (list == nullptr || !list->is_list() || list->items().empty() || list->items().size() > kMakersMax)
        return fail(ErrorCode::invalid, "'makers' must list 1 to 64 makers", root->where());
    auto table = std::make_unique<MakerTable>();
    for (const YamlNode& item : list->items())
        if (auto done = take_maker(item, *table); !done) return fail(done.error());
    return Makers(std::move(table));
}

Result<Makers> Makers::load(const std::string& path) {
    const auto text = read_file(path, kTableMaxOctets);
    if (!text) return fail(text.error());
    return parse(*text, path);
}

Makers::Makers(std::unique_ptr<MakerTable> table) noexcept : table_(std::move(table)) {}
Makers::Makers(Makers&&) noexcept = default;
Makers& Makers::operator=(Makers&&) noexcept = default;
Makers::~Makers() = default;

std::vector<std::string> Makers::names() const {
    std::vector<std::string> all;
    for (const Maker& maker : table_->makers) all.push_back(maker.name);
    return all;
}

std::optional<std::size_t> Makers::find(std::string_view name) const noexcept {
    for (std::size_t i = 0; i < table_->makers.size(); ++i)
        if (table_->makers[i].name == name) return i;
    return std::nullopt;
}

}  // namespace sekisho::foreign
