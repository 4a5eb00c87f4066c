// SSH_MSG_KEXINIT (RFC 4253 section 7.1) and HASSH: the algorithms of one side, joined, and the MD5 of that.
#pragma once

#include "sekisho/app/parser.h"

namespace sekisho::app::ssh {

/// @param message  behind the message number
void put_kex_init(TxId tx, Direction direction, Bytes message, FieldSink& out) noexcept;

}  // namespace sekisho::app::ssh
