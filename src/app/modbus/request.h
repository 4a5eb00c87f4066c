// What a Modbus request asks for (Modbus Application Protocol 1.1b3, chapter 6).
#pragma once

#include "sekisho/app/parser.h"

namespace sekisho::app::modbus {

/// Puts function, unit, addresses and written values of a request into `tx`, and events for what is wrong with it.
/// @param pdu  from the function code on, at least one octet
void put_request(TxId tx, std::uint8_t unit, Bytes pdu, FieldSink& out) noexcept;

}  // namespace sekisho::app::modbus
