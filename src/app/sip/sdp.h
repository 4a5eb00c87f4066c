// Session descriptions (RFC 8866), as SIP messages carry them.
#pragma once

#include "sekisho/app/parser.h"

namespace sekisho::app::sip {

/// Puts each "x=value" line of a description into its field. Lines that are none are passed over.
/// @param body  the whole description
void put_session_description(TxId tx, std::string_view body, FieldSink& out) noexcept;

}  // namespace sekisho::app::sip
