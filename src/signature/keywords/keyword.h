// The contract of a rule keyword. One file (or tight family) parses its argument into the rule; one line in
// table.cpp makes it known to the parser, the error messages and the reference.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "sekisho/base/result.h"
#include "signature/rule_builder.h"

namespace sekisho::signature {

enum class Argument : std::uint8_t {
    none,      ///< "nocase;"
    optional,  ///< "fast_pattern;" or "fast_pattern:only;"
    required,  ///< "depth:5;", quotes allowed
    quoted,    ///< content:"..."; and content:!"...";
    quotable,  ///< the same, but the quotes may be missing: pcre:/.../;
};

struct Keyword;

/// A keyword as it stands in a rule: `value` without blanks around it and without its quotes.
struct Use {
    const Keyword& keyword;
    std::string_view value;
    bool negated;  ///< quoted arguments only
};

struct Keyword {
    std::string_view name;
    Argument argument;
    Status (*parse)(RuleBuilder& builder, const Use& use);
    std::string_view help;  ///< one sentence for the reference
    unsigned detail = 0;    ///< the parse function's own: a Field, a TransformKind ...

    app::Field field() const noexcept { return static_cast<app::Field>(detail); }
};

/// The table without the sticky buffers that come from app/field.h.
std::span<const Keyword> keyword_table() noexcept;

/// By name: the table first, then the fields' own names. Null: unknown.
const Keyword* find_keyword(std::string_view name);

/// Keywords of Suricata that need a parser or database this build has not; gives what is missing, or empty.
std::string_view missing_for(std::string_view name);

/// Checks the argument against the keyword's kind and parses it. @error invalid, without the keyword's name
Status apply_keyword(RuleBuilder& builder, const Keyword& keyword, std::string_view value);

inline tl::unexpected<Error> wrong(std::string what) { return fail(ErrorCode::invalid, std::move(what)); }

}  // namespace sekisho::signature
