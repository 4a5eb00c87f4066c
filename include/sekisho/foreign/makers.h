// Logs of other makers: one line of an installed UTM or proxy to one event, as if we had seen it ourselves. What a
// maker's fields mean is data (rules/log-makers.yaml, whose head explains it); how lines are laid out is code
// (src/foreign/shapes/).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sekisho/base/clock.h"
#include "sekisho/base/result.h"
#include "sekisho/event/event.h"

namespace sekisho::foreign {

struct MakerTable;

/// The table of makers. Immutable.
class Makers {
  public:
    /// @error invalid with file:line; not_found, io
    static Result<Makers> load(const std::string& path);
    static Result<Makers> parse(const std::string& text, const std::string& name);
    Makers(Makers&&) noexcept;
    Makers& operator=(Makers&&) noexcept;
    ~Makers();

    std::vector<std::string> names() const;  ///< in the table's order, which is the order of guessing
    /// Index of a maker; nothing when the table has none of that name.
    std::optional<std::size_t> find(std::string_view name) const noexcept;

  private:
    friend class LineReader;
    explicit Makers(std::unique_ptr<MakerTable> table) noexcept;
    std::unique_ptr<MakerTable> table_;
};

/// What became of a line.
enum class LineOutcome : std::uint8_t {
    event,       ///< a hit, a stopped site, malware: to be judged
    traffic,     ///< a connection or request and no more; the event holds it
    ignored,     ///< a record without meaning for us (logins of admins, system messages)
    unreadable,  ///< the maker is known, the line is not laid out as its lines are, or names no address
    unknown,     ///< of no maker in the table
    count_
};

/// Reads lines, one after the other.  @thread one at a time
class LineReader {
  public:
    explicit LineReader(const Makers& makers);
    ~LineReader();
    LineReader(const LineReader&) = delete;
    LineReader& operator=(const LineReader&) = delete;

    /// @param line   one message, with or without a syslog header (RFC 3164, RFC 5424)
    /// @param from   who sent it: told in the event ("WatchGuard at 192.0.2.1")
    /// @param maker  of the sender; nothing: guessed by the table's signs
    /// @param now    the event's time: clocks and zones of senders are not to be trusted
    /// @param out    written when the outcome is event or traffic: sound(), flag kReported
    /// @cost         linear in the line; allocates nothing that stays
    LineOutcome read(std::string_view line, std::string_view from, std::optional<std::size_t> maker, TimeNs now, event::Event& out);

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace sekisho::foreign
