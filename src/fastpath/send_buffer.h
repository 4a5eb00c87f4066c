// Frames on their way to one port's send queue, collected so that the device is told once for many.
#pragma once

#include <rte_ethdev.h>
#include <rte_mbuf.h>
#include <rte_pause.h>

#include <array>

#include "fastpath/limits.h"

namespace sekisho::fastpath {

class SendBuffer {
  public:
    SendBuffer() = default;
    SendBuffer(std::uint16_t port, std::uint16_t queue) noexcept : port_(port), queue_(queue) {}

    /// Takes the frame. @return frames lost because the device did not take them
    unsigned add(rte_mbuf* frame) noexcept {
        frames_[count_++] = frame;
        return count_ == frames_.size() ? flush() : 0;
    }

    unsigned flush() noexcept {
        std::uint16_t sent = 0;
        for (unsigned tries = 0; sent < count_ && tries < kSendTries; ++tries) {
            if (tries > 0) ::rte_pause();
            sent = static_cast<std::uint16_t>(sent + ::rte_eth_tx_burst(port_, queue_, &frames_[sent],
                                                                        static_cast<std::uint16_t>(count_ - sent)));
        }
        const unsigned lost = count_ - sent;
        if (lost > 0) ::rte_pktmbuf_free_bulk(&frames_[sent], lost);
        count_ = 0;
        return lost;
    }

  private:
    std::array<rte_mbuf*, kBurstMax> frames_{};
    std::uint16_t count_ = 0;
    std::uint16_t port_ = 0;
    std::uint16_t queue_ = 0;
};

}  // namespace sekisho::fastpath
