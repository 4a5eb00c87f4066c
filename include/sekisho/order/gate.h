// Whether an order that is truly the SOC's is obeyed: it is for this box, fresh, new, about a host that may be cut
// off, and within what settings allow. The sequence of the last one is kept on disk, so a restart forgets nothing.
#pragma once

#include <span>
#include <string>
#include <utility>

#include "sekisho/base/result.h"
#include "sekisho/config/settings.h"
#include "sekisho/order/order.h"

namespace sekisho::order {

/// Who cut a host off: hosts of the SOC carry this before their reason, in the same file as the admin's.
constexpr std::string_view kSocMark = "[SOC] ";

/// A host that is cut off already.
struct Held {
    IpAddress host;
    bool by_soc = false;
};

/// @param held  everybody who is cut off now
/// @param now   seconds since the epoch
/// @error denied with the reason in words: another box's, expired, of the future, replayed, a host on the list of
///        those never cut off, not one of ours, held by the admin, too many, too long
Status allow(const Order& order, const config::Settings& settings, std::span<const Held> held, std::uint64_t last_sequence, std::int64_t now);

/// Held while one order is looked at and obeyed: two at once could let an older one pass behind a newer.
class Turn {
  public:
    /// Waits for whoever has it.  @error io
    static Result<Turn> take(const std::string& state_file);
    Turn(Turn&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Turn& operator=(Turn&&) = delete;
    ~Turn();

  private:
    explicit Turn(int fd) noexcept : fd_(fd) {}
    int fd_;
};

/// 0 when no order was obeyed yet.  @error invalid  the file holds something else; io
Result<std::uint64_t> last_sequence(const std::string& state_file);
/// Written before the order is obeyed: an order that was obeyed is never obeyed again.
Status remember(const std::string& state_file, std::uint64_t sequence);

}  // namespace sekisho::order
