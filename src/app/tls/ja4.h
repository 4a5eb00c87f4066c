// JA4, the TLS client fingerprint (FoxIO's public description; this part of it is under a BSD licence):
//   t13d1516h2_8daaf6152771_e5627efa2ab1
//   carrier, version, whether a name is sent, numbers of ciphers and of extensions, first protocol; then twelve
//   digits of the SHA-256 of the sorted ciphers, and of the sorted extensions with the signature algorithms.
// GREASE values (RFC 8701) are left out. Lists are cut at 256 numbers; the counts go to 99.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "app/tls/ja3.h"
#include "sekisho/base/bytes.h"

namespace sekisho::app::tls {

class NumberList {
  public:
    void add(std::uint16_t value) noexcept {
        if (!is_grease(value) && size_ < values_.size()) values_[size_++] = value;
    }
    std::size_t size() const noexcept { return size_; }
    const std::uint16_t* begin() const noexcept { return values_.data(); }
    const std::uint16_t* end() const noexcept { return values_.data() + size_; }
    void sort() noexcept;

  private:
    std::array<std::uint16_t, 256> values_;
    std::size_t size_ = 0;
};

struct Ja4 {
    static constexpr std::size_t kTextSize = 36;

    bool over_quic = false;
    std::uint16_t version = 0;  ///< newest that is offered
    bool named = false;         ///< the server_name extension is there
    Bytes protocol;             ///< first of ALPN; not owned
    NumberList ciphers;
    NumberList extensions;
    NumberList signatures;

    /// Sorts the lists and writes the fingerprint.
    void write(std::array<char, kTextSize>& out) noexcept;
};

}  // namespace sekisho::app::tls
