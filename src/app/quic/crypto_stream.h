// The handshake's octets out of CRYPTO frames, in whatever order they come (RFC 9000 section 19.6). What came first
// counts where pieces overlap, as with TCP.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "sekisho/base/bytes.h"

namespace sekisho::app::quic {

template <std::size_t Size, std::size_t Pieces>
class CryptoStream {
  public:
    /// False when the piece lies beyond what is held, or makes more holes than are held.
    bool add(std::uint64_t offset, Bytes piece) noexcept {
        if (offset > Size || piece.size() > Size - offset) return false;
        auto begin = static_cast<std::uint32_t>(offset);
        const auto end = static_cast<std::uint32_t>(offset + piece.size());
        std::size_t i = 0;
        while (begin < end) {
            while (i < count_ && pieces_[i].end <= begin) ++i;
            const std::uint32_t next = i < count_ ? std::min(end, pieces_[i].begin) : end;
            if (begin < next) {
                std::memcpy(octets_.data() + begin, piece.data() + (begin - offset), next - begin);
                if (!mark(begin, next)) return false;
                i = 0;
            }
            begin = std::max(next, begin);
            for (std::size_t k = 0; k < count_; ++k)
                if (pieces_[k].begin <= begin && pieces_[k].end > begin) begin = pieces_[k].end;
        }
        return true;
    }
    /// What is known from the first octet on.
    Bytes front() const noexcept {
        return count_ != 0 && pieces_[0].begin == 0 ? Bytes(octets_).first(pieces_[0].end) : Bytes{};
    }
    void clear() noexcept { count_ = 0; }

  private:
    struct Piece {
        std::uint32_t begin, end;
    };

    // The new piece touches or stands between known ones: they stay in order, neighbours become one.
    bool mark(std::uint32_t begin, std::uint32_t end) noexcept {
        std::size_t at = 0;
        while (at < count_ && pieces_[at].end < begin) ++at;
        if (at < count_ && pieces_[at].begin <= end) {
            pieces_[at].begin = std::min(pieces_[at].begin, begin);
            pieces_[at].end = std::max(pieces_[at].end, end);
            while (at + 1 < count_ && pieces_[at + 1].begin <= pieces_[at].end) {
                pieces_[at].end = std::max(pieces_[at].end, pieces_[at + 1].end);
                std::copy(pieces_.begin() + static_cast<std::ptrdiff_t>(at) + 2, pieces_.begin() + static_cast<std::ptrdiff_t>(count_),
                          pieces_.begin() + static_cast<std::ptrdiff_t>(at) + 1);
                --count_;
            }
            return true;
        }
        if (count_ == Pieces) return false;
        std::copy_backward(pieces_.begin() + static_cast<std::ptrdiff_t>(at), pieces_.begin() + static_cast<std::ptrdiff_t>(count_),
                           pieces_.begin() + static_cast<std::ptrdiff_t>(count_) + 1);
        pieces_[at] = {begin, end};
        ++count_;
        return true;
    }

    std::array<Piece, Pieces> pieces_;
    std::size_t count_ = 0;
    std::array<std::uint8_t, Size> octets_;
};

}  // namespace sekisho::app::quic
