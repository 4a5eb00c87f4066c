// Hosts that are cut off: what they send reaches nobody but us, and a browser of theirs gets a page that says
// so. An immutable set; the control plane builds it from the admin's file and swaps it in between two bursts.
#pragma once

#include <string>
#include <vector>

#include "sekisho/base/address.h"
#include "sekisho/base/clock.h"
#include "sekisho/base/result.h"

namespace sekisho::engine {

class Quarantine {
  public:
    struct Entry {
        IpAddress host;
        TimeNs until = 0;    ///< 0: without end
        std::string reason;
        std::string page;    ///< the whole HTTP response, fits one segment
    };
    static constexpr std::size_t kHostsMax = 1024;

    /// Nobody is cut off.
    Quarantine() = default;
    /// One host a line: "ADDRESS UNTIL REASON...", UNTIL in seconds since the epoch, 0 for no end; empty lines and
    /// those that begin with # are passed over.
    /// @param contact  whom to ask; shown on the page
    /// @error invalid with file:line; limit: more than kHostsMax
    static Result<Quarantine> parse(const std::string& text, const std::string& name, const std::string& contact);

    bool empty() const noexcept { return entries_.empty(); }
    const std::vector<Entry>& entries() const noexcept { return entries_; }
    /// The entry of a host that is cut off at `now`; null: it is free.
    /// @cost one binary search
    const Entry* find(const IpAddress& host, TimeNs now) const noexcept;

  private:
    std::vector<Entry> entries_;  ///< by address
};

}  // namespace sekisho::engine
