// Facts of an X.509 certificate (RFC 5280) for events and rules, read where the DER lies: no allocation, no
// trust in it, no verification. OpenSSL's parser would build a tree on the heap for each handshake.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "sekisho/base/bytes.h"

namespace sekisho::crypto {

enum class CertificateFault : std::uint8_t { none, bad_length, missing_element, unknown_element };

/// Views point into the DER that was parsed.
struct CertificateFacts {
    Bytes serial;                  ///< octets of the INTEGER, leading 00 included
    Bytes issuer;                  ///< content of the Name
    Bytes subject;
    Bytes alt_names;               ///< content of GeneralNames; empty when there is none
    std::int64_t not_before = 0;   ///< seconds since the epoch
    std::int64_t not_after = 0;
};

struct ParsedCertificate {
    CertificateFacts facts;
    CertificateFault fault = CertificateFault::none;
};

/// @param der  one certificate, whole; what follows it is ignored
/// @cost       linear in `der`, no allocation   @thread any
ParsedCertificate parse_certificate(Bytes der) noexcept;

/// A Name as "C=US, ST=California, O=Example, CN=example.com": types in their order in the certificate, values
/// in UTF-8. Cut off at the end of `out`. @return octets written
std::size_t write_name(Bytes name, MutableBytes out) noexcept;
/// "00:AB:CD". @return octets written; 0 when `out` is shorter than three per octet
std::size_t write_serial(Bytes serial, MutableBytes out) noexcept;
/// SHA-1 of the DER as "aa:bb:...". @return octets written (59)
std::size_t write_fingerprint(Bytes der, MutableBytes out) noexcept;

/// Takes the next name off `alt_names`: DNS name, mail address or URI as sent, IP address as 4 or 16 octets.
/// Nothing at the end or where the DER is broken.
struct AltName {
    enum class Kind : std::uint8_t { mail, dns, uri, ip, other } kind;
    Bytes value;
};
std::optional<AltName> next_alt_name(Bytes& alt_names) noexcept;

}  // namespace sekisho::crypto
