// Fragments' data: blocks of one size from one mapping, by index. A fragment that does not fit in one block
// is several pieces with the same fragment_start and arrival.
#pragma once

#include <cstddef>
#include <cstdint>

#include "sekisho/base/bytes.h"

namespace sekisho::packet {

struct Piece {
    std::uint32_t next;            ///< of the datagram, by offset; 0: none
    std::uint16_t offset;          ///< in the datagram's payload
    std::uint16_t size;
    std::uint16_t fragment_start;  ///< offset of the fragment that it came in
    std::uint16_t arrival;         ///< fragments of the datagram counted as they came
    static constexpr std::size_t kRoom = 2048 - 12;
    std::uint8_t data[kRoom];

    std::uint32_t end() const noexcept { return std::uint32_t{offset} + size; }
    Bytes bytes() const noexcept { return {data, size}; }
};
static_assert(sizeof(Piece) == 2048);

class PiecePool {
  public:
    explicit PiecePool(std::size_t bytes);
    ~PiecePool();
    PiecePool(const PiecePool&) = delete;
    PiecePool& operator=(const PiecePool&) = delete;

    std::uint32_t take() noexcept;  ///< 0 when there is none
    void give(std::uint32_t index) noexcept;
    Piece& operator[](std::uint32_t index) noexcept { return pieces_[index]; }

  private:
    Piece* pieces_ = nullptr;  // piece 0 is not used
    std::uint32_t count_;
    std::uint32_t fresh_ = 1;  // from here on never taken
    std::uint32_t free_ = 0;
};

}  // namespace sekisho::packet
