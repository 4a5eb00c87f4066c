// One MQTT control packet: its header, and what its payload tells (MQTT 3.1, 3.1.1 and 5.0, chapters 2 and 3).
#pragma once

#include "sekisho/app/parser.h"
#include "sekisho/base/byte_reader.h"

namespace sekisho::app::mqtt {

enum Type : std::uint8_t {
    unassigned = 0, connect, connack, publish, puback, pubrec, pubrel, pubcomp, subscribe, suback, unsubscribe, unsuback,
    pingreq, pingresp, disconnect, auth,
};
constexpr std::size_t kTypes = 16;
extern const std::string_view kTypeNames[kTypes];  ///< "connect" ...

struct FixedHeader {
    std::uint8_t type = 0;
    std::uint8_t flags = 0;   ///< DUP 8, QoS 6, RETAIN 1
    std::size_t size = 0;     ///< of the header itself
    std::size_t length = 0;   ///< of what follows
    unsigned qos() const noexcept { return flags >> 1 & 3u; }
};

enum class HeaderResult : std::uint8_t { good, need_more, bad };
HeaderResult read_header(Bytes in, FixedHeader& header) noexcept;

/// What the parser keeps of a message beside its fields.
struct Message {
    bool has_id = false;
    std::uint16_t id = 0;
    std::uint8_t version = 0;   ///< CONNECT only
    bool sound = true;
    bool accepted = false;      ///< CONNACK with reason 0
};

/// Puts the fields of a message into `tx`.
/// @param version  of the connection; 0 while unknown   @param payload  after the fixed header, perhaps cut
Message put_message(TxId tx, const FixedHeader& header, std::uint8_t version, Bytes payload, bool whole, FieldSink& out) noexcept;

}  // namespace sekisho::app::mqtt
