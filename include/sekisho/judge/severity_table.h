// The severity table (rules/severity.yaml): which class an event belongs to, and class x direction x outcome
// x recurrence -> High / Medium / Low, with the words that say why. Read at start, immutable since.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "sekisho/base/result.h"
#include "sekisho/event/alert.h"
#include "sekisho/event/event.h"

namespace sekisho::judge {

using ClassId = std::uint16_t;

/// What joins the events about a host into one story.
enum class Cause : std::uint8_t {
    cls,        ///< anything of the class: a scanner's fifty rules are one story
    signature,  ///< the same rule (or URL category, or anomaly): two malware families are two stories
    site,       ///< as cls, and what comes from outside is one story for the whole site: scans of all addresses
};

struct ClassFacts {
    std::string name;
    Cause cause = Cause::cls;
    bool count_only = false;       ///< never an alert (advertising)
    bool succeeds_by_name = false; ///< the rule itself says that it worked ("successful-admin")
};

/// What a row may ask for beyond class, direction and outcome.
struct Circumstances {
    std::uint64_t recurrence = 1;  ///< events of the story so far, this one included
    std::uint32_t days = 1;        ///< days in a row with this cause
    bool unsupported = false;      ///< our machine's operating system gets no more fixes
    std::optional<event::Severity> hint = std::nullopt;  ///< what the rule's metadata says; heeded where the row says so
};

/// How bad, and the row that said so.
struct Rank {
    event::Severity severity = event::Severity::low;
    std::uint32_t row = 0;
};

class SeverityTable {
  public:
    /// @error invalid with file:line for whatever the table's grammar does not know; not_found, io
    static Result<SeverityTable> load(const std::string& path);
    static Result<SeverityTable> parse(const std::string& text, const std::string& name);

    SeverityTable(SeverityTable&&) noexcept;
    SeverityTable& operator=(SeverityTable&&) noexcept;
    ~SeverityTable();

    /// The class of an alert (by rule number, else classtype), url (by category) or anomaly (by name) event.
    /// @cost  one hash look-up, no allocation
    ClassId classify(const event::Event& event) const noexcept;
    const ClassFacts& facts(ClassId id) const noexcept;
    std::optional<ClassId> find_class(std::string_view name) const noexcept;
    std::size_t classes() const noexcept;

    /// The first row that fits.
    Rank rank(ClassId id, event::Bearing bearing, event::Outcome outcome, const Circumstances& also) const noexcept;
    /// Why: the row's own words.
    const event::BothTongues& because(Rank rank) const noexcept;

  private:
    friend class SeverityTableReader;
    struct Parts;
    explicit SeverityTable(std::unique_ptr<Parts> parts) noexcept;
    std::unique_ptr<Parts> parts_;
};

/// The words rules use for their own severity, ET's included: critical and major are high, minor and
/// informational low.
std::optional<event::Severity> severity_hint(std::string_view text) noexcept;

}  // namespace sekisho::judge
