// What an NFS call says: procedures and file names (RFC 1094, RFC 1813, RFC 7530, RFC 8881).
#pragma once

#include "app/rpc/message.h"
#include "sekisho/app/parser.h"

namespace sekisho::app::rpc {

/// Tells version, procedures and names of a call. @param call  of program kNfsProgram
void tell_nfs_call(TxId tx, const Call& call, FieldSink& out) noexcept;

}  // namespace sekisho::app::rpc
