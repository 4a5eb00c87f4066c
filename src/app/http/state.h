// What the HTTP parser keeps of one connection.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "app/http/content_decoder.h"
#include "app/http/framing.h"
#include "app/http/lines.h"
#include "app/http/multipart.h"
#include "sekisho/app/limits.h"
#include "sekisho/app/parser.h"

namespace sekisho::app::http {

enum class Method : std::uint8_t { other, head, connect };

/// A transaction whose response is not complete.
struct Pending {
    TxId tx = 0;
    Method method = Method::other;
    bool request_done = false;
    bool response_done = false;
};

/// The transactions in the order of their requests.
class Pipeline {
  public:
    bool empty() const noexcept { return size_ == 0; }
    bool full() const noexcept { return size_ == kHttpPipelineMax; }
    std::size_t size() const noexcept { return size_; }
    Pending& front() noexcept { return slots_[head_]; }
    Pending& back() noexcept { return slots_[(head_ + size_ - 1u) % kHttpPipelineMax]; }
    void push(const Pending& pending) noexcept { slots_[(head_ + size_++) % kHttpPipelineMax] = pending; }
    void pop() noexcept {
        head_ = static_cast<std::uint8_t>((head_ + 1u) % kHttpPipelineMax);
        --size_;
    }

  private:
    std::array<Pending, kHttpPipelineMax> slots_{};
    std::uint8_t head_ = 0;
    std::uint8_t size_ = 0;
};

/// One direction: the head that is being waited for, or the body that is being read.
struct MessageState {
    LinePlace scan;            ///< head: lines before it are known to be whole
    std::size_t line_end = 0;  ///< head: where the start line ends, once it is told
    bool line_told = false;
    bool skip_head = false;    ///< the rest of an overlong head is passed over
    bool inside_line = false;  ///< ... and its current line began earlier
    bool body_begun = false;
    bool body_ended = false;
    bool long_told = false;    ///< a line of this head that is too long was told
    bool chunk_told = false;   ///< an odd chunk of this body was told
    bool doubtful = false;     ///< a response that should have no body announces one
    BodyFramer framer;
};

class HeaderList;

/// A request that asks for HTTP/2: method, target and host, each on a line. Its answer comes on stream 1.
struct UpgradeRequest {
    TxId tx = 0;
    std::uint16_t size = 0;
    std::array<char, kInheritedMax> text;
};

struct State {
    Pipeline pipeline;
    MessageState request;
    MessageState response;
    Multipart multipart;
    ContentDecoder request_decoder;
    ContentDecoder decoder;        ///< of response bodies
    TxId request_tx = 0;           ///< of the request that is being read
    Method request_method = Method::other;
    bool request_pushed = false;   ///< it waits in the pipeline
    bool request_bare = false;     ///< its line names no protocol: HTTP/0.9, or header fields follow all the same
    TxId response_tx = 0;          ///< of the response that is being read
    bool response_matched = false; ///< it answers the oldest request
    std::uint64_t response_octets = 0;  ///< body octets so far, transfer coding removed
    bool continue_seen = false;
    bool tunnel = false;           ///< CONNECT or Upgrade: no HTTP from here on
    std::unique_ptr<UpgradeRequest> upgrade;   ///< the newest that fits; most connections have none
    Protocol tunnelled = Protocol::unknown;  ///< ... but this, when the server has named one that nothing else tells
    bool ended[2] = {false, false};
};

/// Starts a decoder as a Content-Encoding says, with events for what is odd about it.
void start_decoder(ContentDecoder& decoder, TxId tx, const HeaderList& headers, FieldSink& out) noexcept;

Step parse_request(State& state, Bytes in, FieldSink& out) noexcept;
Step parse_response(State& state, Bytes in, FieldSink& out) noexcept;
void end_request(State& state, FieldSink& out) noexcept;
void end_response(State& state, FieldSink& out) noexcept;
/// The request of the newest transaction is complete.
void finish_request(State& state, FieldSink& out) noexcept;
/// The response of the oldest transaction is complete.
void finish_response(State& state, FieldSink& out) noexcept;

}  // namespace sekisho::app::http
