// The vocabulary that parsers and rules share: each field is a named part of a packet or message, and its
// name is the sticky buffer of the rule language (Suricata's names). Neither side includes the other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sekisho/app/frame_list.h"

namespace sekisho::app {

/// Which way the message that carries a field travels.
enum class FieldDirection : std::uint8_t {
    to_server,
    to_client,
    both,    ///< the value belongs to the direction that it came in
    either,  ///< the value belongs to the whole transaction: rules of both directions see it
};

/// How many values a field has in one message, and how they come.
enum class FieldKind : std::uint8_t {
    packet,  ///< part of one packet (headers, payload): never kept
    single,  ///< at most one value a transaction and direction
    multi,   ///< any number of values, each inspected on its own
    body,    ///< comes in pieces; offsets count from its first byte
    frame,   ///< a stretch of the stream that a parser announces; offsets count from its first byte (frame.h)
    record,  ///< any number of values in a fixed binary layout: no sticky buffer, keywords of their own read it
};
/// A transaction may carry more than one value of such a field.
constexpr bool repeats(FieldKind kind) noexcept { return kind == FieldKind::multi || kind == FieldKind::record; }

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
    X(ssh_software, "ssh.software", both, single, "SSH software of the banner")                                  \
    X(file_magic, "file.magic", both, multi, "type of a file on the wire, as told by its first octets")          \
    X(ftp_command, "ftp.command", to_server, single, "FTP command, without its argument")                            \
    X(ftp_reply, "ftp.reply", to_client, multi, "each line of an FTP reply")                                     \
    X(smtp_helo, "smtp.helo", to_server, single, "name that the mail client gives itself")                       \
    X(smtp_mail_from, "smtp.mail_from", to_server, single, "sender of the envelope")                             \
    X(smtp_rcpt_to, "smtp.rcpt_to", to_server, multi, "each recipient of the envelope")                          \
    X(email_from, "email.from", both, single, "From line of a mail")                                             \
    X(email_to, "email.to", both, single, "To line of a mail")                                                   \
    X(email_subject, "email.subject", both, single, "Subject line of a mail")                                    \
    X(email_url, "email.url", both, multi, "each URL in a mail's text")                                          \
    X(smb_share, "smb.share", to_server, single, "share of a tree connect")                                      \
    X(smb_named_pipe, "smb.named_pipe", to_server, single, "named pipe of a tree connect")                       \
    X(smb_ntlmssp_user, "smb.ntlmssp_user", to_server, single, "user of an NTLMSSP session setup")               \
    X(smb_ntlmssp_domain, "smb.ntlmssp_domain", to_server, single, "domain of an NTLMSSP session setup")         \
    X(dcerpc_stub_data, "dcerpc.stub_data", both, single, "arguments or result of a remote procedure call")      \
    X(krb5_cname, "krb5.cname", both, multi, "client principal")                                                 \
    X(krb5_sname, "krb5.sname", both, multi, "server principal")                                                 \
    X(rdp_cookie, "rdp.cookie", to_server, single, "mstshash cookie of the connection request")                  \
    X(rfb_name, "rfb.name", to_client, single, "desktop name")                                                   \
    X(sip_method, "sip.method", to_server, single, "SIP request method")                                         \
    X(sip_uri, "sip.uri", to_server, single, "SIP request URI")                                                  \
    X(sip_protocol, "sip.protocol", both, single, "SIP protocol of the request or status line")                  \
    X(sip_request_line, "sip.request_line", to_server, single, "SIP request line")                               \
    X(sip_response_line, "sip.response_line", to_client, single, "SIP status line")                              \
    X(sip_stat_code, "sip.stat_code", to_client, single, "SIP status code")                                      \
    X(sip_stat_msg, "sip.stat_msg", to_client, single, "SIP reason phrase")                                      \
    X(snmp_community, "snmp.community", both, single, "SNMP community")                                          \
    X(snmp_usm, "snmp.usm", both, single, "SNMPv3 user name")                                                    \
    X(mqtt_protocol, "mqtt.connect.protocol_string", either, multi, "protocol of a CONNECT")                     \
    X(mqtt_client_id, "mqtt.connect.clientid", either, multi, "client identifier of a CONNECT")                  \
    X(mqtt_user_name, "mqtt.connect.username", either, multi, "user name of a CONNECT")                          \
    X(mqtt_password, "mqtt.connect.password", either, multi, "password of a CONNECT")                            \
    X(mqtt_will_topic, "mqtt.connect.willtopic", either, multi, "will topic of a CONNECT")                       \
    X(mqtt_will_message, "mqtt.connect.willmessage", either, multi, "will message of a CONNECT")                 \
    X(mqtt_publish_topic, "mqtt.publish.topic", either, multi, "topic of a PUBLISH")                             \
    X(mqtt_publish_message, "mqtt.publish.message", either, multi, "message of a PUBLISH")                       \
    X(mqtt_subscribe_topic, "mqtt.subscribe.topic", either, multi, "each topic of a SUBSCRIBE")                  \
    X(mqtt_unsubscribe_topic, "mqtt.unsubscribe.topic", either, multi, "each topic of an UNSUBSCRIBE")           \
    X(dnp3_data, "dnp3.data", both, single, "DNP3 application data, checksums removed")                          \
    X(enip_message, "enip.message", both, record, "numbers of an EtherNet/IP message")                           \
    X(ike_init_spi, "ike.init_spi", both, single, "initiator's SPI, lower-case hexadecimal")                     \
    X(ike_resp_spi, "ike.resp_spi", both, single, "responder's SPI, lower-case hexadecimal")                     \
    X(ike_vendor, "ike.vendor", both, multi, "each vendor id, lower-case hexadecimal")                           \
    X(ike_key_exchange_payload, "ike.key_exchange_payload", both, single, "key exchange payload")                \
    X(ike_nonce_payload, "ike.nonce_payload", both, single, "nonce payload")                                     \
    X(pgsql_query, "pgsql.query", to_server, single, "text of a simple query")                                   \
    X(quic_version, "quic.version", both, single, "QUIC version: 4 octets of it")                                \
    X(quic_sni, "quic.sni", to_server, single, "server name of a QUIC handshake")                                \
    X(quic_ua, "quic.ua", to_server, single, "user agent of a Google QUIC handshake")                            \
    X(quic_cyu_hash, "quic.cyu.hash", to_server, multi, "MD5 of the CYU string")                                 \
    X(quic_cyu_string, "quic.cyu.string", to_server, multi, "CYU string")                                        \
    X(http2_header_name, "http2.header_name", both, multi, "each HTTP/2 header name")                            \
    X(http2_header, "http2.header", both, multi, "each HTTP/2 header as 'name: value'")                          \
    X(ja4_hash, "ja4.hash", to_server, single, "JA4 fingerprint of a ClientHello")                               \
    X(ssh_hassh, "ssh.hassh", to_server, single, "HASSH of the client: MD5 of its algorithms")                   \
    X(ssh_hassh_string, "ssh.hassh.string", to_server, single, "the client's algorithms")                        \
    X(ssh_hassh_server, "ssh.hassh.server", to_client, single, "HASSH of the server")                            \
    X(ssh_hassh_server_string, "ssh.hassh.server.string", to_client, single, "the server's algorithms")          \
    X(dhcp_hostname, "dhcp.hostname", to_server, single, "host name of a DHCP client")                           \
    X(tftp_file, "tftp.file", to_server, single, "file name of a TFTP request")                                  \
    X(dns_queries_rrname, "dns.queries.rrname", both, multi, "name of each question, in queries and answers")    \
    X(dns_answers_rrname, "dns.answers.rrname", both, multi, "owner name of each answer record")                 \
    X(dns_authorities_rrname, "dns.authorities.rrname", both, multi, "owner name of each authority record")      \
    X(dns_additionals_rrname, "dns.additionals.rrname", both, multi, "owner name of each additional record")     \
    X(dns_response_rrname, "dns.response.rrname", both,      multi, "every name in a response")                  \
    X(sip_from, "sip.from", both, multi, "SIP From value")                                                       \
    X(sip_to, "sip.to", both, multi, "SIP To value")                                                             \
    X(sip_via, "sip.via", both, multi, "each SIP Via value")                                                     \
    X(sip_user_agent, "sip.user_agent", both, multi, "SIP User-Agent value")                                     \
    X(sip_content_type, "sip.content_type", both, multi, "SIP Content-Type value")                               \
    X(sip_content_length, "sip.content_length", both, multi, "SIP Content-Length value")                         \
    X(sdp_origin, "sdp.origin", both, single, "originator of a session description (o=)")                        \
    X(sdp_session_name, "sdp.session_name", both, single, "session name (s=)")                                   \
    X(sdp_session_info, "sdp.session_info", both, single, "session information (i=)")                            \
    X(sdp_uri, "sdp.uri", both, single, "URI of a session description (u=)")                                     \
    X(sdp_email, "sdp.email", both, single, "e-mail address (e=)")                                               \
    X(sdp_phone_number, "sdp.phone_number", both, single, "phone number (p=)")                                   \
    X(sdp_connection_data, "sdp.connection_data", both, single, "connection data of the session (c=)")           \
    X(sdp_bandwidth, "sdp.bandwidth", both, multi, "each bandwidth of the session (b=)")                         \
    X(sdp_time, "sdp.time", both, multi, "each time the session is active (t=)")                                 \
    X(sdp_repeat_time, "sdp.repeat_time", both, multi, "each repeat time (r=)")                                  \
    X(sdp_timezone, "sdp.timezone", both, single, "time zone adjustments (z=)")                                  \
    X(sdp_encryption_key, "sdp.encryption_key", both, single, "encryption key of the session (k=)")              \
    X(sdp_attribute, "sdp.attribute", both, multi, "each attribute of the session (a=)")                         \
    X(sdp_media, "sdp.media.media", both, multi, "each media description (m=)")                                  \
    X(sdp_media_info, "sdp.media.media_info", both, multi, "title of a medium (i= below m=)")                    \
    X(sdp_media_connection_data, "sdp.media.connection_data", both, multi, "connection data of a medium")        \
    X(sdp_media_encryption_key, "sdp.media.encryption_key", both, multi, "encryption key of a medium")           \
    X(mqtt_message, "mqtt.message", either, record, "numbers of an MQTT message")                                \
    X(modbus_message, "modbus.message", to_server, record, "function, unit and addresses of a Modbus request")   \
    X(modbus_value, "modbus.value", to_server, record, "each value that a Modbus request writes, with its address") \
    X(dnp3_message, "dnp3.message", both, record, "function and indications of a DNP3 message")                  \
    X(dnp3_object, "dnp3.object", both, record, "group and variation of each DNP3 object")                       \
    X(cip_service, "cip.service", both, record, "each CIP service with its path")                                \
    X(enip_identity, "enip.identity", to_client, record, "the identity that an EtherNet/IP device tells")        \
    X(enip_product_name, "enip.product_name", both, multi, "product name of an EtherNet/IP identity")            \
    X(enip_service_name, "enip.service_name", both, multi, "name of a service that an EtherNet/IP device offers") \
    X(dcerpc_iface, "dcerpc.iface", both, record, "interface of a remote procedure call: UUID, version, fragment") \
    X(nfs_procedure, "nfs.procedure", to_server, record, "each procedure of an NFS call, four octets")            \
    X(http2_frame, "http2.frame", both, record, "numbers of the HTTP/2 frames of a stream")                      \
    X(ike_message, "ike.message", both, record, "numbers of an IKE message")                                     \
    X(detail, "detail", both, record, "key and value for the event record; no rule sees it")                  \
    X(ftp_command_data, "ftp.command_data", to_server, single, "argument of an FTP command")                     \
    X(ftp_completion_code, "ftp.completion_code", to_client, multi, "code of each FTP reply to a command")       \
    X(email_cc, "email.cc", both, single, "Cc line of a mail")                                                   \
    X(email_date, "email.date", both, single, "Date line of a mail")                                             \
    X(email_message_id, "email.message_id", both, single, "Message-ID line of a mail")                           \
    X(email_x_mailer, "email.x_mailer", both, single, "X-Mailer line of a mail")                                 \
    X(email_received, "email.received", both, multi, "each Received line of a mail")                             \
    X(websocket_payload, "websocket.payload", both, single, "payload of a WebSocket message, mask and compression removed") \
    X(websocket_frame, "websocket.frame", both, record, "numbers of each WebSocket frame of a message")          \
    X(sctp_hdr, "sctp.hdr", both, packet, "SCTP common header")                                                  \
    X(sctp_chunk_data, "sctp.chunk_data", both, packet, "each SCTP chunk's value")                               \
    X(igmp_hdr, "igmp.hdr", both, packet, "IGMP message")                                                    \
    X(telnet_line, "telnet.line", both, single, "a line of a Telnet side, commands and what was erased taken out") \
    X(telnet_subnegotiation, "telnet.subnegotiation", both, single, "a Telnet subnegotiation from its option on") \
    X(ldap_request_dn, "ldap.request.dn", to_server, single, "distinguished name that an LDAP request is about")  \
    X(ldap_request_attribute_type, "ldap.request.attribute_type", to_server, multi, "each attribute that an LDAP request names") \
    X(ldap_responses_dn, "ldap.responses.dn", to_client, multi, "distinguished name of an LDAP response: of an entry, or as far as one matched") \
    X(ldap_responses_message, "ldap.responses.message", to_client, multi, "diagnostic message of an LDAP response") \
    X(ldap_responses_attribute_type, "ldap.responses.attribute_type", to_client, multi, "each attribute of the entries that LDAP responses bring") \
    X(ldap_response, "ldap.response", to_client, record, "operation, place and result of an LDAP response") \
    X(ldap_outcome, "ldap.outcome", to_client, record, "all responses to an LDAP request, once there will be no more")

enum class Field : std::uint8_t {
#define SEKISHO_FIELD_ID(id, name, direction, kind, help) id,
    SEKISHO_FIELDS(SEKISHO_FIELD_ID)
#undef SEKISHO_FIELD_ID
#define SEKISHO_FRAME_ID(id, protocol, prefix, name, help) id,
    SEKISHO_FRAMES(SEKISHO_FRAME_ID)
#undef SEKISHO_FRAME_ID
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
#define SEKISHO_FRAME_FIELD(id, protocol, prefix, name, help) \
    {prefix "." name, FieldDirection::both, FieldKind::frame, help},
    SEKISHO_FRAMES(SEKISHO_FRAME_FIELD)
#undef SEKISHO_FRAME_FIELD
};

static_assert(kFieldCount < 256);

constexpr const FieldInfo& info(Field field) noexcept { return kFields[static_cast<std::size_t>(field)]; }

/// Numbers that a parser reports beside the fields; rules compare them, events carry them.
enum class Fact : std::uint8_t {
    http_status,
    http_response_length,  ///< body octets as sent, after transfer coding
    tls_version,           ///< 0x0303 ...; negotiated where the ServerHello was seen
    tls_not_before,        ///< seconds since the epoch
    tls_not_after,
    tls_ech,               ///< the ClientHello carries an encrypted one (or a blind of it)
    dns_id,
    dns_flags,
    dns_type,              ///< of the (last) question
    dns_opcode,
    dns_rcode,
    dns_is_answer,
    krb5_message_type,
    krb5_error_code,
    krb5_weak_encryption,
    krb5_ticket_encryption,
    rfb_security_type,
    rfb_security_result,
    snmp_version,
    snmp_pdu_type,
    dhcp_lease_time,
    dhcp_rebinding_time,
    dhcp_renewal_time,
    ike_exchange_type,
    quic_version,
    file_size,
    dcerpc_opnum,
    dcerpc_little_endian,    ///< bit per direction: the numbers of its stub data are little-endian
    smb_version,             ///< 1 or 2 (SMB 2 and 3)
    nfs_version,
    ftp_reply_code,
    ftp_data_command,      ///< 1: RETR, 2: STOR and its like
    tls_version_bit,       ///< tls_version as one bit, see tls_words.h
    tls_state,             ///< messages said so far, see tls_words.h
    tls_chain_length,      ///< certificates of the server's chain
    ftp_mode,              ///< 1: the client listens (active), 2: the server (passive)
    ftp_dynamic_port,      ///< where the data connection will be
    ftp_reply_received,    ///< 1: a reply has ended the command
    ldap_request_operation,  ///< number of its tag, see ldap_words.h
    ldap_responses_count,    ///< told once there will be no more
    count_,
};
constexpr std::size_t kFactCount = static_cast<std::size_t>(Fact::count_);

}  // namespace sekisho::app
