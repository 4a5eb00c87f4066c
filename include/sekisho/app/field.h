// The vocabulary that parsers and rules share: each field is a named part of a packet or message, and its
// name is the sticky buffer of the rule language (Suricata's names). Neither side includes the other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sekisho::app {

/// Which way the message that carries a field travels.
enum class FieldDirection : std::uint8_t { to_server, to_client, both };

/// How many values a field has in one message, and how they come.
enum class FieldKind : std::uint8_t {
    packet,  ///< part of one packet (headers, payload): never kept
    single,  ///< at most one value a transaction and direction
    multi,   ///< any number of values, each inspected on its own
    body,    ///< comes in pieces; offsets count from its first byte
};

// X(id, "rule name", direction, kind, "one sentence")
#define SEKISHO_FIELDS(X)                                                                                        \
    X(payload, "payload", both, packet, "TCP stream bytes, or the payload of a packet of another protocol")      \
    X(ipv4_hdr, "ipv4.hdr", both, packet, "IPv4 header")                                                         \
    X(ipv6_hdr, "ipv6.hdr", both, packet, "IPv6 header")                                                         \
    X(tcp_hdr, "tcp.hdr", both, packet, "TCP header with options")                                               \
    X(udp_hdr, "udp.hdr", both, packet, "UDP header")                                                            \
    X(icmpv4_hdr, "icmpv4.hdr", both, packet, "ICMPv4 header")                                                   \
    X(icmpv6_hdr, "icmpv6.hdr", both, packet, "ICMPv6 header")                                                   \
    X(ip_src, "ip.src", both, packet, "source address, 4 or 16 octets")                                          \
    X(ip_dst, "ip.dst", both, packet, "destination address, 4 or 16 octets")                                     \
    X(http_uri, "http.uri", to_server, single, "request path and query, normalised and percent-decoded")         \
    X(http_uri_raw, "http.uri.raw", to_server, single, "request target as sent")                                 \
    X(http_method, "http.method", to_server, single, "request method")                                           \
    X(http_protocol, "http.protocol", both, single, "protocol of the request or status line (HTTP/1.1)")         \
    X(http_request_line, "http.request_line", to_server, single, "request line without its line end")            \
    X(http_response_line, "http.response_line", to_client, single, "status line without its line end")           \
    X(http_stat_code, "http.stat_code", to_client, single, "status code")                                        \
    X(http_stat_msg, "http.stat_msg", to_client, single, "reason phrase")                                        \
    X(http_host, "http.host", to_server, single, "host name without port, lower case")                           \
    X(http_host_raw, "http.host.raw", to_server, single, "host as sent")                                         \
    X(http_header, "http.header", both, single, "header lines 'Name: value', CRLF after each, without cookies")  \
    X(http_header_raw, "http.header.raw", both, single, "header lines as sent")                                  \
    X(http_header_names, "http.header_names", both, single, "CRLF, then each header name and CRLF, then CRLF")   \
    X(http_request_header, "http.request_header", to_server, multi, "each request header, 'Name: value'")        \
    X(http_response_header, "http.response_header", to_client, multi, "each response header, 'Name: value'")     \
    X(http_start, "http.start", both, single, "request or status line and raw headers, CRLF line ends")          \
    X(http_user_agent, "http.user_agent", to_server, single, "User-Agent value")                                 \
    X(http_cookie, "http.cookie", both, single, "Cookie or Set-Cookie value")                                    \
    X(http_referer, "http.referer", to_server, single, "Referer value")                                          \
    X(http_accept, "http.accept", to_server, single, "Accept value")                                             \
    X(http_accept_enc, "http.accept_enc", to_server, single, "Accept-Encoding value")                            \
    X(http_accept_lang, "http.accept_lang", to_server, single, "Accept-Language value")                          \
    X(http_connection, "http.connection", both, single, "Connection value")                                      \
    X(http_content_type, "http.content_type", both, single, "Content-Type value")                                \
    X(http_content_len, "http.content_len", both, single, "Content-Length value")                                \
    X(http_server, "http.server", to_client, single, "Server value")                                             \
    X(http_location, "http.location", to_client, single, "Location value")                                       \
    X(http_request_body, "http.request_body", to_server, body, "request body, transfer coding removed")          \
    X(http_response_body, "http.response_body", to_client, body, "response body, codings removed")               \
    X(file_data, "file.data", both, body, "content of a file on the wire: HTTP response body, upload, ...")      \
    X(file_name, "file.name", both, multi, "name of a file on the wire")                                         \
    X(tls_sni, "tls.sni", to_server, single, "server name of the ClientHello")                                   \
    X(tls_cert_subject, "tls.cert_subject", to_client, single, "subject of the server's certificate")            \
    X(tls_cert_issuer, "tls.cert_issuer", to_client, single, "issuer of the server's certificate")               \
    X(tls_cert_serial, "tls.cert_serial", to_client, single, "serial number, upper-case hex pairs with colons")  \
    X(tls_cert_fingerprint, "tls.cert_fingerprint", to_client, single, "SHA-1, lower-case hex with colons")      \
    X(tls_subjectaltname, "tls.subjectaltname", to_client, multi, "each alternative name of the certificate")    \
    X(tls_certs, "tls.certs", to_client, multi, "each certificate of the chain, DER")                            \
    X(tls_random, "tls.random", both, single, "32 octets of Random")                                             \
    X(tls_random_time, "tls.random_time", both, single, "first 4 octets of Random")                              \
    X(tls_random_bytes, "tls.random_bytes", both, single, "last 28 octets of Random")                            \
    X(tls_alpn, "tls.alpn", both, multi, "each application protocol offered or chosen")                          \
    X(ja3_hash, "ja3.hash", to_server, single, "MD5 of the JA3 string")                                          \
    X(ja3_string, "ja3.string", to_server, single, "JA3 string")                                                 \
    X(ja3s_hash, "ja3s.hash", to_client, single, "MD5 of the JA3S string")                                       \
    X(ja3s_string, "ja3s.string", to_client, single, "JA3S string")                                              \
    X(dns_query, "dns.query", to_server, multi, "each question name, labels joined by dots")                     \
    X(dns_answer, "dns.answer", to_client, multi, "each answer as 'type rdata' (event only)")                    \
    X(ssh_proto, "ssh.proto", both, single, "SSH protocol version of the banner")                                \
    X(ssh_software, "ssh.software", both, single, "SSH software of the banner")

