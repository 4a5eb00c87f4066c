#include "config/reader.h"

#include <algorithm>
#include <set>

#include "config/words.h"
#include "sekisho/base/text.h"

namespace sekisho::config {
namespace {

constexpr std::size_t kShownMaxBytes = 80;

/// What stands there, in words: a quoted scalar or the kind of thing.
std::string shown_value(const YamlNode& node) {
    switch (node.kind()) {
        case YamlNode::Kind::null:
            return "has no value";
        case YamlNode::Kind::list:
            return "is a list";
        case YamlNode::Kind::map:
            return "is a group of settings";
        case YamlNode::Kind::scalar:
            break;
    }
    const std::string& text = node.scalar();
    return "is '" + (text.size() > kShownMaxBytes ? text.substr(0, kShownMaxBytes) + "..." : text) +
           "'";
}

/// A place in the settings: as the schema knows it, and as the admin does.
struct Place {
    std::string pattern;  // "fastpath.ports[]"
    std::string shown;    // "fastpath.ports[1]"
    std::size_t item = 0;

    Place child(const std::string& key) const {
        const std::string dot = pattern.empty() ? "" : ".";
        return {pattern + dot + key, shown + dot + key, item};
    }
};

/// The part of `path` after `prefix` when it is one more word, else nothing.
std::string_view child_word(std::string_view path, std::string_view prefix) noexcept {
    if (!prefix.empty()) {
        if (!path.starts_with(prefix) || path.size() <= prefix.size() || path[prefix.size()] != '.')
            return {};
        path.remove_prefix(prefix.size() + 1);
    }
    return path.find_first_of(".[") == std::string_view::npos ? path : std::string_view{};
}

std::vector<std::string_view> words_under(std::string_view pattern) {
    std::vector<std::string_view> words;
    const auto take = [&](std::string_view path) {
        if (const auto word = child_word(path, pattern); !word.empty()) words.push_back(word);
    };
    for (const Key& key : all_keys()) take(key.path);
    for (const Section& section : all_sections()) take(section.path);
    return words;
}

/// Edits (insert, remove, replace) between two short words (Wagner and Fischer 1974).
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t corner = row[0]++;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = corner + (a[i - 1] != b[j - 1]);
            corner = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
        }
    }
    return row[b.size()];
}

std::string unknown_key(const std::string& key, std::string_view pattern) {
    const auto words = words_under(pattern);
    std::string allowed;
    std::string_view nearest;
    std::size_t least = 3;  // further away is another word, not a slip
    for (const auto word : words) {
        allowed.append(allowed.empty() ? "" : ", ").append(word);
        if (key.size() > kShownMaxBytes) continue;
        if (const auto away = distance(key, word); away < least) {
            least = away;
            nearest = word;
        }
    }
    if (!nearest.empty()) return "is not a setting; did you mean '" + std::string(nearest) + "'?";
    return "is not a setting; allowed here: " + allowed;
}

class Reader {
  public:
    Reader(Settings& settings, Report& report) : settings_(settings), report_(report) {}

    void group(const YamlNode& node, const Place& place);
    void value(const Key& key, const YamlNode& node, const Place& place, std::uint32_t line);

  private:
    struct Into;
    void items(const Key& key, const YamlNode& node, const Place& place, const Items& items);
    void refuse(const Key& key, const YamlNode& node, const Place& place, std::uint32_t line) {
        report_.add(line, place.shown, shown_value(node) + "; allowed: " + allowed_values(key));
    }

    Settings& settings_;
    Report& report_;
};

/// Puts a node's value where a slot points; false when the node does not fit.
struct Reader::Into {
    Reader& reader;
    const Key& key;
    const YamlNode& node;
    const Place& place;

