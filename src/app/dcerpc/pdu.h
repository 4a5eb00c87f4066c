// Numbers of connection-oriented PDUs (C706 section 12.6.4.1).
#pragma once

#include <cstdint>

namespace sekisho::app::dcerpc::pdu {

constexpr std::uint8_t kRequest = 0, kResponse = 2, kFault = 3;
constexpr std::uint8_t kBind = 11, kBindAck = 12, kBindNak = 13, kAlterContext = 14, kAlterContextResponse = 15;
constexpr std::uint8_t kTypesEnd = 20;

constexpr std::uint8_t kFirstFragment = 0x01, kLastFragment = 0x02, kHasObject = 0x80;
constexpr std::uint8_t kLittleEndian = 0x10;  ///< first octet of the data representation

}  // namespace sekisho::app::dcerpc::pdu
