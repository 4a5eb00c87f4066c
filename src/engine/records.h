// Turns what the engine knows into events: alerts, http / tls / dns records, flow records, drops.
#pragma once

#include "sekisho/detect/matcher.h"
#include "sekisho/engine/verdict.h"
#include "sekisho/event/event.h"
#include "sekisho/sign/sign.h"
#include "sekisho/signature/parser.h"
#include "session.h"
#include "transaction.h"

namespace sekisho::engine {

/// What the URL filter decided, for its event.
struct UrlFinding {
    std::string_view host, path, category, origin, rule, reason;
    std::uint8_t decided = 0;  ///< urlfilter::Action
};

/// What nDPI says of a conversation. Views live as long as its library.
struct FlowApplication {
    std::string_view protocol;
    std::string_view application;   ///< empty: nothing beyond the protocol
    std::string_view category;
    std::uint64_t risks = 0;
};

class Records {
  public:
    Records(event::Sink& sink, bool protocol_events, unsigned worker)
        : sink_(sink), protocol_events_(protocol_events), worker_(worker) {}

    /// The packet that later records are caused by; null between packets.
    void begin(const packet::Packet* packet) noexcept { packet_ = packet; }
    const packet::Packet* packet() const noexcept { return packet_; }

    /// @param hit  with its rule; `blocked` when its action was carried out
    void alert(const signature::CompiledRule& rule, const detect::Hit& hit, const flow::Flow* flow,
               const flow::Session* session, flow::Direction direction, event::Action action) noexcept;
    /// The record of a finished transaction: http, tls or dns; none for other protocols.
    void transaction(const flow::Flow& flow, const detect::Message& message, TimeNs now) noexcept;
    /// Whether files are told by themselves.
    bool tells_files() const noexcept { return protocol_events_; }
    /// The file that has just ended in this direction of the message.
    void file(const flow::Flow& flow, const detect::Message& message, app::Direction direction, TimeNs now) noexcept;
    void flow_end(const flow::Flow& flow, const flow::Session* session, flow::FlowEnd why,
                  const FlowApplication& application) noexcept;
    /// Application control spoke: an alert of its own group of rules.
    /// @param number  nDPI's, which stands for the sid   @param group  empty: the application was named itself
    void application(const flow::Flow& flow, flow::Direction direction, std::uint32_t number, std::string_view name,
                     std::string_view group, event::Action action) noexcept;
    void drop(const flow::Flow* flow, Cause cause, std::uint32_t sid) noexcept;
    void anomaly(const flow::Flow* flow, app::Protocol protocol, std::string_view what) noexcept;
    /// A passive sign of who the packet's sender (or the DHCP client) is.
    /// @param mac  the sender's, as the flow has it
    void host(const sign::Sign& sign, const std::array<std::uint8_t, 6>& mac) noexcept;
    /// The URL filter's word on a transaction. @return the incident number shown to the person
std::uint64_t url(const flow::Flow& flow, const UrlFinding& finding, event::Action action) noexcept;

    std::uint64_t written() const noexcept { return written_; }

  private:
    event::Event& fresh(event::Kind kind, const flow::Flow* flow, TimeNs time) noexcept;
    void write() noexcept;

    event::Sink& sink_;
    bool protocol_events_;
    unsigned worker_;
    const packet::Packet* packet_ = nullptr;
    event::Event event_;
    std::uint64_t written_ = 0;
    std::uint64_t incidents_ = 0;
};

}  // namespace sekisho::engine