    bool operator()(bool* out) const {
        const auto read = node.as_bool();
        if (read) *out = *read;
        return read.has_value();
    }
    template <std::unsigned_integral Number>
    bool operator()(Number* out) const {
        const auto read = node.as_int(key.range.min, key.range.max);
        if (read) *out = static_cast<Number>(*read);
        return read.has_value();
    }
    bool operator()(std::string* out) const {
        if ((!node.is_scalar() && !node.is_null()) || !key.shape->fits(node.scalar())) return false;
        *out = node.scalar();
        return true;
    }
    template <class E>
    requires std::is_enum_v<E>
    bool operator()(E* out) const {
        const auto read = node.is_scalar() ? from_word<E>(node.scalar()) : std::nullopt;
        if (read) *out = *read;
        return read.has_value();
    }
    bool operator()(std::vector<std::string>* out) const {
        if (node.is_map()) return false;
        const auto texts = node.is_null() ? std::vector<std::string>{}
                                          : node.as_texts().value_or(std::vector<std::string>{""});
        const bool fits =
            count_fits(texts.size()) && std::all_of(texts.begin(), texts.end(), key.shape->fits);
        if (fits) *out = texts;
        return fits;
    }
    bool operator()(std::vector<unsigned>* out) const {
        if ((!node.is_list() && !node.is_null()) || !count_fits(node.items().size())) return false;
        std::vector<unsigned> numbers;
        for (const YamlNode& item : node.items()) {
            const auto number = item.as_int(key.range.min, key.range.max);
            if (!number) return false;
            numbers.push_back(static_cast<unsigned>(*number));
        }
        *out = std::move(numbers);
        return true;
    }
    bool operator()(std::map<std::string, std::string>* out) const {
        return entries(*out, kVariableName, [](const YamlNode& entry, std::string& value) {
            value = entry.scalar();
            return entry.is_scalar() && !value.empty() && kText.fits(value);
        });
    }
    template <class E>
    requires std::is_enum_v<E>
    bool operator()(std::map<std::string, E>* out) const {
        return entries(*out, kName, [](const YamlNode& entry, E& value) {
            const auto read = entry.is_scalar() ? from_word<E>(entry.scalar()) : std::nullopt;
            value = read.value_or(E{});
            return read.has_value();
        });
    }
    bool operator()(const Items& items) const {
        if ((!node.is_list() && !node.is_null()) || !count_fits(node.items().size())) return false;
        reader.items(key, node, place, items);
        return true;
    }

    bool count_fits(std::size_t count) const {
        return count >= static_cast<std::size_t>(key.range.min) &&
               count <= static_cast<std::size_t>(key.range.max);
    }

    /// NAME: VALUE lines; each wrong one is told by itself.
    template <class Value, class Read>
    bool entries(std::map<std::string, Value>& out, const Shape& name_shape, Read read) const {
        if ((!node.is_map() && !node.is_null()) || !count_fits(node.entries().size())) return false;
        std::map<std::string, Value> taken;
        for (const auto& [name, entry] : node.entries()) {
            const auto line = reader.report_.line_of_key(name, entry.line());
            const std::string shown = place.shown + "." + name;
            if (!name_shape.fits(name))
                reader.report_.add(line, shown,
                                   "is no name; allowed: " + std::string(name_shape.allowed));
            else if (Value value; !read(entry, value))
                reader.report_.add(line, shown,
                                   shown_value(entry) + "; allowed: " + allowed_values(key));
            else
                taken[name] = value;
        }
        out = std::move(taken);
        return true;
    }
};

void Reader::group(const YamlNode& node, const Place& place) {
    for (const auto& [name, child] : node.entries()) {
        const Place inner = place.child(name);
        const auto line = report_.line_of_key(name, child.line());
        if (const Key* key = find_key(inner.pattern)) {
            value(*key, child, inner, line);
        } else if (find_section(inner.pattern)) {
            if (child.is_map())
                group(child, inner);
            else if (!child.is_null())
                report_.add(line, inner.shown,
                            shown_value(child) + "; allowed: a group of settings");
        } else {
            report_.add(line, inner.shown, unknown_key(name, place.pattern));
        }
    }
}

void Reader::value(const Key& key, const YamlNode& node, const Place& place, std::uint32_t line) {
    report_.remember(place.shown, line);
    if (!std::visit(Into{*this, key, node, place}, key.slot(settings_, place.item)))
        refuse(key, node, place, line);
}

void Reader::items(const Key& key, const YamlNode& node, const Place& place, const Items& items) {
    items.resize(items.list, 0);  // a list that is written replaces, it does not add
    items.resize(items.list, node.items().size());
    for (std::size_t i = 0; i < node.items().size(); ++i) {
        const YamlNode& group_node = node.items()[i];
        const Place item{std::string(key.path) + "[]", place.shown + "[" + std::to_string(i) + "]",
                         i};
        report_.remember(item.shown, group_node.line());
        if (!group_node.is_map()) {
            report_.add(group_node.line(), item.shown,
                        shown_value(group_node) + "; allowed: a group of settings");
            continue;
        }
        group(group_node, item);
        for (const auto word : words_under(item.pattern)) {
            const Place part = item.child(std::string(word));
            if (find_key(part.pattern)->required && !group_node.find(word))
                report_.add(group_node.line(), part.shown,
                            "is missing; each item of " + std::string(key.path) + " needs it");
        }
    }
}

}  // namespace

void read_settings(const YamlNode& root, Settings& settings, Report& report) {
    if (root.is_null()) return;
    if (!root.is_map()) {
        report.add(root.line(), "", shown_value(root) + "; allowed: lines of 'name: value'");
        return;
    }
    Reader(settings, report).group(root, Place{});
}

void read_value(const Key& key, const YamlNode& node, const std::string& shown, std::size_t item,
                Settings& settings, Report& report) {
    Reader(settings, report).value(key, node, Place{std::string(key.path), shown, item}, 0);
}

}  // namespace sekisho::config
