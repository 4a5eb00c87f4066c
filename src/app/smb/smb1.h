// SMB 1 messages (MS-CIFS section 2.2, MS-SMB): chains of AndX commands.
#pragma once

#include "app/smb/state.h"

namespace sekisho::app::smb {

constexpr std::size_t kSmb1Header = 32;

/// Reads one message: all of it, or its first kSmb1WholeMax octets.
/// @return content behind what is there; `region.file` is kNone when there is none
Region on_smb1(State& state, Direction direction, Bytes message, std::uint32_t size, FieldSink& out) noexcept;

}  // namespace sekisho::app::smb
