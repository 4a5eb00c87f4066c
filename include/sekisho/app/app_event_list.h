// The list of app-layer events, X(protocol, id, "name without the protocol"): the values of AppEvent and the
// words of the app-layer-event keyword. Names are Suricata's, so that its event rules load unchanged.
#pragma once

#include "sekisho/app/app_event.h"

#define SEKISHO_APP_EVENTS(X)                                                                    \
    X(http, gzip_decompression_failed, "gzip_decompression_failed")                              \
    X(http, request_field_missing_colon, "request_field_missing_colon")                          \
    X(http, response_field_missing_colon, "response_field_missing_colon")                        \
    X(http, invalid_request_chunk_len, "invalid_request_chunk_len")                              \
    X(http, invalid_response_chunk_len, "invalid_response_chunk_len")                            \
    X(http, invalid_request_transfer_encoding, "invalid_transfer_encoding_value_in_request")     \
    X(http, invalid_response_transfer_encoding, "invalid_transfer_encoding_value_in_response")   \
    X(http, invalid_request_content_length, "invalid_content_length_field_in_request")           \
    X(http, invalid_response_content_length, "invalid_content_length_field_in_response")         \
    X(http, duplicate_request_content_length, "duplicate_content_length_field_in_request")       \
    X(http, duplicate_response_content_length, "duplicate_content_length_field_in_response")     \
    X(http, continue_already_seen, "100_continue_already_seen")                                  \
    X(http, unmatched_response, "unable_to_match_response_to_request")                           \
    X(http, invalid_server_port, "invalid_server_port_in_request")                               \
    X(http, invalid_authority_port, "invalid_authority_port")                                    \
    X(http, request_header_invalid, "request_header_invalid")                                    \
    X(http, response_header_invalid, "response_header_invalid")                                  \
    X(http, missing_host_header, "missing_host_header")                                          \
    X(http, host_header_ambiguous, "host_header_ambiguous")                                      \
    X(http, invalid_request_field_folding, "invalid_request_field_folding")                      \
    X(http, invalid_response_field_folding, "invalid_response_field_folding")                    \
    X(http, request_field_too_long, "request_field_too_long")                                    \
    X(http, response_field_too_long, "response_field_too_long")                                  \
    X(http, request_line_invalid, "request_line_invalid")                                        \
    X(http, request_body_unexpected, "request_body_unexpected")                                  \
    X(http, response_body_unexpected, "response_body_unexpected")                                \
    X(http, port_mismatch, "request_server_port_tcp_port_mismatch")                              \
    X(http, request_uri_host_invalid, "request_uri_host_invalid")                                \
    X(http, request_header_host_invalid, "request_header_host_invalid")                          \
    X(http, request_auth_unrecognized, "request_auth_unrecognized")                              \
    X(http, method_delim_non_compliant, "method_delim_non_compliant")                            \
    X(http, uri_delim_non_compliant, "uri_delim_non_compliant")                                  \
    X(http, request_line_leading_whitespace, "request_line_leading_whitespace")                  \
    X(http, too_many_encoding_layers, "too_many_encoding_layers")                                \
    X(http, abnormal_ce_header, "abnormal_ce_header")                                            \
    X(http, response_multipart_byteranges, "response_multipart_byteranges")                      \
    X(http, response_abnormal_transfer_encoding, "response_abnormal_transfer_encoding")          \
    X(http, response_chunked_old_proto, "response_chunked_old_proto")                            \
    X(http, response_invalid_protocol, "response_invalid_protocol")                              \
    X(http, response_invalid_status, "response_invalid_status")                                  \
    X(http, request_line_incomplete, "request_line_incomplete")                                  \
    X(http, double_encoded_uri, "double_encoded_uri")                                            \
    X(http, compression_bomb, "compression_bomb")                                                \
    X(http, lzma_memlimit_reached, "lzma_memlimit_reached")                                      \
    X(http, request_chunk_extension, "request_chunk_extension")                                  \
    X(http, response_chunk_extension, "response_chunk_extension")                                \
    X(http, request_too_many_headers, "request_too_many_headers")                                \
    X(http, response_too_many_headers, "response_too_many_headers")                              \
    X(http, multipart_generic_error, "multipart_generic_error")                                  \
    X(http, multipart_no_filedata, "multipart_no_filedata")                                      \
    X(http, multipart_invalid_header, "multipart_invalid_header")                                \
    X(http, failed_protocol_change, "failed_protocol_change")                                    \
    X(http, range_invalid, "range_invalid")                                                      \
    X(http, file_name_too_long, "file_name_too_long")                                            \
    X(http, too_many_warnings, "too_many_warnings")                                              \
    X(tls, invalid_sslv2_header, "invalid_sslv2_header")                                         \
    X(tls, invalid_tls_header, "invalid_tls_header")                                             \
    X(tls, invalid_record_version, "invalid_record_version")                                     \
    X(tls, invalid_record_type, "invalid_record_type")                                           \
    X(tls, invalid_record_length, "invalid_record_length")                                       \
    X(tls, invalid_handshake_message, "invalid_handshake_message")                               \
    X(tls, invalid_certificate, "invalid_certificate")                                           \
    X(tls, certificate_invalid_length, "certificate_invalid_length")                             \
    X(tls, certificate_missing_element, "certificate_missing_element")                           \
    X(tls, certificate_unknown_element, "certificate_unknown_element")                           \
    X(tls, certificate_invalid_string, "certificate_invalid_string")                             \
    X(tls, error_message_encountered, "error_message_encountered")                               \
    X(tls, invalid_ssl_record, "invalid_ssl_record")                                             \
    X(tls, heartbeat_message, "heartbeat_message")                                               \
    X(tls, invalid_heartbeat_message, "invalid_heartbeat_message")                               \
    X(tls, overflow_heartbeat_message, "overflow_heartbeat_message")                             \
    X(tls, dataleak_heartbeat_mismatch, "dataleak_heartbeat_mismatch")                           \
    X(tls, handshake_invalid_length, "handshake_invalid_length")                                 \
    X(tls, multiple_sni_extensions, "multiple_sni_extensions")                                   \
    X(tls, invalid_sni_type, "invalid_sni_type")                                                 \
    X(tls, invalid_sni_length, "invalid_sni_length")                                             \
    X(tls, too_many_records_in_packet, "too_many_records_in_packet")                             \
    X(dns, malformed_data, "malformed_data")                                                     \
    X(dns, not_a_request, "not_a_request")                                                       \
    X(dns, not_a_response, "not_a_response")                                                     \
    X(dns, z_flag_set, "z_flag_set")                                                             \
    X(dns, invalid_opcode, "invalid_opcode")                                                     \
    X(dns, name_too_long, "name_too_long")                                                       \
    X(dns, infinite_loop, "infinite_loop")                                                       \
    X(dns, too_many_labels, "too_many_labels")                                                   \
    X(ssh, invalid_banner, "invalid_banner")                                                     \
    X(ssh, long_banner, "long_banner")                                                           \
    X(dns, invalid_additionals, "invalid_additionals")                                           \
    X(dns, invalid_authorities, "invalid_authorities")                                           \
    X(sip, incomplete_data, "incomplete_data")                                                   \
    X(sip, invalid_data, "invalid_data")                                                         \
    X(snmp, malformed_data, "malformed_data")                                                    \
    X(snmp, unknown_security_model, "unknown_security_model")                                    \
    X(snmp, version_mismatch, "version_mismatch")                                                \
    X(dhcp, truncated_options, "truncated_options")                                              \
    X(dhcp, malformed_options, "malformed_options")                                              \
    X(ntp, unsolicited_response, "unsolicited_response")                                         \
    X(ntp, malformed_data, "malformed_data")                                                     \
    X(ntp, not_request, "not_request")                                                           \
    X(ntp, not_response, "not_response")                                                         \
    X(mqtt, missing_connect, "missing_connect")                                                  \
    X(mqtt, missing_publish, "missing_publish")                                                  \
    X(mqtt, missing_subscribe, "missing_subscribe")                                              \
    X(mqtt, missing_unsubscribe, "missing_unsubscribe")                                          \
    X(mqtt, double_connect, "double_connect")                                                    \
    X(mqtt, unintroduced_message, "unintroduced_message")                                        \
    X(mqtt, invalid_qos_level, "invalid_qos_level")                                              \
    X(mqtt, missing_msg_id, "missing_msg_id")                                                    \
    X(mqtt, unassigned_msg_type, "unassigned_msg_type")                                          \
    X(mqtt, too_many_transactions, "too_many_transactions")                                      \
    X(mqtt, malformed_traffic, "malformed_traffic")                                              \
    X(modbus, invalid_protocol_id, "invalid_protocol_id")                                        \
    X(modbus, unsolicited_response, "unsolicited_response")                                      \
    X(modbus, invalid_length, "invalid_length")                                                  \
    X(modbus, invalid_unit_identifier, "invalid_unit_identifier")                                \
    X(modbus, invalid_function_code, "invalid_function_code")                                    \
    X(modbus, invalid_value, "invalid_value")                                                    \
    X(modbus, value_mismatch, "value_mismatch")                                                  \
    X(modbus, flooded, "flooded")                                                                \
    X(dnp3, flooded, "flooded")                                                                  \
    X(dnp3, len_too_small, "len_too_small")                                                      \
    X(dnp3, bad_link_crc, "bad_link_crc")                                                        \
    X(dnp3, bad_transport_crc, "bad_transport_crc")                                              \
    X(dnp3, unknown_object, "unknown_object")                                                    \
    X(dnp3, too_many_points, "too_many_points")                                                  \
    X(dnp3, too_many_objects, "too_many_objects")                                                \
    X(dnp3, too_long_reassembly, "too_long_reassembly")                                          \
    X(enip, invalid_pdu, "invalid_pdu")                                                          \
    X(rfb, unimplemented_security_type, "unimplemented_security_type")                           \
    X(rfb, unknown_security_result, "unknown_security_result")                                   \
    X(rfb, malformed_message, "malformed_message")                                               \
    X(rfb, confused_state, "confused_state")                                                     \
    X(pgsql, invalid_length, "invalid_length")                                                   \
    X(pgsql, malformed_request, "malformed_request")                                             \
    X(pgsql, malformed_response, "malformed_response")                                           \
    X(quic, failed_decrypt, "failed_decrypt")                                                    \
    X(quic, error_on_data, "error_on_data")                                                      \
    X(quic, error_on_header, "error_on_header")                                                  \
    X(quic, crypto_frag_too_long, "crypto_frag_too_long")                                        \
    X(http2, invalid_frame_header, "invalid_frame_header")                                       \
    X(http2, invalid_client_magic, "invalid_client_magic")                                       \
    X(http2, invalid_frame_data, "invalid_frame_data")                                           \
    X(http2, invalid_header, "invalid_header")                                                   \
    X(http2, invalid_frame_length, "invalid_frame_length")                                       \
    X(http2, extra_header_data, "extra_header_data")                                             \
    X(http2, long_frame_data, "long_frame_data")                                                 \
    X(http2, stream_id_reuse, "stream_id_reuse")                                                 \
    X(http2, invalid_http1_settings, "invalid_http1_settings")                                   \
    X(http2, failed_decompression, "failed_decompression")                                       \
    X(http2, invalid_range, "invalid_range")                                                     \
    X(http2, header_integer_overflow, "header_integer_overflow")                                 \
    X(http2, too_many_streams, "too_many_streams")                                               \
    X(http2, authority_host_mismatch, "authority_host_mismatch")                                 \
    X(http2, userinfo_in_uri, "userinfo_in_uri")                                                 \
    X(http2, reassembly_limit_reached, "reassembly_limit_reached")                               \
    X(http2, dns_request_too_long, "dns_request_too_long")                                       \
    X(http2, dns_response_too_long, "dns_response_too_long")                                     \
    X(http2, data_stream_zero, "data_stream_zero")                                               \
    X(ssh, long_kex_record, "long_kex_record")                                                   \
    X(ssh, invalid_record, "invalid_record")                                                     \
    X(ike, malformed_data, "malformed_data")                                                     \
    X(ike, no_encryption, "no_encryption")                                                       \
    X(ike, weak_crypto_enc, "weak_crypto_enc")                                                   \
    X(ike, weak_crypto_prf, "weak_crypto_prf")                                                   \
    X(ike, weak_crypto_dh, "weak_crypto_dh")                                                     \
    X(ike, weak_crypto_auth, "weak_crypto_auth")                                                 \
    X(ike, weak_crypto_nodh, "weak_crypto_nodh")                                                 \
    X(ike, weak_crypto_noauth, "weak_crypto_noauth")                                             \
    X(ike, invalid_proposal, "invalid_proposal")                                                 \
    X(ike, unknown_proposal, "unknown_proposal")                                                 \
    X(ike, payload_extra_data, "payload_extra_data")                                             \
    X(ike, multiple_server_proposal, "multiple_server_proposal")

namespace sekisho::app {

enum class AppEvent : std::uint16_t {
#define SEKISHO_APP_EVENT_ID(protocol, id, name) protocol##_##id,
    SEKISHO_APP_EVENTS(SEKISHO_APP_EVENT_ID)
#undef SEKISHO_APP_EVENT_ID
        count_,
};
static_assert(static_cast<std::size_t>(AppEvent::count_) <= 512);

}  // namespace sekisho::app
