// DNS over HTTP/2 (RFC 8484): messages in the path of a request and in bodies of their media type.
#pragma once

#include "app/http2/head.h"
#include "sekisho/app/parser.h"

namespace sekisho::app::http2 {

/// Whether the body that follows a head is a DNS message, as it is (not compressed).
bool brings_dns(const Head& head) noexcept;

/// Tells the query that a GET carries in its path. False when there is none.
bool tell_dns_of_path(TxId tx, const Head& head, FieldSink& out) noexcept;

/// Tells a body. @param message  what is there of it
void tell_dns(TxId tx, Bytes message, FieldSink& out) noexcept;

}  // namespace sekisho::app::http2
