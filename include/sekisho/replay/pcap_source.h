// Frames out of a capture file (pcap or pcapng). The only door to libpcap.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "sekisho/base/result.h"
#include "sekisho/packet/packet.h"

namespace sekisho::replay {

class PcapSource {
  public:
    /// @param filter  BPF expression; empty: all frames
    /// @error not_found, io, invalid (not a capture, a link type we do not decode, a bad filter): names the file
    static Result<std::unique_ptr<PcapSource>> open(const std::string& path, const std::string& filter);
    ~PcapSource();
    PcapSource(const PcapSource&) = delete;
    PcapSource& operator=(const PcapSource&) = delete;

    /// The next frame; its bytes live until the next call. @return false at the end or at a fault (see error())
    bool next(packet::Frame& frame);
    /// Why the file ended early ("truncated dump file; ..."), empty when it ended well.
    const std::string& error() const noexcept { return error_; }

  private:
    PcapSource() = default;
    struct Handle;
    std::unique_ptr<Handle> handle_;
    packet::Frame::Link link_ = packet::Frame::Link::ethernet;
    std::uint64_t number_ = 0;
    std::string error_;
};

}  // namespace sekisho::replay
