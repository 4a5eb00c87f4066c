// SMB 2 and 3 messages (MS-SMB2 section 2.2): what each command says, and where content lies in it.
#pragma once

#include "app/smb/state.h"

namespace sekisho::app::smb {

constexpr std::size_t kSmb2Header = 64;

/// The size of the message at the begin of `record` (a compound holds several) and how much of it must be there
/// before it is read. @param head  at least kSmb2Header octets   @param left  octets of the record
struct Smb2Extent {
    std::uint32_t size = 0;
    std::size_t needed = 0;
};
Smb2Extent smb2_extent(Bytes head, std::uint32_t left, Direction direction) noexcept;

/// Reads one message. @param message  its first octets (Smb2Extent::needed)   @param size  of all of it
/// @return where content begins that goes to a file; `region.file` is kNone when there is none
Region on_smb2(State& state, Direction direction, Bytes message, std::uint32_t size, FieldSink& out) noexcept;

}  // namespace sekisho::app::smb
