// Looking at YAML line by line: where a key stands, and how a text is written so that YAML reads it
// back.
#pragma once

#include <string>
#include <string_view>

namespace sekisho::config {

/// True when the line's own text begins with `key:`, be it the first of a list item ("- key:").
bool has_key(std::string_view line, std::string_view key) noexcept;

/// Blanks before the text; a line without text, or with only a comment, has none (nothing is said
/// by it).
struct Indent {
    std::size_t blanks = 0;
    bool has_text = false;
};
Indent indent_of(std::string_view line) noexcept;

/// A scalar as it can stand anywhere in YAML, also inside [] and {}: plain when that is safe, else
/// quoted.
std::string yaml_text(std::string_view text);

}  // namespace sekisho::config
