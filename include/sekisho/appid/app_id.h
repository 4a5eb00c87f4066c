// Names the application behind a flow (BitTorrent, TeamViewer, Zoom...) from its first packets. The only
// door to nDPI (4.2): its types, its memory and its opinions on packet counts end here.
//
// A flow borrows one of a fixed number of nDPI flow records while it is young, and gives it back when the
// answer stands. When none is left the flow stays unknown, which is counted. Left out: nDPI's host tables and its
// metadata; Sekisho's own parsers and rules tell those.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "sekisho/base/bytes.h"
#include "sekisho/base/clock.h"
#include "sekisho/base/counters.h"
#include "sekisho/base/result.h"

namespace sekisho::appid {

enum class Direction : std::uint8_t { to_server, to_client };

/// A borrowed flow record; belongs to the AppId that gave it.
struct Handle {
    static constexpr std::uint32_t kNone = ~std::uint32_t{0};
    std::uint32_t index = kNone;
    explicit operator bool() const noexcept { return index != kNone; }
};

/// What is known of a flow. Small and copyable: it stays with the flow when the record is given back.
struct Answer {
    std::uint64_t risks = 0;        ///< bit n: nDPI's flow risk number n (sekisho/app/flow_risk.h names them)
    std::uint16_t protocol = 0;     ///< what is spoken ("TLS"); 0: unknown
    std::uint16_t application = 0;  ///< what speaks it ("TeamViewer"); 0: nothing beyond the protocol
    std::uint16_t category = 0;
    bool decided = false;  ///< feeding more packets changes nothing
    bool guessed = false;  ///< by port or address, after the packets said nothing
    bool known() const noexcept { return protocol != 0 || application != 0; }
};

enum class AppIdCounter { flows, no_record, packets, decided, guessed, unknown, count_ };

struct AppIdLimits {
    std::size_t records = 4096;  ///< flows looked at at the same time; about 1 KiB each, taken at start
    std::uint8_t packets = 16;   ///< with payload, of one flow; then the best guess is the answer
};

/// Flow risks that nDPI 4.2 knows, with the unused number 0.
constexpr unsigned kRiskCount = 42;

/// Applications that people allow or forbid together.
struct Group {
    std::string_view name;  ///< "p2p": what settings call it
    std::string_view help;  ///< one sentence
};
std::span<const Group> groups() noexcept;
constexpr std::size_t kNoGroup = ~std::size_t{0};

/// One per worker: all calls from one thread.
class AppId {
  public:
    /// Loads nDPI's protocols (some 10 MiB). @error unavailable, limit     @thread control plane; serialised
    static Result<std::unique_ptr<AppId>> create(const AppIdLimits& limits);
    ~AppId();
    AppId(const AppId&) = delete;
    AppId& operator=(const AppId&) = delete;

    /// Borrows a record for a new flow; none (and counted) when all are out.
    /// @param transport  the flow's protocol number as in the IP header (6: TCP); packets of another are not looked at
    Handle begin(std::uint8_t transport) noexcept;

    /// Shows one packet.
    /// @param packet  from its IPv4 or IPv6 header on; not kept. Fragments and tunnels: the inner, whole packet
    /// @return what is known so far; give the handle back by `end` once it is decided
    /// @cost   nDPI may take memory of its own for a handshake it follows; bounded per flow, freed by `end`
    Answer feed(Handle handle, Bytes packet, TimeNs time, Direction direction) noexcept;

    /// The best guess for a flow that ends before an answer stands.
    Answer give_up(Handle handle) noexcept;

    /// Gives the record back. A handle of none is fine.
    void end(Handle handle) noexcept;

    /// "BitTorrent", "TLS.TeamViewer" is told as "TeamViewer"; "Unknown". Views live as long as the AppId.
    std::string_view name(const Answer& answer) const noexcept;
    std::string_view protocol_name(const Answer& answer) const noexcept;
    std::string_view category_name(const Answer& answer) const noexcept;

    /// Protocols and applications are numbered below this.
    std::size_t applications() const noexcept;
    std::string_view name_of(std::uint16_t application) const noexcept;
    /// By name, without regard to case: "BitTorrent". @cost a walk over all names; control plane
    std::optional<std::uint16_t> find(std::string_view name) const noexcept;
    std::uint16_t category_of(std::uint16_t application) const noexcept;  ///< nDPI's number; see category_name
    /// Index into groups(), kNoGroup for most.
    std::size_t group_of(std::uint16_t application) const noexcept;

    std::size_t borrowed() const noexcept;
    const Counters<AppIdCounter>& counters() const noexcept;

  private:
    struct Library;
    explicit AppId(std::unique_ptr<Library> library);
    std::unique_ptr<Library> library_;
};

}  // namespace sekisho::appid
