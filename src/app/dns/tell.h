// What a DNS message says, told as fields and facts of a transaction: over UDP, TCP and HTTP/2.
#pragma once

#include <optional>

#include "app/dns/message.h"
#include "sekisho/app/parser.h"

namespace sekisho::app::dns {

/// @param asked  name of the first question
/// @return nothing, with an event, when the message ends inside its header
std::optional<Header> tell_message(TxId tx, Bytes message, Name& asked, FieldSink& out) noexcept;

}  // namespace sekisho::app::dns
