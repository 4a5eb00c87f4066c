// The groups of a rule header: "[a,!b,[c,$D]]" over addresses or ports, with variables and negation.
// A group is a value of its own: what its positive members name (everything, when it has none) without what
// its negated members name. "!group" is everything else.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sekisho/base/result.h"
#include "sekisho/base/text.h"
#include "sekisho/signature/parser.h"
#include "signature/range_set.h"

namespace sekisho::signature {

constexpr int kGroupDepthMax = 16;              ///< nested groups and variables; beyond that a loop is likely
constexpr std::size_t kGroupMembersMax = 65536;  ///< of one group with all that it contains

/// Cuts the inside of a group at its outer commas. @error invalid: brackets do not match
Result<std::vector<std::string_view>> split_group(std::string_view inside);

template <class T>
class GroupParser {
  public:
    using Single = Result<RangeSet<T>> (*)(std::string_view text);

    GroupParser(const Variables& variables, std::string_view noun, Single single)
        : variables_(variables), noun_(noun), single_(single) {}

    /// @error invalid: naming the member that is wrong, unknown variables, loops, sets without members
    Result<RangeSet<T>> parse(std::string_view text) {
        // "!5800,!445" is taken as a group although its brackets are missing: public rules have it.
        const auto pieces = split_group(text);
        auto set = pieces && pieces->size() > 1 ? members(text, 0) : element(text, 0);
        if (set && set->empty()) return wrong("'" + std::string(text) + "' leaves no " + std::string(noun_));
        return set;
    }

  private:
    tl::unexpected<Error> wrong(std::string what) const { return fail(ErrorCode::invalid, std::move(what)); }

    Result<RangeSet<T>> element(std::string_view text, int depth) {
        text = trim(text);
        if (depth > kGroupDepthMax)
            return wrong(std::string(noun_) + " groups nest deeper than " + std::to_string(kGroupDepthMax) +
                         "; does a variable name itself?");
        if (++members_ > kGroupMembersMax) return wrong("too many members in one " + std::string(noun_) + " group");
        if (text.empty()) return wrong("empty " + std::string(noun_));
        if (text.front() == '!') {
            auto inner = element(text.substr(1), depth + 1);
            if (!inner) return inner;
            if (inner->is_all()) return wrong("'" + std::string(text) + "' leaves no " + std::string(noun_));
            return inner->complement();
        }
        if (text == "any") return RangeSet<T>::all();
        if (text.front() == '$') return variable(text.substr(1), depth);
        if (text.front() == '[') return group(text, depth);
        return single_(text);
    }

    Result<RangeSet<T>> variable(std::string_view name, int depth) {
        const auto found = variables_.find(name);
        if (found == variables_.end()) return wrong("variable '$" + std::string(name) + "' is not defined");
        // "a, b" in a setting means the same as "[a, b]".
        const std::string_view value = trim(found->second);
        const bool bare_list = !value.empty() && value.front() != '[' && value.find(',') != std::string_view::npos &&
                               !value.starts_with("![");
        return bare_list ? members(value, depth + 1) : element(value, depth + 1);
    }

    Result<RangeSet<T>> group(std::string_view text, int depth) {
        if (text.size() < 2 || text.back() != ']') return wrong("'" + excerpt(text) + "': ']' is missing");
        return members(text.substr(1, text.size() - 2), depth);
    }

    Result<RangeSet<T>> members(std::string_view inside, int depth) {
        const auto pieces = split_group(inside);
        if (!pieces) return wrong("'" + excerpt(inside) + "': " + pieces.error().what);
        RangeSet<T> named;
        RangeSet<T> excluded;
        bool any_named = false;
        for (std::string_view piece : *pieces) {
            piece = trim(piece);
            const bool negated = piece.starts_with('!');
            auto set = element(negated ? piece.substr(1) : piece, depth + 1);
            if (!set) return set;
            (negated ? excluded : named).add(*set);
            any_named = any_named || !negated;
        }
        named.normalise();
        excluded.normalise();
        return (any_named ? named : RangeSet<T>::all()).without(excluded);
    }

    static std::string excerpt(std::string_view text) {
        constexpr std::size_t kShown = 40;
        return std::string(text.substr(0, kShown)) + (text.size() > kShown ? "..." : "");
    }

    const Variables& variables_;
    std::string_view noun_;
    Single single_;
    std::size_t members_ = 0;
};

}  // namespace sekisho::signature
