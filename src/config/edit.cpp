// Changes one setting in the admin's own text. The edit works on lines, so it cannot know every way
// to write YAML; therefore the edited text is read back, and when it does not say what was asked
// for, the whole file is written anew from the typed settings.
#include <vector>

#include "config/key_path.h"
#include "config/reader.h"
#include "config/writer.h"
#include "config/yaml_line.h"
#include "sekisho/base/text.h"
#include "sekisho/config/load.h"
#include "sekisho/config/store.h"

namespace sekisho::config {
namespace {

using Lines = std::vector<std::string>;

/// Lines [first, end): a key and everything that belongs to it.
struct Block {
    std::size_t first = 0;
    std::size_t end = 0;
    bool found = false;
};

Lines to_lines(const std::string& text) {
    Lines lines;
    for (const auto line : split(text, '\n')) lines.emplace_back(line);
    if (!lines.empty() && lines.back().empty()) lines.pop_back();
    return lines;
}

std::string to_text(const Lines& lines) {
    std::string text;
    for (const auto& line : lines) text.append(line).append("\n");
    return text;
}

/// The block of `key` with exactly `blanks` before it, within the given lines. It ends before the
/// next line that stands as far left; list items of the key may stand as far left as the key
/// (YAML 1.2 section 8.2.1).
Block find_block(const Lines& lines, Block within, std::string_view key, std::size_t blanks) {
    for (std::size_t i = within.first; i < within.end; ++i) {
        const Indent indent = indent_of(lines[i]);
        if (!indent.has_text || indent.blanks != blanks || !has_key(lines[i], key)) continue;
        std::size_t end = i + 1;
        for (std::size_t j = end; j < within.end; ++j) {
            const Indent next = indent_of(lines[j]);
            if (!next.has_text) continue;
            const bool item = lines[j][next.blanks] == '-';
            if (next.blanks < blanks || (next.blanks == blanks && !item)) break;
            end = j + 1;
        }
        return {i, end, true};
    }
    return {};
}

/// Blanks before the first line inside a section; the usual two when it is empty.
std::size_t inner_blanks(const Lines& lines, const Block& section) {
    for (std::size_t i = section.first + 1; i < section.end; ++i)
        if (const Indent indent = indent_of(lines[i]); indent.has_text) return indent.blanks;
    return 2;
}

void replace(Lines& lines, std::size_t first, std::size_t end, const Lines& with) {
    const auto at = lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(first),
                                lines.begin() + static_cast<std::ptrdiff_t>(end));
    lines.insert(at, with.begin(), with.end());
}

std::string edit_lines(const std::string& text, const Key& key, const Settings& wanted) {
    Lines lines = to_lines(text);
    const Block all{0, lines.size(), true};
    const auto dot = key.path.find('.');
    const std::string_view word = key.path.substr(dot == std::string_view::npos ? 0 : dot + 1);
    if (dot == std::string_view::npos) {
        const Block block = find_block(lines, all, word, 0);
        const auto with = to_lines(setting_lines(key, wanted, ""));
        replace(lines, block.found ? block.first : 0, block.found ? block.end : 0, with);
        return to_text(lines);
    }
    const Block section = find_block(lines, all, key.path.substr(0, dot), 0);
    if (!section.found) {
        lines.push_back(std::string(key.path.substr(0, dot)) + ":");
        const auto with = to_lines(setting_lines(key, wanted, "  "));
        lines.insert(lines.end(), with.begin(), with.end());
        return to_text(lines);
    }
    const std::size_t blanks = inner_blanks(lines, section);
    const Block block = find_block(lines, {section.first + 1, section.end, true}, word, blanks);
    const auto with = to_lines(setting_lines(key, wanted, std::string(blanks, ' ')));
    replace(lines, block.found ? block.first : section.end, block.found ? block.end : section.end,
            with);
    return to_text(lines);
}

/// Settings as far as the text can be read; mistakes elsewhere must not keep the admin from mending
/// this one.
Settings readable_part(const std::string& text) {
    Settings settings;
    Report ignored("", "");
    if (const auto tree = parse_yaml(text, "")) read_settings(*tree, settings, ignored);
    return settings;
}

/// The setting that is written: the list for a part of one of its groups.
const Key& written_key(const Key& key) {
    const auto open = key.path.find("[]");
    return open == std::string_view::npos ? key : *find_key(key.path.substr(0, open));
}

}  // namespace

Result<std::string> edit_text(const std::string& text, const std::string& path,
                              const std::string& value) {
    if (const auto tree = parse_yaml(text, "the settings"); !tree) return fail(tree.error());
    Settings wanted = readable_part(text);
    const auto found = find_path(path, wanted);
    if (!found) return fail(found.error());
    if (auto set = set_value(wanted, path, value); !set) return fail(set.error());
    const std::string edited = edit_lines(text, written_key(*found->key), wanted);
    if (parse_yaml(edited, "") && to_yaml(readable_part(edited)) == to_yaml(wanted)) return edited;
    return write_settings(wanted, Comments::help);
}

}  // namespace sekisho::config
