// Between stream and parsers: finds out which protocol a flow speaks, feeds its parser in order, takes what
// the parser finds into transactions, and has the matcher look at each part as soon as it is known.
#pragma once

#include <functional>

#include "frames.h"
#include "records.h"
#include "sekisho/app/parser_selection.h"
#include "sekisho/detect/matcher.h"
#include "sekisho/engine/expectations.h"
#include "sekisho/engine/policy.h"
#include "sekisho/stream/tcp.h"
#include "session.h"
#include "transaction.h"

namespace sekisho::engine {

struct AppCounters {
    std::uint64_t recognised = 0, unknown = 0, broken = 0, gaps = 0, transactions = 0, transactions_dropped = 0,
                  fields_dropped = 0, bodies_lost = 0, handed_over = 0, frames_lost = 0;
    std::uint64_t files = 0, files_untracked = 0, archives = 0, archive_members = 0, archive_limits = 0;
};

/// What the URL filter may judge: told at most once per transaction.
class UrlGate {
  public:
    virtual ~UrlGate() = default;
    virtual void names_known(Transaction& tx) noexcept = 0;
};

class AppLayer final : public app::FieldSink {
  public:
    AppLayer(TransactionStore& transactions, detect::Matcher& matcher, Records& records, UrlGate& gate,
             Expectations& expectations, const app::ParserSelection& parsers)
        : transactions_(transactions), matcher_(matcher), records_(records), gate_(gate), expectations_(expectations), parsers_(parsers) {}

    /// Binds the packet at hand. Every other call is about this packet until the next begin.
    void begin(const Policy& policy, flow::Flow& flow, flow::Session& session) noexcept;

    /// What is kept of a direction's stream: both may be looked at, whichever grew.
    void see(flow::Direction direction, stream::Window& window) noexcept { windows_[flow::index(direction)] = &window; }
    /// In-order bytes of one direction have grown: parses and scans what is new.
    void on_stream(flow::Direction direction, stream::Window& window) noexcept;
    /// Bytes were lost in one direction just before the window's present begin.
    void on_gap(flow::Direction direction, std::uint64_t octets, std::uint64_t resume_at) noexcept;
    /// Nothing more comes in this direction.
    void on_end(flow::Direction direction) noexcept;
    /// One datagram.
    void on_datagram(flow::Direction direction, Bytes payload) noexcept;
    /// Frees the transactions that were closed during this packet; after the matcher has finished.
    void reap() noexcept;
    /// Whether the flow's first packet carries a server's answer, so that the flow is seen the wrong way round.
    bool begins_with_answer(const packet::Packet& packet, const flow::Flow& flow) const noexcept;
    /// What this packet has shown of the connection's protocol: bits of app::FlowEvent.
    std::uint8_t flow_events() const noexcept { return flow_events_; }
    /// The parser has refused this packet's bytes.
    bool refused() const noexcept { return refused_; }
    /// Whether the packet holds what hosts read in different ways (ambiguity.h).
    bool ambiguous() const noexcept { return ambiguous_; }
    /// Ends everything about a session that leaves: open transactions are recorded and freed.
    void release(const flow::Flow& flow, flow::Session& session, TimeNs now) noexcept;

    // app::FieldSink
    app::TxId open() noexcept override;
    void put(app::TxId tx, app::Field field, Bytes value) noexcept override;
    void append(app::TxId tx, app::Field field, Bytes more) noexcept override;
    void fact(app::TxId tx, app::Fact fact, std::uint64_t value) noexcept override;
    void body(app::TxId tx, app::Direction direction, app::Field field, Bytes piece, app::BodyPart part) noexcept override;
    void stage(app::TxId tx, app::Direction direction, app::Stage stage) noexcept override;
    void event(app::TxId tx, app::AppEvent event) noexcept override;
    void frame(app::Direction direction, app::Field frame, Bytes begin, std::uint64_t octets) noexcept override;
    void frame_ends(app::Direction direction, app::Field frame) noexcept override;
    void speaks(app::TxId tx, app::Protocol protocol) noexcept override;
    void expect(const app::Expected& conversation) noexcept override;
    void close(app::TxId tx) noexcept override;

    const AppCounters& counters() const noexcept { return counters_; }

