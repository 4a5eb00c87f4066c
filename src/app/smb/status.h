// NT status codes by name (MS-ERREF section 2.3), as far as file servers send them.
#pragma once

#include "sekisho/app/parser.h"

namespace sekisho::app::smb {

/// Shows the status in the record: by name where it has one here, else as a number.
void put_status(TxId tx, std::uint32_t status, FieldSink& out) noexcept;

}  // namespace sekisho::app::smb