enum class Field : std::uint8_t {
#define SEKISHO_FIELD_ID(id, name, direction, kind, help) id,
    SEKISHO_FIELDS(SEKISHO_FIELD_ID)
#undef SEKISHO_FIELD_ID
    count_,
};
constexpr std::size_t kFieldCount = static_cast<std::size_t>(Field::count_);

struct FieldInfo {
    std::string_view name;
    FieldDirection direction;
    FieldKind kind;
    std::string_view help;
};

inline constexpr FieldInfo kFields[] = {
#define SEKISHO_FIELD_INFO(id, name, direction, kind, help) {name, FieldDirection::direction, FieldKind::kind, help},
    SEKISHO_FIELDS(SEKISHO_FIELD_INFO)
#undef SEKISHO_FIELD_INFO
};

constexpr const FieldInfo& info(Field field) noexcept { return kFields[static_cast<std::size_t>(field)]; }

/// Numbers that a parser reports beside the fields; rules compare them, events carry them.
enum class Fact : std::uint8_t {
    http_status,
    http_response_length,  ///< body octets as sent, after transfer coding
    tls_version,           ///< 0x0303 ...; negotiated where the ServerHello was seen
    tls_not_before,        ///< seconds since the epoch
    tls_not_after,
    dns_id,
    dns_flags,
    dns_type,              ///< of the (last) question
    dns_opcode,
    dns_rcode,
    dns_is_answer,
    count_,
};
constexpr std::size_t kFactCount = static_cast<std::size_t>(Fact::count_);

}  // namespace sekisho::app
