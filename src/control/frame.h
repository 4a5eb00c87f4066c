// The bytes on a control socket. Integers are big-endian; no alignment.
//
//   frame    | length u32 | body: length bytes |
//   request  | version u8 = 1 | words u16 | { size u32 | bytes } x words |     first word: the
//   command reply    | version u8 = 1 | ok u8: 0, 1 | text: the rest |
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sekisho/base/bytes.h"
#include "sekisho/base/result.h"
#include "sekisho/control/message.h"

namespace sekisho::control {

constexpr std::uint8_t kProtocolVersion = 1;
constexpr std::size_t kLengthBytes = 4;

/// The whole frame. @error limit: more words or bytes than a request may have; invalid: no command.
Result<std::string> encode_request(const Request& request);
/// The whole frame; a text too long for a reply is replaced by a refusal that says so.
std::string encode_reply(const Reply& reply);

/// The request in a frame's body. @error invalid: not exactly one well-formed request.
Result<Request> parse_request(Bytes body);
/// The reply in a frame's body. @error invalid.
Result<Reply> parse_reply(Bytes body);

/// Gathers one frame from pieces of a stream. Memory follows the bytes that came, never the length
/// that was announced.
class FrameReader {
  public:
    enum class State { need_more, whole, broken };

    explicit FrameReader(std::size_t body_max_bytes) noexcept : body_max_bytes_(body_max_bytes) {}

    /// Takes a piece. `broken`: the announced length is over the limit, or bytes follow the frame.
    State append(Bytes piece);
    /// The body once `append` said whole; lives as long as the reader.
    Bytes body() const noexcept { return as_bytes(buffer_).subspan(kLengthBytes); }
    std::size_t size() const noexcept { return buffer_.size(); }

  private:
    std::size_t body_max_bytes_;
    std::string buffer_;
};

}  // namespace sekisho::control
