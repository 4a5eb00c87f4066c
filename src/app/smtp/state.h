// What the SMTP parser keeps of one connection.
#pragma once

#include <array>

#include "app/mime/mime.h"
#include "sekisho/app/limits.h"

namespace sekisho::app::smtp {

enum class Command : std::uint8_t { other, hello, mail, data, end_of_data, bdat, reset, start_tls, quit };

constexpr TxId kNoTx = ~TxId{0};

/// A command that waits for its reply.
struct Pending {
    Command command = Command::other;
    TxId tx = kNoTx;
};

class Pipeline {
  public:
    bool empty() const noexcept { return size_ == 0; }
    bool full() const noexcept { return size_ == kSmtpPipelineMax; }
    void push(const Pending& pending) noexcept {
        slots_[(head_ + size_++) % kSmtpPipelineMax] = pending;
    }
    Pending pop() noexcept {
        const Pending oldest = slots_[head_];
        head_ = static_cast<std::uint8_t>((head_ + 1u) % kSmtpPipelineMax);
        --size_;
        return oldest;
    }
    bool holds(TxId tx) const noexcept {
        for (std::uint8_t i = 0; i < size_; ++i)
            if (slots_[(head_ + i) % kSmtpPipelineMax].tx == tx) return true;
        return false;
    }

  private:
    std::array<Pending, kSmtpPipelineMax> slots_{};
    std::uint8_t head_ = 0;
    std::uint8_t size_ = 0;
};

/// What the client's next octets are.
enum class Mode : std::uint8_t { command, data, chunk };

struct State {
    Pipeline pipeline;
    Mode mode = Mode::command;
    TxId tx = 0;                 ///< the one that commands belong to
    bool open = false;
    bool any_tx = false;         ///< there was one
    bool mail_begun = false;     ///< MAIL was sent in this transaction
    bool data_begun = false;     ///< the client has sent content after DATA
    bool line_start = true;      ///< data: at the start of a line
    bool greeted = false;
    bool start_tls_sent = false;
    bool tls = false;            ///< what follows is TLS
    bool skipping[2] = {false, false};
    bool reply_begun = false;    ///< inside a reply of several lines
    bool ended[2] = {false, false};
    std::uint8_t recipients = 0;
    std::uint8_t helo_size = 0;
    std::uint64_t chunk_left = 0;
    bool chunk_last = false;
    std::array<char, 255> helo;
    mime::Mime mail;
};

}  // namespace sekisho::app::smtp
