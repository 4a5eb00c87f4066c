// First half of compiling: what kind of rule it is, which way it looks, which literal stands for it.
#pragma once

#include <optional>

#include "sekisho/signature/compiled_set.h"

namespace sekisho::signature {

/// The literal that stands for a rule, and where it is looked for.
struct Prefilter {
    app::Field field = app::Field::payload;
    const Content* content = nullptr;
    std::size_t literal_offset = 0;
    std::size_t skip_first = 0;      ///< octets of the content that only a transform puts there
    std::pair<std::uint32_t, std::uint32_t> places{0, ~0u};  ///< first and last offset at which the content may begin
    double candidates = 0;           ///< expected a message
    bool anchors = false;            ///< see PrefilterEntry
    Literal literal;
};

/// Name, type or content of a file.
bool is_file_field(app::Field field) noexcept;

/// Kind, directions and scopes of a parsed rule; sets everything in CompiledRule but sets and rank.
void classify(CompiledRule& compiled);

/// The cheapest literal, or nothing when the rule has none worth scanning for.
std::optional<Prefilter> choose_prefilter(const CompiledRule& compiled);

/// For a payload rule without a literal: a pattern that must match wherever the rule does. Nothing when it has
/// none that Hyperscan takes.
std::optional<Expression> choose_expression(const CompiledRule& compiled);

}  // namespace sekisho::signature
