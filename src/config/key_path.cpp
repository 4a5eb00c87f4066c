#include "config/key_path.h"

#include "sekisho/base/text.h"

namespace sekisho::config {
namespace {

bool is_map(const Key& key) {
    Settings scratch;
    if (key.path.find("[]") != std::string_view::npos) return false;
    const Slot slot = key.slot(scratch, 0);
    return std::holds_alternative<std::map<std::string, std::string>*>(slot) ||
           std::holds_alternative<std::map<std::string, UrlAction>*>(slot) ||
           std::holds_alternative<std::map<std::string, ApplicationAction>*>(slot);
}

/// How many groups the list before "[]" has.
std::size_t item_count(std::string_view list_path, const Settings& settings) {
    const Key* list = find_key(list_path);
    Settings copy = settings;  // slots are writable; counting must not need that of the caller
    const Slot slot = list->slot(copy, 0);
    const auto* items = std::get_if<Items>(&slot);
    return items ? items->size(items->list) : 0;
}

tl::unexpected<Error> unknown(std::string_view path) {
    return fail(ErrorCode::invalid, "is not a setting; `sekisho config keys` lists them",
                std::string(path));
}

}  // namespace

Result<KeyPath> find_path(std::string_view path, const Settings& settings) {
    KeyPath found;
    std::string pattern(path);
    if (const auto open = path.find('['); open != std::string_view::npos) {
        const auto close = path.find(']', open);
        if (close == std::string_view::npos) return unknown(path);
        const auto item = parse_int(path.substr(open + 1, close - open - 1), 0, 1'000'000);
        pattern = std::string(path.substr(0, open)) + "[]" + std::string(path.substr(close + 1));
        found.key = find_key(pattern);
        if (!item || !found.key) return unknown(path);
        const auto count = item_count(path.substr(0, open), settings);
        if (static_cast<std::size_t>(*item) >= count)
            return fail(ErrorCode::invalid,
                        "there are " + std::to_string(count) + " items, counted from 0",
                        std::string(path));
        found.item = static_cast<std::size_t>(*item);
        return found;
    }
    found.key = find_key(path);
    if (found.key)
        return path.find("[]") == std::string_view::npos ? Result<KeyPath>(found) : unknown(path);
    const auto dot = path.find_last_of('.');
    if (dot == std::string_view::npos) return unknown(path);
    // A category name may have dots itself: the longest key that is a map wins.
    for (const Key& key : all_keys())
        if (path.size() > key.path.size() + 1 && path.starts_with(key.path) &&
            path[key.path.size()] == '.' && is_map(key)) {
            found.key = &key;
            found.entry = path.substr(key.path.size() + 1);
            return found;
        }
    return unknown(path);
}

}  // namespace sekisho::config
