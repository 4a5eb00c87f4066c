// The frames that parsers announce: stretches of a stream or datagram with a name of their own, as Suricata's `frame`
// keyword knows them. Included by field.h, whose ids they share; found by name through frame.h.
#pragma once

// X(id, protocol, "prefix", "name", "one sentence"): a rule says frame:name under the protocol's header word, or
// frame:prefix.name anywhere.
#define SEKISHO_FRAMES(X)                                                                                        \
    X(frame_stream, unknown, "any", "stream", "all that one side says over TCP, from where its protocol begins") \
    X(frame_http1_request, http, "http1", "request", "a request of HTTP/1 with its body")                        \
    X(frame_http1_response, http, "http1", "response", "a response of HTTP/1 with its body")                     \
    X(frame_smb_nbss_pdu, smb, "smb", "nbss.pdu", "a NetBIOS session message")                                   \
    X(frame_smb_nbss_hdr, smb, "smb", "nbss.hdr", "... its 4 octets of head")                                    \
    X(frame_smb_nbss_data, smb, "smb", "nbss.data", "... what follows them")                                     \
    X(frame_smb1_pdu, smb, "smb", "smb1.pdu", "an SMB 1 message")                                                \
    X(frame_smb1_hdr, smb, "smb", "smb1.hdr", "... its 32 octets of head")                                       \
    X(frame_smb1_data, smb, "smb", "smb1.data", "... what follows them")                                         \
    X(frame_smb2_pdu, smb, "smb", "smb2.pdu", "an SMB 2 or 3 message")                                           \
    X(frame_smb2_hdr, smb, "smb", "smb2.hdr", "... its 64 octets of head")                                       \
    X(frame_smb2_data, smb, "smb", "smb2.data", "... what follows them")                                         \
    X(frame_smb3_pdu, smb, "smb", "smb3.pdu", "an encrypted SMB 3 message")                                      \
    X(frame_smb3_hdr, smb, "smb", "smb3.hdr", "... its 52 octets of head")                                       \
    X(frame_smb3_data, smb, "smb", "smb3.data", "... what follows them")                                         \
    X(frame_dns_pdu, dns, "dns", "pdu", "a DNS message, over TCP without its length")                            \
    X(frame_tls_pdu, tls, "tls", "pdu", "a TLS record")                                                          \
    X(frame_tls_hdr, tls, "tls", "hdr", "... its 5 octets of head")                                              \
    X(frame_tls_data, tls, "tls", "data", "... what follows them")                                               \
    X(frame_ssh_record_pdu, ssh, "ssh", "record.pdu", "an SSH packet before encryption begins")                  \
    X(frame_ssh_record_hdr, ssh, "ssh", "record.hdr", "... its length, padding and message number")              \
    X(frame_ssh_record_data, ssh, "ssh", "record.data", "... what follows them")                                 \
    X(frame_smtp_command_line, smtp, "smtp", "command_line", "a command with its line end")                      \
    X(frame_smtp_response_line, smtp, "smtp", "response_line", "a line of a reply, with its end")                \
    X(frame_smtp_data, smtp, "smtp", "data", "a mail as sent, from DATA to the dot")                             \
    X(frame_sip_pdu, sip, "sip", "pdu", "a SIP message")                                                         \
    X(frame_sip_request_line, sip, "sip", "request.line", "... a request's first line with its end")             \
    X(frame_sip_request_headers, sip, "sip", "request.headers", "... its header lines")                          \
    X(frame_sip_request_body, sip, "sip", "request.body", "... its body")                                        \
    X(frame_sip_response_line, sip, "sip", "response.line", "... a response's first line with its end")          \
    X(frame_sip_response_headers, sip, "sip", "response.headers", "... its header lines")                        \
    X(frame_sip_response_body, sip, "sip", "response.body", "... its body")                                      \
    X(frame_mqtt_pdu, mqtt, "mqtt", "pdu", "an MQTT message")                                                    \
    X(frame_mqtt_header, mqtt, "mqtt", "header", "... its fixed header")                                         \
    X(frame_mqtt_data, mqtt, "mqtt", "data", "... what follows it")                                              \
    X(frame_websocket_pdu, websocket, "websocket", "pdu", "a WebSocket frame")                                   \
    X(frame_websocket_header, websocket, "websocket", "header", "... its head with length and mask")             \
    X(frame_websocket_data, websocket, "websocket", "data", "... what follows it, as sent")                      \
    X(frame_dcerpc_pdu, dcerpc, "dcerpc", "pdu", "a DCERPC PDU over TCP")                                        \
    X(frame_dcerpc_hdr, dcerpc, "dcerpc", "hdr", "... its 16 octets of common header")                           \
    X(frame_dcerpc_data, dcerpc, "dcerpc", "data", "... what follows them")                                      \
    X(frame_telnet_pdu, telnet, "telnet", "pdu", "a Telnet command, or a stretch of data")                       \
    X(frame_telnet_ctl, telnet, "telnet", "ctl", "... a command: negotiation, subnegotiation, or another")       \
    X(frame_telnet_data, telnet, "telnet", "data", "... data up to a line's end, a prompt's end or a command") \
    X(frame_ldap_pdu, ldap, "ldap", "pdu", "an LDAP message")
