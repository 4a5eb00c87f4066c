// Object headers of a DNP3 message (IEEE 1815 section 4 and annex A).
#pragma once

#include "sekisho/app/parser.h"

namespace sekisho::app::dnp3 {

/// Puts group and variation of each object into Field::dnp3_object, and an event where the walk has to stop.
/// @param objects    behind function code and indications
/// @param with_data  false: only ranges follow the headers (a request to read)
void put_objects(TxId tx, Bytes objects, bool with_data, FieldSink& out) noexcept;

}  // namespace sekisho::app::dnp3
