// The inside of a severity table, shared by the reader (which fills it) and the look-up.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sekisho/judge/severity_table.h"

namespace sekisho::judge {

constexpr std::size_t kBearings = static_cast<std::size_t>(event::Bearing::count_);
constexpr std::size_t kOutcomes = static_cast<std::size_t>(event::Outcome::count_);

/// What a row does with the rule's own severity.
enum class Hint : std::uint8_t { ignore, lower, raise, obey };

struct Row {
    std::uint64_t at_least = 1;
    std::uint32_t days = 1;
    bool unsupported = false;
    event::Severity severity = event::Severity::low;
    Hint hint = Hint::ignore;
    event::BothTongues because;

    bool conditional() const noexcept { return at_least > 1 || days > 1 || unsupported; }
};

struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
};
using ClassByName = std::unordered_map<std::string, ClassId, TextHash, std::equal_to<>>;

struct SeverityTable::Parts {
    std::vector<ClassFacts> classes;
    std::unordered_map<std::uint32_t, ClassId> by_sid;
    ClassByName by_name, by_classtype, by_category, by_anomaly;
    ClassId other_classtype = 0, other_category = 0, other_anomaly = 0;
    std::vector<Row> rows;
    /// Rows that can fit a class, bearing and outcome, in the file's order; filled once so that ranking
    /// walks two or three entries.
    std::vector<std::vector<std::uint32_t>> candidates;

    static std::size_t cell(ClassId id, event::Bearing bearing, event::Outcome outcome) noexcept {
        return (id * kBearings + static_cast<std::size_t>(bearing)) * kOutcomes + static_cast<std::size_t>(outcome);
    }
};

}  // namespace sekisho::judge
