// What a browser says first in TLS.
#pragma once

#include <string>

#include "support/packet_builder.h"

namespace sekisho::testing {

/// A TLS 1.2 ClientHello (RFC 8446 section 4.1.2).
/// @param host       server name (RFC 6066 section 3); empty: none
/// @param encrypted  with an encrypted hello beside it
inline std::string client_hello(const std::string& host, bool encrypted = false) {
    Octets extensions;
    if (!host.empty()) {
        put16(extensions, 0);
        put16(extensions, static_cast<unsigned>(host.size() + 5));
        put16(extensions, static_cast<unsigned>(host.size() + 3));
        put8(extensions, 0);
        put16(extensions, static_cast<unsigned>(host.size()));
        put(extensions, host);
    }
    if (encrypted) {
        put16(extensions, 0xfe0d);
        put16(extensions, 4);
        put(extensions, std::string(4, '\x01'));
    }
    Octets body{3, 3};
    body.resize(34, 0x5a);
    put8(body, 0);
    put16(body, 2);
    put16(body, 0x1301);
    put16(body, 0x0100);
    put16(body, static_cast<unsigned>(extensions.size()));
    put(body, Bytes(extensions));
    Octets record{22, 3, 1};
    put16(record, static_cast<unsigned>(body.size() + 4));
    put8(record, 1);
    put8(record, 0);
    put16(record, static_cast<unsigned>(body.size()));
    put(record, Bytes(body));
    return {record.begin(), record.end()};
}

}  // namespace sekisho::testing
