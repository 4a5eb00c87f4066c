#include "sekisho/judge/severity_table.h"

#include <algorithm>

#include "judge/severity_parts.h"
#include "sekisho/base/text.h"

namespace sekisho::judge {

using event::Severity;

SeverityTable::SeverityTable(std::unique_ptr<Parts> parts) noexcept : parts_(std::move(parts)) {}
SeverityTable::SeverityTable(SeverityTable&&) noexcept = default;
SeverityTable& SeverityTable::operator=(SeverityTable&&) noexcept = default;
SeverityTable::~SeverityTable() = default;

ClassId SeverityTable::classify(const event::Event& e) const noexcept {
    const auto look = [](const ClassByName& names, std::string_view name, ClassId other) {
        const auto found = names.find(name);
        return found == names.end() ? other : found->second;
    };
    switch (e.kind) {
        case event::Kind::alert:
            if (!parts_->by_sid.empty())
                if (const auto found = parts_->by_sid.find(e.sid); found != parts_->by_sid.end()) return found->second;
            return look(parts_->by_classtype, e.get(event::Text::classtype), parts_->other_classtype);
        case event::Kind::url: return look(parts_->by_category, e.get(event::Text::category), parts_->other_category);
        default: return look(parts_->by_anomaly, e.get(event::Text::reason), parts_->other_anomaly);
    }
}

const ClassFacts& SeverityTable::facts(ClassId id) const noexcept { return parts_->classes[id]; }
std::optional<ClassId> SeverityTable::find_class(std::string_view name) const noexcept {
    const auto found = parts_->by_name.find(name);
    return found == parts_->by_name.end() ? std::nullopt : std::optional(found->second);
}

std::size_t SeverityTable::classes() const noexcept { return parts_->classes.size(); }

Rank SeverityTable::rank(ClassId id, event::Bearing bearing, event::Outcome outcome, const Circumstances& also) const noexcept {
    const auto& hint = also.hint;
    for (const std::uint32_t index : parts_->candidates[Parts::cell(id, bearing, outcome)]) {
        const Row& row = parts_->rows[index];
        if (also.recurrence < row.at_least || also.days < row.days || (row.unsupported && !also.unsupported)) continue;
        Severity severity = row.severity;
        if (hint) {
            if (row.hint == Hint::obey) severity = *hint;
            if (row.hint == Hint::lower) severity = std::min(severity, *hint);
            if (row.hint == Hint::raise) severity = std::max(severity, *hint);
        }
        return {severity, index};
    }
    return {};  // the reader saw to it that the last row fits everything
}

const event::BothTongues& SeverityTable::because(Rank rank) const noexcept { return parts_->rows[rank.row].because; }

std::optional<Severity> severity_hint(std::string_view text) noexcept {
    if (text.empty()) return std::nullopt;
    if (const auto severity = event::parse_severity(text)) return severity;
    if (equals_nocase(text, "critical") || equals_nocase(text, "major")) return Severity::high;
    if (equals_nocase(text, "minor") || equals_nocase(text, "informational")) return Severity::low;
    return std::nullopt;
}

}  // namespace sekisho::judge
