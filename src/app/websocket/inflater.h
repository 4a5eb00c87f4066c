// Takes the compression off the messages of one direction (permessage-deflate, RFC 7692 section 7.2.2). The window of
// the stream is kept from message to message, which is right whether or not the ends agreed on "no context takeover".
#pragma once

#include <cstdint>
#include <type_traits>

#include "sekisho/base/bytes.h"

struct z_stream_s;

namespace sekisho::app::websocket {

class Inflater {
  public:
    Inflater() noexcept = default;
    ~Inflater();
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;

    bool usable() const noexcept { return !dead_; }
    void begin_message() noexcept { octets_out_ = 0; }
    /// @param take  void(Bytes piece), called for each piece of the result; the bytes live through the call
    /// @return      false when it is no deflate or more than kWebSocketInflatedMax octets: nothing more of this direction
    ///              can be read then
    template <class Take>
    bool write(Bytes in, Take&& take) noexcept {
        return run(in, [](void* context, Bytes piece) noexcept { (*static_cast<std::remove_reference_t<Take>*>(context))(piece); }, &take);
    }
    /// Hands out what the end of a message still holds back.
    template <class Take>
    bool end_message(Take&& take) noexcept {
        constexpr std::uint8_t kTail[] = {0x00, 0x00, 0xff, 0xff};
        return write(kTail, take);
    }

  private:
    bool run(Bytes in, void (*take)(void* context, Bytes piece) noexcept, void* context) noexcept;

    z_stream_s* zlib_ = nullptr;   ///< made with the first compressed message
    std::uint64_t octets_out_ = 0; ///< of this message
    bool dead_ = false;
};

}  // namespace sekisho::app::websocket
