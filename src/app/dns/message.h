// DNS messages (RFC 1035 section 4): header, names with compression, record data as text.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "sekisho/app/limits.h"
#include "sekisho/base/byte_reader.h"

namespace sekisho::app::dns {

constexpr std::size_t kHeaderSize = 12;
constexpr unsigned kOpcodesEnd = 7;  ///< operation codes from here on mean nothing

//  0  1  2  3  4  5  6  7  8  9  a  b
// [ id ][flags][ qd ][ an ][ ns ][ ar ]
struct Header {
    std::uint16_t id = 0;
    std::uint16_t flags = 0;
    std::uint16_t questions = 0;
    std::uint16_t answers = 0;
    std::uint16_t authorities = 0;
    std::uint16_t additionals = 0;

    bool is_answer() const noexcept { return (flags & 0x8000) != 0; }
    unsigned opcode() const noexcept { return flags >> 11 & 0x0f; }
    bool z_flag() const noexcept { return (flags & 0x0040) != 0; }
    unsigned rcode() const noexcept { return flags & 0x0f; }
};
Header read_header(ByteReader& reader) noexcept;

enum class NameFault : std::uint8_t { none, cut, too_long, loop };

/// A name as text: labels joined by dots, without the last dot, octets as sent. Holds its own memory.
class Name {
  public:
    /// Reads the name at the cursor; pointers are followed inside `message`.
    NameFault read(Bytes message, ByteReader& reader) noexcept;
    std::string_view text() const noexcept { return {text_.data(), size_}; }

  private:
    std::array<char, kDnsNameMax> text_;
    std::size_t size_ = 0;
};

std::string_view type_name(std::uint16_t type) noexcept;  ///< "AAAA"; empty when it has no name here

/// Whether the data of such a record is, or ends with, a name that rules may ask for (CNAME, NS, PTR, MX, SOA).
bool points_to_name(std::uint16_t type) noexcept;

/// Writes "type rdata" ("A 192.0.2.1", "MX 10 mail.example.com", "HTTPS 1 . alpn=h2"); other types as
/// "TYPE65400 hex".
/// @param rdata_at  offset of the record data in `message`   @return octets written
std::size_t write_record(Bytes message, std::uint16_t type, std::size_t rdata_at, std::size_t rdata_size,
                         MutableBytes out) noexcept;

}  // namespace sekisho::app::dns
