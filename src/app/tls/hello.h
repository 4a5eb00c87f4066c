// ClientHello, ServerHello and Certificate messages (RFC 8446 section 4.1, RFC 5246 section 7.4), without
// their four-octet header. Each function tells the sink what it found; a message that is cut gives what is
// whole.
#pragma once

#include "sekisho/app/parser.h"

namespace sekisho::app::tls {

/// The same message comes over TCP and inside QUIC's Initial packets.
enum class Carrier : std::uint8_t { tcp, quic };
void read_client_hello(TxId tx, Bytes message, Carrier carrier, FieldSink& out) noexcept;

struct ServerHello {
    std::uint16_t version = 0;  ///< negotiated, supported_versions included; 0: unreadable
};
ServerHello read_server_hello(TxId tx, Bytes message, FieldSink& out) noexcept;

void read_certificates(TxId tx, Bytes message, FieldSink& out) noexcept;

}  // namespace sekisho::app::tls
