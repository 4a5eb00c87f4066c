// Kerberos 5 messages between client and key distribution centre (RFC 4120 section 5.4, 5.9.1): AS and TGS requests
// and replies, errors. AP messages are recognised and hold nothing in the clear that rules ask for.
#pragma once

#include "sekisho/app/parser.h"

namespace sekisho::app::krb5 {

constexpr unsigned kAsReq = 10, kAsRep = 11, kTgsReq = 12, kTgsRep = 13, kApReq = 14, kApRep = 15, kError = 30;

/// Number of the message that begins with this identifier octet, or 0.
unsigned message_type(std::uint8_t tag) noexcept;

/// Encryption types of RFC 8009, RFC 3962 and RFC 6803 count as strong; all others are deprecated (RFC 6649, 8429).
bool weak_encryption(std::int64_t type) noexcept;

/// One message as a transaction of its own: what a rule asks of a request must not wait for the reply.
void tell_message(Direction direction, Bytes message, FieldSink& out) noexcept;

/// An AP-REQ inside another protocol: shows realm and service of its ticket in the record of `tx`.
void tell_ticket(TxId tx, Bytes ap_req, FieldSink& out) noexcept;

}  // namespace sekisho::app::krb5
