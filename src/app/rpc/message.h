// ONC RPC version 2 messages (RFC 5531) as far as NFS needs them: who is called, with which arguments.
#pragma once

#include <cstdint>
#include <optional>

#include "sekisho/base/bytes.h"

namespace sekisho::app::rpc {

constexpr std::uint32_t kNfsProgram = 100003;

struct Call {
    std::uint32_t xid = 0;
    std::uint32_t program = 0, version = 0, procedure = 0;
    Bytes arguments;  ///< empty when the credentials do not end inside the message
};

struct Reply {
    std::uint32_t xid = 0;
    bool accepted = false;
    Bytes results;    ///< empty unless the call was carried out
};

/// @param message  from the transaction id on, maybe cut; nothing when it is no call of RPC version 2
std::optional<Call> read_call(Bytes message) noexcept;
std::optional<Reply> read_reply(Bytes message) noexcept;

}  // namespace sekisho::app::rpc
