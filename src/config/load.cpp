#include "sekisho/config/load.h"

#include "config/checks.h"
#include "config/key_path.h"
#include "config/reader.h"
#include "config/writer.h"
#include "sekisho/base/file_text.h"
#include "sekisho/config/yaml_reader.h"

namespace sekisho::config {
namespace {

constexpr std::size_t kSettingsFileMaxBytes = MiB(4);

std::vector<Error> read_and_check(const std::string& text, const std::string& name,
                                  Settings& settings) {
    if (text.size() > kSettingsFileMaxBytes)
        return {Error{ErrorCode::limit, "is larger than 4 MiB", name}};
    const auto tree = parse_yaml(text, name);
    if (!tree) return {tree.error()};
    Report report(name, text);
    read_settings(*tree, settings, report);
    check_together(settings, report);
    return report.take();
}

Error with_count(std::vector<Error> errors) {
    Error first = std::move(errors.front());
    if (errors.size() > 1)
        first.what += " (and " + std::to_string(errors.size() - 1) +
                      " more; `sekisho config check` shows all)";
    return first;
}

/// The node under a made-up key, so that a value on one line is read by the same rules as in a
/// file.
Result<YamlNode> parse_value(const std::string& value, std::string_view path) {
    if (value.find('\n') != std::string::npos)
        return fail(ErrorCode::invalid, "a value has one line", std::string(path));
    auto tree = parse_yaml("value: " + value + "\n", std::string(path));
    if (!tree) return fail(ErrorCode::invalid, tree.error().what, std::string(path));
    const YamlNode* node = tree->find("value");
    if (!node) return fail(ErrorCode::invalid, "is no YAML value", std::string(path));
    return *node;
}

/// Sets one NAME: VALUE line of a map by reading the map with that line in it.
std::string with_entry(const Key& key, const Settings& settings, const std::string& entry,
                       const std::string& value) {
    std::string map = inline_value(key, settings);
    if (const auto tree = parse_yaml(map, ""); tree && tree->find(entry)) {
        Settings without = settings;
        std::visit(
            [&](auto slot) {
                if constexpr (requires { slot->erase(entry); }) slot->erase(entry);
            },
            key.slot(without, 0));
        map = inline_value(key, without);
    }
    map.pop_back();
    return map + (map.size() > 1 ? ", " : "") + entry + ": " + value + "}";
}

}  // namespace

Result<Settings> parse_settings(const std::string& text, const std::string& name) {
    Settings settings;
    auto errors = read_and_check(text, name, settings);
    if (!errors.empty()) return fail(with_count(std::move(errors)));
    return settings;
}

Result<Settings> load_settings(const std::string& path) {
    const auto text = read_file(path, kSettingsFileMaxBytes);
    if (!text) return fail(text.error());
    return parse_settings(*text, path);
}

std::vector<Error> check_settings(const std::string& text, const std::string& name) {
    Settings settings;
    return read_and_check(text, name, settings);
}

std::vector<Error> check_settings(const Settings& settings) {
    Report report("", "");
    check_together(settings, report);
    return report.take();
}

Status set_value(Settings& settings, std::string_view path, const std::string& value) {
    const auto found = find_path(path, settings);
    if (!found) return fail(found.error());
    const auto node = parse_value(
        found->entry.empty() ? value : with_entry(*found->key, settings, found->entry, value),
        path);
    if (!node) return fail(node.error());
    Settings changed = settings;
    Report report("", "");
    const std::string shown =
        found->entry.empty() ? std::string(path) : std::string(found->key->path);
    read_value(*found->key, *node, shown, found->item, changed, report);
    if (auto errors = report.take(); !errors.empty()) return fail(errors.front());
    settings = std::move(changed);
    return {};
}

Result<std::string> get_value(const Settings& settings, std::string_view path) {
    const auto found = find_path(path, settings);
    if (!found) return fail(found.error());
    const std::string whole = inline_value(*found->key, settings, found->item);
    if (found->entry.empty()) return whole;
    const auto tree = parse_yaml(whole, "");
    const YamlNode* entry = tree ? tree->find(found->entry) : nullptr;
    if (!entry) return fail(ErrorCode::invalid, "has no such entry", std::string(path));
    return entry->scalar();
}

}  // namespace sekisho::config
