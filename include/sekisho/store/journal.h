// The journal: alerts on disk before anybody is told. One SQLite file in WAL mode. A batch is one
// transaction: alerts, what is to be told to the SOC, and how far the event rings were read, so that after
// any crash the three agree and each event counts once.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sekisho/base/result.h"
#include "sekisho/event/alert.h"

namespace sekisho::store {

/// How far a ring was read. `lost` is the ring's own count when last seen.
struct RingPosition {
    std::uint64_t position = 0;
    std::uint64_t lost = 0;
};

/// One thing to tell: the alert as it stood when it opened or escalated.
struct Telling {
    std::uint64_t number = 0;  ///< rises without end; the queue's guard against telling twice
    event::Alert alert;
};

/// What one batch changes.
struct Batch {
    std::vector<event::Alert> tell;                ///< opened or escalated, as they stood then, in order
    std::vector<event::Alert> alerts;              ///< the latest state of all that changed
    std::map<std::uint64_t, RingPosition> rings;   ///< by ring id
};

struct AlertFilter {
    std::optional<event::Severity> least = std::nullopt;
    std::optional<IpAddress> host = std::nullopt;
    std::optional<bool> open = std::nullopt;
    TimeNs since_ns = 0;              ///< last seen at or after
    std::uint64_t before_id = 0;      ///< 0: from the newest; for paging
    std::size_t limit = 50;           ///< at most 1000
};

struct HistoryRow {
    TimeNs at_ns = 0;
    std::uint32_t telling = 0;
    event::Severity severity = event::Severity::low;
    event::Outcome outcome = event::Outcome::blocked;
    std::uint64_t count = 0;
    event::BothTongues reason;
};

/// One link of the chain of evidence (slowpath/evidence.h says how it is made). Texts are hex digits.
struct EvidenceLink {
    std::uint64_t number = 0;   ///< from 1, without gaps
    std::uint64_t alert = 0;
    TimeNs at_ns = 0;
    std::string file, digest, previous, hash, signature;
};

struct Retention {
    TimeNs keep_since_ns = 0;         ///< closed alerts last seen before go
    std::uint64_t max_alerts = 0;     ///< beyond that many the oldest Low go, then Medium, then High; open ones stay
};

class Journal {
  public:
    /// @error io; invalid when the file is no journal or a newer one
    static Result<Journal> open(const std::string& path);
    Journal(Journal&&) noexcept;
    Journal& operator=(Journal&&) noexcept;
    ~Journal();

    /// All of the batch or nothing; on disk when it returns.
    Status write(const Batch& batch);

    /// Tellings not yet handed to the SOC queue, oldest first.
    Result<std::vector<Telling>> untold(std::size_t limit);
    Status told(std::uint64_t up_to_number);

    Result<std::vector<event::Alert>> list(const AlertFilter& filter);
    /// @error not_found
    Result<event::Alert> find(std::uint64_t id);
    Result<std::vector<HistoryRow>> history(std::uint64_t id);
    /// Open alerts, for the judge after a restart, the longest silent first.
    Result<std::vector<event::Alert>> open_alerts();
    Result<std::uint64_t> next_id();
    Result<std::optional<RingPosition>> ring_position(std::uint64_t ring_id);
    /// Alerts by severity: low, medium, high.
    Result<std::array<std::uint64_t, 3>> counts();

    /// Texts kept by name; empty when there is none.
    Result<std::string> memory(const std::string& name);
    Status keep_memory(const std::string& name, const std::string& value);

    /// The chain of evidence: its last link (number 0: there is none), a new one, those after a number.
    Result<EvidenceLink> last_evidence();
    /// @error io, also for a number that is taken
    Status add_evidence(const EvidenceLink& link);
    Result<std::vector<EvidenceLink>> evidence_after(std::uint64_t number, std::size_t limit);
    Result<std::vector<EvidenceLink>> evidence_of(std::uint64_t alert);

    /// Removes what retention says, in bounded steps.  @return rows removed in this step; 0: done
    Result<std::uint64_t> retire(const Retention& retention);

  private:
    struct Parts;
    explicit Journal(std::unique_ptr<Parts> parts) noexcept;
    std::unique_ptr<Parts> parts_;
};

}  // namespace sekisho::store
