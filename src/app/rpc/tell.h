// What the transaction of an NFS call says of its procedures.
#pragma once

#include <cstdint>

#include "app/rpc/layout.h"
#include "app/rpc/procedures.h"
#include "sekisho/app/parser.h"

namespace sekisho::app::rpc {

/// Field::nfs_procedure: the number, four octets.
void put_procedure(TxId tx, std::uint32_t number, FieldSink& out) noexcept;
/// The names among the arguments.
void tell_names(TxId tx, const Found& found, FieldSink& out) noexcept;

}  // namespace sekisho::app::rpc
