// What a session setup says of the user: NTLMSSP messages (MS-NLMP section 2.2.1) and Kerberos tickets (RFC 4120),
// alone or inside SPNEGO (RFC 4178).
#pragma once

#include "sekisho/app/parser.h"

namespace sekisho::app::smb {

/// @param blob  security buffer of a session setup, or a part of it
/// @param tx    the session setup's transaction
void tell_security(TxId tx, Direction direction, Bytes blob, FieldSink& out) noexcept;

}  // namespace sekisho::app::smb
