// Which protocol a field belongs to, and which protocols of a rule's header go together with it.
#pragma once

#include "sekisho/app/field.h"
#include "sekisho/app/protocol.h"

namespace sekisho::signature {

/// By the first word of the field's name; unknown: fields of packets and of files, which any protocol carries.
app::Protocol protocol_of(app::Field field) noexcept;

/// JA3 and JA4 of TLS, which QUIC's handshake has as well.
bool is_fingerprint(app::Field field) noexcept;

/// A rule about `rule` may use what belongs to `used` (http2 carries http fields, quic carries tls fields).
bool protocols_agree(app::Protocol rule, app::Protocol used) noexcept;

}  // namespace sekisho::signature
