// Parts of a host name by the Public Suffix List (libpsl), its private part included, as Suricata's transforms use it.
#pragma once

#include "sekisho/base/bytes.h"

namespace sekisho::signature {

/// The name that somebody can register: "example.co.uk" of "www.example.co.uk". Letter case does not count.
/// @return a view into `host`; empty when there is none, or when `host` is longer than a name may be (RFC 1035)
/// @cost   a look-up for each label, no allocation    @thread any
Bytes registrable_domain(Bytes host) noexcept;

/// The public suffix below which it is registered: "co.uk". Empty when there is no registrable name.
Bytes public_suffix(Bytes host) noexcept;

}  // namespace sekisho::signature
