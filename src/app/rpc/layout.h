// How the arguments and results of NFS are laid out, a letter each, and a walk over them (XDR, RFC 4506).
//   f  handle (version 2: 32 octets; else counted)     n  name                       s  counted octets, passed over
//   h  handle that may be absent                       b  bitmap                     4, 8, 6  so many octets (6: sixteen)
//   o  offset in a file, 8 octets (w: 4)               d  content of a file, last    e  whether the file ends there
//   a  attributes of version 2 (p: 3, may be absent)   !  not known: the walk ends
//   T  type of what CREATE makes, O how OPEN makes a file, C what it claims, D a delegation, L a locker (all version 4)
#pragma once

#include <cstdint>
#include <string_view>

#include "sekisho/base/byte_reader.h"
#include "sekisho/base/bytes.h"

namespace sekisho::app::rpc {

constexpr std::uint64_t kSizeUnknown = ~std::uint64_t{0};

/// What a walk has found; views into the message.
struct Found {
    Bytes handle;               ///< the last one
    Bytes name, new_name;
    Bytes content;              ///< as far as the message holds it
    std::uint64_t offset = 0;   ///< of the content in the file
    std::uint64_t size = kSizeUnknown;  ///< of the file
    std::uint32_t behind = 0;   ///< octets of the content behind the message
    std::uint8_t padding = 0;   ///< octets behind the message that fill the content up
    std::uint8_t names = 0;
    bool has_content = false;
    bool end_of_file = false;   ///< with the content
};

/// A count and as many octets, filled up to four.
Bytes read_counted(ByteReader& reader) noexcept;
/// @returns false when the layout does not end inside the message; content that goes on behind it is no fault, but leaves
///          nothing in the reader
bool walk(std::string_view layout, std::uint32_t version, ByteReader& reader, Found& found) noexcept;

}  // namespace sekisho::app::rpc
