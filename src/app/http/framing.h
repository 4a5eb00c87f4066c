// Where a message body ends: by length, by chunks (RFC 9112 section 7.1) or by the end of the connection.
#pragma once

#include <cstdint>

#include "sekisho/base/bytes.h"

namespace sekisho::app::http {

enum class Framing : std::uint8_t { none, length, chunk_size, chunk_data, chunk_end, trailer, until_close };

/// What one step over the bytes gave.
struct BodyStep {
    std::size_t octets = 0;  ///< done with
    Bytes piece{};           ///< body bytes, a view into the input
    bool need_more = false;
    bool done = false;       ///< the message ends here
    bool bad_chunk = false;  ///< not chunked after all: the rest is the body
    bool odd_chunk = false;  ///< read as browsers do, where a server would stop or read another size
    bool extension = false;  ///< a chunk extension was seen
};

/// Cuts body bytes out of a stream. O(1) for body bytes, one look at each octet of the lines between.
class BodyFramer {
  public:
    void start(Framing framing, std::uint64_t length) noexcept {
        framing_ = framing;
        left_ = length;
    }
    Framing framing() const noexcept { return framing_; }
    bool active() const noexcept { return framing_ != Framing::none; }
    BodyStep step(Bytes in) noexcept;
    /// `octets` were lost. False when the place in the framing is lost with them.
    bool gap(std::uint64_t octets) noexcept;

  private:
    BodyStep data(Bytes in, Framing after) noexcept;
    BodyStep chunk_size(Bytes in) noexcept;
    BodyStep skip_line(Bytes in) noexcept;

    std::uint64_t left_ = 0;
    Framing framing_ = Framing::none;
};

}  // namespace sekisho::app::http
