// What the URL filter decided, on disk: each decision for `sekisho why`, and counters by client, category and day for
// `sekisho url stats`. One SQLite file of its own: losing its last second in a power cut loses no alert.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sekisho/base/address.h"
#include "sekisho/base/clock.h"
#include "sekisho/base/result.h"
#include "sekisho/event/event.h"

namespace sekisho::store {

struct UrlDecision {
    std::uint64_t id = 0;
    TimeNs at_ns = 0;
    std::uint32_t incident = 0;  ///< the number on the block page
    IpAddress client;
    MacAddress mac;
    std::string host, url, category, list, rule, reason;
    event::Action action = event::Action::allowed;
    std::uint8_t decided = 0;    ///< 1 alert, 2 warn, 3 block
    std::uint16_t port = 0;      ///< of the server
};

struct UrlCount {
    std::string day;             ///< "2026-11-27", local time
    IpAddress client;
    std::string category;
    std::uint64_t stopped = 0, passed = 0;
};

class UrlBook {
  public:
    /// @error io; invalid when the file is no book or a newer one
    static Result<UrlBook> open(const std::string& path);
    UrlBook(UrlBook&&) noexcept;
    UrlBook& operator=(UrlBook&&) noexcept;
    ~UrlBook();

    /// Takes an event of kind url into the batch in memory. @param day_offset_ns  local time minus UTC
    void add(const event::Event& event, std::int64_t day_offset_ns);
    std::size_t waiting() const noexcept;
    /// The batch in one transaction. On an error the batch is kept, up to kWaitingMax decisions.
    Status write();

    /// Decisions about a client and a site (the name, or one below it), nearest to a time first; 0: the newest first.
    Result<std::vector<UrlDecision>> find(const IpAddress& client, const std::string& site, TimeNs near_ns, std::size_t limit);
    /// Decisions with this number, newest first.
    Result<std::vector<UrlDecision>> find_incident(std::uint32_t incident, std::size_t limit);
    /// Counters since a day (inclusive), of one client or of all, by day, client and category; the newest day first.
    Result<std::vector<UrlCount>> counts(const std::string& since_day, const IpAddress* client, std::size_t limit);

    /// Sums by category of the days from `first` to `last`, both included; day and client are left empty.
    Result<std::vector<UrlCount>> totals(const std::string& first_day, const std::string& last_day);

    /// Removes what is too old or too much, in bounded steps. @return rows removed
    Result<std::uint64_t> retire(TimeNs keep_since_ns, const std::string& keep_since_day, std::uint64_t max_decisions);

    static constexpr std::size_t kWaitingMax = 100'000;

  private:
    struct Parts;
    explicit UrlBook(std::unique_ptr<Parts> parts) noexcept;
    std::unique_ptr<Parts> parts_;
};

/// "2026-11-27" of a moment, shifted.
std::string day_of(TimeNs time, std::int64_t offset_ns);

}  // namespace sekisho::store
