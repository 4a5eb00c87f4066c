// What a parser wants the event record of its protocol to show beside the fields: one "key=text" or "key:number"
// a call, into Field::detail. Control octets are replaced where the record is written.
#pragma once

#include <string_view>

#include "sekisho/app/parser.h"

namespace sekisho::app {

/// Longer texts are cut: a record is for people, rules see the whole field.
constexpr std::size_t kDetailTextMax = 160;

void put_detail(FieldSink& out, TxId tx, std::string_view key, std::string_view text) noexcept;
void put_detail(FieldSink& out, TxId tx, std::string_view key, std::uint64_t number) noexcept;
/// Dotted for four octets, the full form of IPv6 for sixteen; nothing for any other size.
void put_detail_address(FieldSink& out, TxId tx, std::string_view key, Bytes address) noexcept;
/// Lower-case hexadecimal, colons between octets.
void put_detail_hex(FieldSink& out, TxId tx, std::string_view key, Bytes octets) noexcept;

}  // namespace sekisho::app
