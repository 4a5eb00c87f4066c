// Frames of HTTP/2 (RFC 9113 section 4.1).
//   0       3      4       5             9
//   [ length ][ type ][ flags ][ stream id ] payload
#pragma once

#include <cstdint>

#include "sekisho/base/byte_reader.h"

namespace sekisho::app::http2 {

enum class FrameType : std::uint8_t { data, headers, priority, rst_stream, settings, push_promise, ping, goaway, window_update, continuation };
constexpr std::uint8_t kLastType = 9;

constexpr std::uint8_t kEndStream = 0x01;
constexpr std::uint8_t kEndHeaders = 0x04;
constexpr std::uint8_t kPadded = 0x08;
constexpr std::uint8_t kPriority = 0x20;

struct Frame {
    static constexpr std::size_t kHeader = 9;

    std::uint32_t length = 0;
    std::uint8_t type = 0;
    std::uint8_t flags = 0;
    std::uint32_t stream = 0;

    bool is(FrameType wanted) const noexcept { return type == static_cast<std::uint8_t>(wanted); }
    bool has(std::uint8_t flag) const noexcept { return (flags & flag) != 0; }
};

/// @param in  at least nine octets
inline Frame decode_frame(Bytes in) noexcept {
    ByteReader reader(in);
    Frame frame;
    frame.length = reader.u24();
    frame.type = reader.u8();
    frame.flags = reader.u8();
    frame.stream = reader.u32() & 0x7fffffff;
    return frame;
}

/// What is left of a payload when padding (and, of HEADERS, the priority) is taken off. False when they are longer
/// than the payload.
inline bool strip(const Frame& frame, Bytes& payload) noexcept {
    std::size_t front = 0, back = 0;
    if (frame.has(kPadded)) {
        if (payload.empty()) return false;
        front = 1;
        back = payload[0];
    }
    if (frame.is(FrameType::headers) && frame.has(kPriority)) front += 5;
    if (frame.is(FrameType::push_promise)) front += 4;
    if (front + back > payload.size()) return false;
    payload = payload.subspan(front, payload.size() - front - back);
    return true;
}

}  // namespace sekisho::app::http2