  private:
    void probe_stream(std::array<stream::Window*, 2> windows) noexcept;
    void compare_sides(flow::Direction direction, const stream::Window& window) noexcept;
    void settle_protocol(const app::Parser& parser) noexcept;
    flow::Direction reverse_flow(flow::Direction direction) noexcept;
    bool meet_expected() noexcept;
    void fail(flow::Direction direction, app::Fault fault) noexcept;
    void hand_over(flow::Direction direction, app::Protocol next) noexcept;
    void end_parser(flow::Direction first) noexcept;
    void release_parser(flow::Session& session) noexcept;
    void parse(flow::Direction direction, stream::Window& window) noexcept;
    void try_woken() noexcept;
    void recognise_and_parse(flow::Direction direction, stream::Window& window) noexcept;
    void scan_payload(flow::Direction direction, const stream::Window& window, std::uint64_t up_to) noexcept;
    void scan_fields(Transaction& tx, app::Direction direction) noexcept;
    void store_body(Transaction& tx, std::size_t slot, Bytes piece) noexcept;
    void scan_body(Transaction& tx, std::size_t slot, Bytes view, std::size_t offset) noexcept;
    void take_body(Transaction& tx, std::size_t index, app::Direction direction, app::Field field, Bytes piece,
                   app::BodyPart part) noexcept;
    void put_in_place(Transaction& tx, std::size_t index, Bytes piece) noexcept;
    void adopt_policy() noexcept;

    // app_frames.cpp
    void inspect_frame(OpenFrame& frame, Bytes bytes, std::uint64_t base, bool complete) noexcept;
    bool follow_frame(OpenFrame& frame, const stream::Window& window) noexcept;
    void keep_frame(const OpenFrame& frame) noexcept;
    void end_frames_at(std::uint64_t offset) noexcept;
    void follow_frames(flow::Direction direction, const stream::Window& window) noexcept;
    void complete_frames(flow::Direction direction) noexcept;
    void begin_stream_frames() noexcept;
    void give_frames(flow::Session& session) noexcept;

    // app_files.cpp
    friend class ArchiveMembers;
    bool watches_files() const noexcept;
    void begin_file(Transaction& tx, app::Direction direction, bool member, std::size_t slot, Bytes name) noexcept;
    void grow_file(Transaction& tx, app::Direction direction, bool member, Bytes piece, bool last) noexcept;
    void end_file(Transaction& tx, app::Direction direction, bool member) noexcept;
    void tell_file_type(Transaction& tx, app::Direction direction, bool member, bool last) noexcept;
    void open_archive(Transaction& tx, app::Direction direction, unsigned level, Bytes head) noexcept;
    void close_archive(Transaction& tx, app::Direction direction, unsigned level) noexcept;
    Bytes name_for(const Transaction& tx, app::Direction direction) const noexcept;
    void scan_file_text(Transaction& tx, app::Direction direction, app::Field field, Bytes text) noexcept;
    void refresh_bodies(flow::Direction direction, const stream::Window& window) noexcept;
    bool adopt_stream_bytes(BodyStore& store, Bytes piece) noexcept;
    std::uint16_t server_port() const noexcept { return flow_->server_port; }
    app::Transport transport() const noexcept {
        return flow_->ip_protocol == packet::ip_proto::udp ? app::Transport::udp : app::Transport::tcp;
    }

    TransactionStore& transactions_;
    detect::Matcher& matcher_;
    Records& records_;
    UrlGate& gate_;
    Expectations& expectations_;
    const app::ParserSelection& parsers_;
    Pool<OpenFrames> frame_lists_{kFrameLists};
    detect::Message frame_message_;   ///< the frame at hand, as rules see it
    AppCounters counters_;

    const Policy* policy_ = nullptr;
    flow::Flow* flow_ = nullptr;
    flow::Session* session_ = nullptr;
    std::array<stream::Window*, 2> windows_{};   ///< of the packet's flow, where on_stream was called
    Bytes datagram_;                             ///< the one at hand
    flow::Direction parsing_ = flow::Direction::to_server;
    bool any_closed_ = false;
    bool ambiguous_ = false;
    bool refused_ = false;
    std::uint8_t flow_events_ = 0;
    app::Direction packet_direction() const noexcept {
        return static_cast<app::Direction>(matcher_.context().direction);
    }
};

}  // namespace sekisho::engine
