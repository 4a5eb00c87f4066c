// Every keyword of the rule language: the one list that parser, messages and reference read. Sticky buffers named
// as in app/field.h need no line here.
#include "signature/keywords/keyword.h"

#include <unordered_map>

#include "sekisho/app/record.h"
#include "sekisho/base/text.h"
#include "signature/keywords/all.h"
#include "signature/rule_text.h"

namespace sekisho::signature {
namespace {

using app::Fact;
using app::Field;

constexpr unsigned id(Field field) { return static_cast<unsigned>(field); }
constexpr unsigned id(Fact fact) { return static_cast<unsigned>(fact); }
constexpr unsigned id(FlowNumberTest::What what) { return static_cast<unsigned>(what); }
constexpr unsigned id(TransformKind kind) { return static_cast<unsigned>(kind); }

constexpr Argument none = Argument::none;
constexpr Argument optional = Argument::optional;
constexpr Argument required = Argument::required;
constexpr Argument quoted = Argument::quoted;

constexpr std::string_view kLegacy = "Moves the content before it to the buffer of the same meaning (legacy).";
constexpr std::string_view kSameAsDns = "Sticky buffer: as the buffer of dns with this name, for this service.";
constexpr std::string_view kOldName = "Older name of a sticky buffer.";

constinit const Keyword kKeywords[] = {
    // the rule itself
    {"msg", quoted, parse_msg, "Text of the alert."},
    {"sid", required, parse_sid, "Number of the rule."},
    {"gid", required, parse_gid, "Number of the group that the sid counts in."},
    {"rev", required, parse_rev, "Revision: of two rules with one sid the higher counts."},
    {"classtype", required, parse_classtype, "Class of the alert, which gives its priority."},
    {"priority", required, parse_priority, "1 (highest) to 255, instead of the class's."},
    {"reference", required, parse_reference, "type,place: where more is written."},
    {"metadata", required, parse_metadata, "Pairs of key and value, separated by commas."},
    {"target", required, parse_target, "src_ip or dest_ip: which side is attacked."},
    {"tag", required, parse_tag, "Accepted; packets after the alert are kept by the evidence settings instead."},
    {"config", required, parse_config, "Accepted: what shall be logged of what the rule matches; logs here have settings of their own."},
    {"noalert", none, parse_noalert, "The rule works on state and never alerts."},
    {"alert", none, parse_alert, "Takes noalert back."},
    {"bypass", none, parse_bypass, "After a match the flow is not inspected further."},
    {"prefilter", none, parse_prefilter, "Accepted; the prefilter is chosen by the compiler."},
    {"requires", required, parse_requires, "Leaves the rule out, without an error, where version or feature is missing."},
    // content
    {"content", quoted, parse_content, "Octets that must (with !: must not) stand in the buffer; |hex| allowed."},
    {"uricontent", quoted, parse_uricontent, "Content in http.uri (legacy)."},
    {"nocase", none, parse_nocase, "The content before it matches upper and lower case."},
    {"offset", required, parse_offset, "The content begins at this octet or later."},
    {"depth", required, parse_depth, "The content ends within this many octets from the offset."},
    {"distance", required, parse_distance, "The content begins this far after the last match, or later."},
    {"within", required, parse_within, "The content ends within this many octets after the last match and distance."},
    {"startswith", none, parse_startswith, "The buffer begins with the content."},
    {"endswith", none, parse_endswith, "The buffer ends with the content."},
    {"rawbytes", none, parse_rawbytes, "Accepted: the payload is never normalised."},
    {"fast_pattern", optional, parse_fast_pattern, "Hint that this content is the rarest; 'only' or 'offset,length'."},
    {"pcre", Argument::quotable, parse_pcre, "Perl-compatible expression, \"/.../letters\"."},
    {"isdataat", required, parse_isdataat, "Octets at this place exist (with !: do not)."},
    {"bsize", required, parse_bsize, "Size of the sticky buffer."},
    {"urilen", required, parse_urilen, "Size of the normalised request target; ',raw' for the target as sent."},
    {"byte_test", required, parse_byte_test, "Compares a number in the buffer."},
    {"byte_jump", required, parse_byte_jump, "Moves on by a number in the buffer."},
    {"byte_extract", required, parse_byte_extract, "Keeps a number of the buffer under a name."},
    {"byte_math", required, parse_byte_math, "Calculates with a number of the buffer and keeps the result."},
    {"base64_decode", optional, parse_base64_decode, "Decodes base64 in the buffer."},
    {"base64_data", none, parse_base64_data, "Sticky buffer: what base64_decode gave."},
    {"dataset", required, parse_dataset, "The buffer is (is not) in a set; set and unset add it or take it out. The set's file: lines or JSON."},
    {"datarep", required, parse_datarep, "The buffer is in a list, with a reputation that compares so."},
    {"entropy", required, parse_entropy, "[bytes N,][offset N,]value: how evenly octets of the buffer are spread, compared with 0.0 to 8.0 bits."},
    {"asn1", required, parse_asn1, "Faults in BER elements: too long, bit string or real number overflows."},
    {"pkt_data", none, parse_pkt_data, "Back to the payload."},
    {"absent", optional, parse_absent, "There is no such buffer; 'or_else': or what follows holds."},
    {"frame", required, parse_frame, "Sticky buffer: a stretch of the stream, by the name that its parser gives it."},
    // transforms
    {"dotprefix", none, parse_transform, "Puts a dot before the buffer.", id(TransformKind::dotprefix)},
    {"to_lowercase", none, parse_transform, "Lower case.", id(TransformKind::to_lowercase)},
    {"to_uppercase", none, parse_transform, "Upper case.", id(TransformKind::to_uppercase)},
    {"strip_whitespace", none, parse_transform, "Without white space.", id(TransformKind::strip_whitespace)},
    {"compress_whitespace", none, parse_transform, "Runs of white space become one.", id(TransformKind::compress_whitespace)},
    {"url_decode", none, parse_transform, "Percent-decoding; '+' becomes a blank.", id(TransformKind::url_decode)},
    {"xor", required, parse_transform, "Exclusive or with a key in hexadecimal, or 'extract N AT': N octets of the buffer; 'offset N,' before it: from there on.", id(TransformKind::xor_key)},
    {"to_md5", none, parse_transform, "MD5 of the buffer, 16 octets.", id(TransformKind::to_md5)},
    {"to_sha1", none, parse_transform, "SHA-1 of the buffer, 20 octets.", id(TransformKind::to_sha1)},
    {"to_sha256", none, parse_transform, "SHA-256 of the buffer, 32 octets.", id(TransformKind::to_sha256)},
    {"pcrexform", required, parse_transform, "The first group that the expression captures.", id(TransformKind::pcrexform)},
    {"header_lowercase", none, parse_transform, "Header names in lower case.", id(TransformKind::header_lowercase)},
    {"strip_pseudo_headers", none, parse_transform, "Without HTTP/2 pseudo headers.", id(TransformKind::strip_pseudo_headers)},
    {"from_base64", optional, parse_transform, "Decodes base64: bytes N, offset N, mode rfc4648, rfc2045 or strict; what is none stays.", id(TransformKind::from_base64)},
    {"gunzip", optional, parse_transform, "Decodes gzip; max-size N, 1024 if not given.", id(TransformKind::gunzip)},
    {"zlib_deflate", optional, parse_transform, "Decodes zlib; max-size N, 1024 if not given.", id(TransformKind::zlib_deflate)},
    {"domain", none, parse_transform, "The registrable part of a host name, by the Public Suffix List.", id(TransformKind::domain)},
    {"tld", none, parse_transform, "The public suffix of a host name.", id(TransformKind::tld)},
    {"subslice", required, parse_transform, "offset[,octets][,truncate]: a part; negative numbers count from the end.", id(TransformKind::subslice)},
    {"json_decode", none, parse_transform, "JSON without white space, escapes in its strings resolved.", id(TransformKind::json_decode)},
    // state
    {"flow", required, parse_flow, "Side and state of the connection."},
    {"flowbits", required, parse_flowbits, "Bits of the connection, which connect rules."},
    {"flowint", required, parse_flowint, "Counters of the connection."},
    {"xbits", required, parse_xbits, "Bits of a host or a pair of hosts."},
    {"hostbits", required, parse_hostbits, "Bits of a host."},
    {"threshold", required, parse_threshold, "How many alerts in which time."},
    {"detection_filter", required, parse_detection_filter, "Alerts only beyond a rate; unique_on src_port or dst_port counts each port once."},
    {"flow.age", required, parse_flow_number, "Seconds since the first packet of the connection.", id(FlowNumberTest::What::age_seconds)},
    {"flow.pkts_toserver", required, parse_flow_number, "Packets to the server so far.", id(FlowNumberTest::What::packets_to_server)},
    {"flow.pkts_toclient", required, parse_flow_number, "Packets to the client so far.", id(FlowNumberTest::What::packets_to_client)},
    {"flow.bytes_toserver", required, parse_flow_number, "Octets to the server so far.", id(FlowNumberTest::What::octets_to_server)},
    {"flow.bytes_toclient", required, parse_flow_number, "Octets to the client so far.", id(FlowNumberTest::What::octets_to_client)},
    {"flow.pkts", required, parse_flow_number_by_side, "Packets so far: toserver, toclient or either, and a number.", id(FlowNumberTest::What::packets_to_server)},
    {"flow.bytes", required, parse_flow_number_by_side, "Octets so far: toserver, toclient or either, and a number.", id(FlowNumberTest::What::octets_to_server)},
    {"iprep", required, parse_iprep, "Reputation of an address in a category of the settings' lists."},
    {"geoip", required, parse_geoip, "Country of an address by the settings' database: any, src, dst or both, then countries."},
    {"stream_size", required, parse_stream_size, "Octets that a side has sent so far."},
    {"stream-event", required, parse_stream_event, "What TCP tracking found odd."},
    {"app-layer-event", required, parse_app_layer_event, "What a protocol parser found odd."},
    {"app-layer-protocol", required, parse_app_layer_protocol, "The protocol that was recognised."},
    // packet headers
    {"dsize", required, parse_dsize, "Size of the packet's payload."},
    {"ttl", required, parse_ttl, "Time to live, or hop limit."},
    {"tos", required, parse_tos, "Type-of-service octet of IPv4."},
    {"id", required, parse_ip_id, "Identification of IPv4."},
    {"ip_proto", required, parse_ip_proto, "Number or name of the transport protocol."},
    {"l3_proto", required, parse_l3_proto, "Version of IP: ipv4 or ipv6."},
    {"sameip", none, parse_sameip, "Source and destination address are the same."},
    {"ipopts", required, parse_ipopts, "An option of the IPv4 header."},
    {"fragbits", required, parse_fragbits, "Fragment bits M, D, R of IPv4."},
    {"fragoffset", required, parse_fragoffset, "Fragment offset of IPv4, in units of 8 octets."},
    {"vlan.id", required, parse_vlan_id, "VLAN id; a layer after it: 0 to 2 from the outermost, -1 to -3 from the innermost, any or all."},
    {"vlan.layers", required, parse_vlan_layers, "Number of VLAN tags, 0 to 3."},
    {"vxlan_vni", required, parse_vxlan_vni, "Network id of a VXLAN header, on the packet that carries it."},
    {"flags", required, parse_tcp_flags, "TCP flags, with + * ! and ignored flags."},
    {"tcp.flags", required, parse_tcp_flags, "TCP flags, with + * ! and ignored flags."},
    {"seq", required, parse_tcp_seq, "TCP sequence number."},
    {"tcp.seq", required, parse_tcp_seq, "TCP sequence number."},
    {"ack", required, parse_tcp_ack, "TCP acknowledgement number."},
    {"tcp.ack", required, parse_tcp_ack, "TCP acknowledgement number."},
    {"window", required, parse_tcp_window, "TCP window, not scaled."},
    {"tcp.window", required, parse_tcp_window, "TCP window, not scaled."},
    {"tcp.mss", required, parse_tcp_mss, "Maximum segment size option of TCP."},
    {"tcp.wscale", required, parse_tcp_window_scale, "Window scale option of TCP, as sent."},
    {"itype", required, parse_itype, "ICMP type."},
    {"icode", required, parse_icode, "ICMP code."},
    {"icmp_id", required, parse_icmp_id, "ICMP identifier."},
    {"icmp_seq", required, parse_icmp_seq, "ICMP sequence number."},
    {"icmpv6.mtu", required, parse_icmpv6_mtu, "MTU of an ICMPv6 packet-too-big message."},
    {"ipv4-csum", required, parse_checksum, "valid or invalid: IPv4 header checksum."},
    {"tcpv4-csum", required, parse_checksum, "valid or invalid: TCP checksum over IPv4."},
    {"tcpv6-csum", required, parse_checksum, "valid or invalid: TCP checksum over IPv6."},
    {"udpv4-csum", required, parse_checksum, "valid or invalid: UDP checksum over IPv4."},
    {"udpv6-csum", required, parse_checksum, "valid or invalid: UDP checksum over IPv6."},
    {"icmpv4-csum", required, parse_checksum, "valid or invalid: ICMP checksum."},
    {"icmpv6-csum", required, parse_checksum, "valid or invalid: ICMPv6 checksum."},
    {"igmp.type", required, parse_igmp_type, "Type of an IGMP message."},
    {"igmp-csum", required, parse_checksum, "valid or invalid: IGMP checksum."},
    {"sctp.chunk_type", required, parse_sctp_chunk_type, "A chunk of the packet is of this kind, by name or number."},
    {"sctp.chunk_cnt", required, parse_sctp_chunk_count, "Number of chunks of an SCTP packet."},
    {"sctp.vtag", required, parse_sctp_tag, "Verification tag of an SCTP packet."},
    {"decode-event", required, parse_decode_event, "What the decoder found odd."},
    {"engine-event", required, parse_decode_event, "Older name of decode-event."},
    {"ftpbounce", none, parse_ftpbounce, "An FTP PORT command names another host."},
    // protocols
    {"tls.version", required, parse_tls_version, "Version of the connection: 1.0 to 1.3."},
    {"ssl_version", required, parse_ssl_version, "sslv2 to tls1.3; a list means any of them."},
    {"ssl_state", required, parse_ssl_state, "client_hello, server_hello, client_keyx, server_keyx: what was said so far, a|b or !a."},
    {"tls.cert_chain_len", required, parse_fact_number, "Certificates of the server's chain.", id(Fact::tls_chain_length)},
    {"tls_cert_notbefore", required, parse_tls_date, "Begin of the certificate's validity.", id(Fact::tls_not_before)},
    {"tls_cert_notafter", required, parse_tls_date, "End of the certificate's validity.", id(Fact::tls_not_after)},
    {"tls_cert_expired", none, parse_tls_validity, "The certificate has expired."},
    {"tls_cert_valid", none, parse_tls_validity, "The certificate is valid now."},
    {"tls.subject", quoted, parse_tls_text, "Text in the certificate's subject (legacy).", id(Field::tls_cert_subject)},
    {"tls.issuerdn", quoted, parse_tls_text, "Text in the certificate's issuer (legacy).", id(Field::tls_cert_issuer)},
    {"tls.fingerprint", quoted, parse_tls_fingerprint, "SHA-1 of the certificate (legacy)."},
    {"tls.store", none, parse_tls_store, "Accepted; certificates are not stored."},
    {"dns.opcode", required, parse_dns_number, "Operation code of a DNS message.", id(Fact::dns_opcode)},
    {"dns.rcode", required, parse_dns_number, "Response code of a DNS message.", id(Fact::dns_rcode)},
    {"dns.rrtype", required, parse_dns_number, "Type of the question.", id(Fact::dns_type)},
#define SEKISHO_NAME_SERVICE(service)                                                                                         \
    {service ".queries.rrname", none, parse_name_service, kSameAsDns, id(Field::dns_queries_rrname)},                          \
    {service ".answers.rrname", none, parse_name_service, kSameAsDns, id(Field::dns_answers_rrname)},                          \
    {service ".authorities.rrname", none, parse_name_service, kSameAsDns, id(Field::dns_authorities_rrname)},                  \
    {service ".additionals.rrname", none, parse_name_service, kSameAsDns, id(Field::dns_additionals_rrname)},                  \
    {service ".response.rrname", none, parse_name_service, kSameAsDns, id(Field::dns_response_rrname)}
    SEKISHO_NAME_SERVICE("mdns"),
    SEKISHO_NAME_SERVICE("llmnr"),
#undef SEKISHO_NAME_SERVICE
    {"ndpi-protocol", required, parse_ndpi_protocol, "Protocol or application of the flow as nDPI names it; alone it alerts once a flow."},
    {"ndpi-risk", required, parse_ndpi_risk, "One of these flow risks of nDPI; alone it alerts once a flow."},
    {"snmp.version", required, parse_fact_number, "SNMP version: 1, 2 or 3.", id(Fact::snmp_version)},
    {"snmp.pdu_type", required, parse_fact_number, "Kind of SNMP PDU, by number or name.", id(Fact::snmp_pdu_type)},
    {"dhcp.leasetime", required, parse_fact_number, "Lease time of a DHCP message, seconds.", id(Fact::dhcp_lease_time)},
    {"dhcp.rebinding_time", required, parse_fact_number, "Rebinding time, seconds.", id(Fact::dhcp_rebinding_time)},
    {"dhcp.renewal_time", required, parse_fact_number, "Renewal time, seconds.", id(Fact::dhcp_renewal_time)},
    {"rfb.sectype", required, parse_fact_number, "Security type of an RFB connection.", id(Fact::rfb_security_type)},
    {"rfb.secresult", required, parse_fact_number, "ok, fail, toomany or unknown.", id(Fact::rfb_security_result)},
    {"mqtt.type", required, parse_mqtt_type, "Type of an MQTT message, by name or number."},
    {"mqtt.flags", required, parse_mqtt_flags, "dup and retain of an MQTT header, with ! for not set."},
    {"mqtt.qos", required, parse_mqtt_qos, "Quality of service of an MQTT message: 0, 1 or 2."},
    {"mqtt.protocol_version", required, parse_mqtt_number, "MQTT version: 3, 4 or 5.", app::mqtt_record::version},
    {"mqtt.reason_code", required, parse_mqtt_number, "Reason or return code of an MQTT answer.", app::mqtt_record::reason_code},
    {"mqtt.connack.return_code", required, parse_mqtt_number, "Older name of mqtt.reason_code.", app::mqtt_record::reason_code},
    {"mqtt.connect.flags", required, parse_mqtt_connect_flags, "Flags of a CONNECT, with ! for not set."},
    {"mqtt.connack.session_present", required, parse_mqtt_session_present, "yes or no: the flag of a CONNACK."},
    {"ftp.mode", required, parse_fact_number, "active or passive: who listens for the data connection that a command agrees on.", id(Fact::ftp_mode)},
    {"ftp.dynamic_port", required, parse_fact_number, "Port of that data connection.", id(Fact::ftp_dynamic_port)},
    {"ftp.reply_received", required, parse_fact_number, "yes or no: whether a reply has ended the command.", id(Fact::ftp_reply_received)},
    {"websocket.opcode", required, parse_websocket_opcode, "Kind of a WebSocket frame, by name or number, ! for another."},
    {"websocket.flags", required, parse_websocket_flags, "fin and comp of a WebSocket frame, ! for not set, or a number."},
    {"websocket.mask", required, parse_websocket_mask, "Mask of a WebSocket frame, as a number."},
    {"modbus", required, parse_modbus, "Unit, function, access, address and value of a Modbus request."},
    {"dnp3_func", required, parse_dnp3_func, "Function of a DNP3 message, by name or number."},
    {"dnp3_ind", required, parse_dnp3_ind, "Any of these internal indications is set."},
    {"dnp3_obj", required, parse_dnp3_obj, "group,variation of an object in a DNP3 message."},
    {"enip_command", required, parse_enip_command, "Command of an EtherNet/IP message, by number or name."},
    {"enip.command", required, parse_enip_command, "Newer name of enip_command."},
    {"cip_service", required, parse_cip_service, "service[,class[,attribute]] of a CIP message."},
    {"enip.status", required, parse_enip_number, "Status of an EtherNet/IP message."},
    {"enip.protocol_version", required, parse_enip_number, "Protocol version of an identity."},
    {"enip.vendor_id", required, parse_enip_number, "Vendor of an identity."},
    {"enip.device_type", required, parse_enip_number, "Device type of an identity."},
    {"enip.product_code", required, parse_enip_number, "Product code of an identity."},
    {"enip.revision", required, parse_enip_number, "Revision of an identity: major in the high octet, minor in the low."},
    {"enip.identity_status", required, parse_enip_number, "Status word of an identity."},
    {"enip.serial", required, parse_enip_number, "Serial number of an identity."},
    {"enip.state", required, parse_enip_number, "State of an identity."},
    {"enip.cip_class", required, parse_enip_number, "Class in the path of a CIP request."},
    {"enip.cip_instance", required, parse_enip_number, "Instance in the path of a CIP request."},
    {"enip.cip_attribute", required, parse_enip_number, "Attribute of a CIP request."},
    {"enip.cip_status", required, parse_enip_number, "Status of a CIP response."},
    {"enip.cip_extendedstatus", required, parse_enip_number, "First word of the additional status of a CIP response."},
    {"http2.frametype", required, parse_http2_name, "Type of a frame, by name or number.", app::http2_record::frame_type},
    {"http2.errorcode", required, parse_http2_name, "Error code of RST_STREAM or GOAWAY, by name or number.", app::http2_record::error_code},
    {"http2.priority", required, parse_http2_number, "Weight of a stream, as sent.", app::http2_record::priority},
    {"http2.window", required, parse_http2_number, "Increment of a WINDOW_UPDATE.", app::http2_record::window},
    {"http2.size_update", required, parse_http2_number, "Size that a header table is set to.", app::http2_record::size_update},
    {"http2.settings", required, parse_http2_settings, "A setting, with a comparison of its value."},
    {"ldap.request.operation", required, parse_fact_number, "Operation of an LDAP request, by name or number.", id(Fact::ldap_request_operation)},
    {"ldap.responses.operation", required, parse_ldap_operation, "Operation of an LDAP response; a place after it: 0 and on, -1 and back from the last, any or all."},
    {"ldap.responses.result_code", required, parse_ldap_result, "Result of an LDAP response, by name or number; a place after it as for ldap.responses.operation."},
    {"ldap.responses.count", required, parse_fact_number, "Number of responses to an LDAP request, once there will be no more.", id(Fact::ldap_responses_count)},
    {"ike.exchtype", required, parse_ike_number, "Exchange type of an IKE message.", app::ike_record::exchange},
    {"ike.key_exchange_payload_length", required, parse_ike_number, "Octets of the key exchange.", app::ike_record::key_exchange_size},
    {"ike.nonce_payload_length", required, parse_ike_number, "Octets of the nonce.", app::ike_record::nonce_size},
    {"ike.chosen_sa_attribute", required, parse_ike_attribute, "name=value of what the responder has chosen."},
    {"filename", quoted, parse_filename, "Text in the name of a file on the wire."},
    {"fileext", quoted, parse_fileext, "Extension of a file on the wire."},
    {"filemagic", quoted, parse_filemagic, "Text in the type of a file on the wire."},
    {"filesize", required, parse_filesize, "Size of a file on the wire, once it has passed."},
    {"filemd5", required, parse_filedigest, "The MD5 of a file is (with !: is not) in a list.", 0},
    {"filesha1", required, parse_filedigest, "The SHA-1 of a file is (with !: is not) in a list.", 1},
    {"filesha256", required, parse_filedigest, "The SHA-256 of a file is (with !: is not) in a list.", 2},
    {"filestore", optional, parse_filestore, "There is a file; nothing is stored."},
    {"ftpdata_command", required, parse_ftpdata_command, "retr or stor: the command of an FTP data connection."},
    {"ssh.protoversion", required, parse_ssh_version, "SSH protocol version of the banner (legacy)."},
    {"dcerpc.iface", required, parse_dcerpc_iface, "Interface of a remote procedure call: UUID[,version][,any_frag]."},
    {"dce_iface", required, parse_dcerpc_iface, "Older name of dcerpc.iface."},
    {"dcerpc.opnum", required, parse_dcerpc_opnum, "Operation of a remote procedure call: numbers and ranges, ! for none of them."},
    {"dce_opnum", required, parse_dcerpc_opnum, "Older name of dcerpc.opnum."},
    {"krb5_msg_type", required, parse_krb5_number, "Kerberos message: 10 AS-REQ, 11 AS-REP, 12 TGS-REQ, 13 TGS-REP, 30 error.", id(Fact::krb5_message_type)},
    {"krb5_err_code", required, parse_krb5_number, "Code of a Kerberos error.", id(Fact::krb5_error_code)},
    {"krb5.ticket_encryption", required, parse_krb5_encryption, "Encryption of a ticket: weak, strong, names or numbers, ! for none of them."},
    {"nfs.version", required, parse_nfs_version, "NFS version of a call."},
    {"nfs_version", required, parse_nfs_version, "Older name of nfs.version."},
    {"nfs_procedure", required, parse_nfs_procedure, "Number of an NFS procedure, or of any operation of a version 4 call."},
    {"nfs.procedure", required, parse_nfs_procedure, "The same as nfs_procedure."},
    {"smb.version", required, parse_smb_version, "1, or 2 for SMB 2 and 3."},
    {"rpc", required, parse_rpc, "ONC RPC call at the begin of a packet: program,version,procedure, * for any."},
    // legacy modifiers
    {"http_uri", none, parse_content_modifier, kLegacy, id(Field::http_uri)},
    {"http_raw_uri", none, parse_content_modifier, kLegacy, id(Field::http_uri_raw)},
    {"http_method", none, parse_content_modifier, kLegacy, id(Field::http_method)},
    {"http_header", none, parse_content_modifier, kLegacy, id(Field::http_header)},
    {"http_raw_header", none, parse_content_modifier, kLegacy, id(Field::http_header_raw)},
    {"http_cookie", none, parse_content_modifier, kLegacy, id(Field::http_cookie)},
    {"http_client_body", none, parse_content_modifier, kLegacy, id(Field::http_request_body)},
    {"http_server_body", none, parse_content_modifier, kLegacy, id(Field::file_data)},
    {"http_stat_code", none, parse_content_modifier, kLegacy, id(Field::http_stat_code)},
    {"http_stat_msg", none, parse_content_modifier, kLegacy, id(Field::http_stat_msg)},
    {"http_user_agent", none, parse_content_modifier, kLegacy, id(Field::http_user_agent)},
    {"http_host", none, parse_content_modifier, kLegacy, id(Field::http_host)},
    {"http_raw_host", none, parse_content_modifier, kLegacy, id(Field::http_host_raw)},
    // older names of sticky buffers
    {"file_data", none, parse_sticky, kOldName, id(Field::file_data)},
    {"dns_query", none, parse_sticky, kOldName, id(Field::dns_query)},
    {"dns.query.name", none, parse_sticky, kOldName, id(Field::dns_query)},
    {"http_protocol", none, parse_sticky, kOldName, id(Field::http_protocol)},
    {"http_request_line", none, parse_sticky, kOldName, id(Field::http_request_line)},
    {"http_response_line", none, parse_sticky, kOldName, id(Field::http_response_line)},
    {"http_header_names", none, parse_sticky, kOldName, id(Field::http_header_names)},
    {"http_start", none, parse_sticky, kOldName, id(Field::http_start)},
    {"http_accept", none, parse_sticky, kOldName, id(Field::http_accept)},
    {"http_accept_enc", none, parse_sticky, kOldName, id(Field::http_accept_enc)},
    {"http_accept_lang", none, parse_sticky, kOldName, id(Field::http_accept_lang)},
    {"http_referer", none, parse_sticky, kOldName, id(Field::http_referer)},
    {"http_connection", none, parse_sticky, kOldName, id(Field::http_connection)},
    {"http_content_type", none, parse_sticky, kOldName, id(Field::http_content_type)},
    {"http_content_len", none, parse_sticky, kOldName, id(Field::http_content_len)},
    {"tls_sni", none, parse_sticky, kOldName, id(Field::tls_sni)},
    {"tls_cert_subject", none, parse_sticky, kOldName, id(Field::tls_cert_subject)},
    {"tls_cert_issuer", none, parse_sticky, kOldName, id(Field::tls_cert_issuer)},
    {"tls_cert_serial", none, parse_sticky, kOldName, id(Field::tls_cert_serial)},
    {"tls_cert_fingerprint", none, parse_sticky, kOldName, id(Field::tls_cert_fingerprint)},
    {"ja3_hash", none, parse_sticky, kOldName, id(Field::ja3_hash)},
    {"ja3_string", none, parse_sticky, kOldName, id(Field::ja3_string)},
    {"dnp3_data", none, parse_sticky, kOldName, id(Field::dnp3_data)},
    {"dce_stub_data", none, parse_sticky, kOldName, id(Field::dcerpc_stub_data)},
    {"smb_named_pipe", none, parse_sticky, kOldName, id(Field::smb_named_pipe)},
    {"smb_share", none, parse_sticky, kOldName, id(Field::smb_share)},
    {"sdp.media.session_info", none, parse_sticky, "Sticky buffer: another name of sdp.media.media_info.", id(Field::sdp_media_info)},
    {"krb5_cname", none, parse_sticky, kOldName, id(Field::krb5_cname)},
    {"krb5_sname", none, parse_sticky, kOldName, id(Field::krb5_sname)},
    {"ssh_proto", none, parse_sticky, kOldName, id(Field::ssh_proto)},
    {"ssh_software", none, parse_sticky, kOldName, id(Field::ssh_software)},
};

using Index = std::unordered_map<std::string_view, const Keyword*>;

// The sticky buffers that come from app/field.h by name.
const std::vector<Keyword>& field_keywords() {
    static const std::vector<Keyword> keywords = [] {
        std::vector<Keyword> made;
        for (std::size_t i = 0; i < app::kFieldCount; ++i)
            if (static_cast<Field>(i) != Field::payload && static_cast<Field>(i) != Field::dns_answer &&
                app::kFields[i].kind != app::FieldKind::record && app::kFields[i].kind != app::FieldKind::frame)
                made.push_back({app::kFields[i].name, none, parse_sticky, app::kFields[i].help, static_cast<unsigned>(i)});
        return made;
    }();
    return keywords;
}

Index build_index() {
    Index index;
    for (const Keyword& keyword : field_keywords()) index[keyword.name] = &keyword;
    for (const Keyword& keyword : kKeywords) index[keyword.name] = &keyword;
    return index;
}

}  // namespace

std::span<const Keyword> keyword_table() noexcept { return kKeywords; }

const Keyword* find_keyword(std::string_view name) {
    static const Index index = build_index();
    const auto found = index.find(name);
    return found == index.end() ? nullptr : found->second;
}

namespace {

/// Rules with "=>" may say whose buffer or file a keyword means: "to_client" or "to_server", before its value.
FlowDirection take_side(std::string_view& value) {
    constexpr std::pair<std::string_view, FlowDirection> kSides[] = {{"to_server", FlowDirection::to_server},
                                                                     {"to_client", FlowDirection::to_client}};
    for (const auto& [word, side] : kSides) {
        const auto rest = value.starts_with(word) ? trim(value.substr(word.size())) : std::string_view("?");
        if (!rest.empty() && rest.front() != ',') continue;
        value = rest.empty() ? rest : trim(rest.substr(1));
        return side;
    }
    return FlowDirection::any;
}

Status parse_argument(RuleBuilder& builder, const Keyword& keyword, std::string_view value) {
    Use use{keyword, value, false};
    if (keyword.argument == Argument::none) {
        if (!value.empty()) return wrong("it takes no value");
        return keyword.parse(builder, use);
    }
    if (value.empty() && keyword.argument != Argument::optional) return wrong("the value is missing");
    if (keyword.argument == Argument::quoted || keyword.argument == Argument::quotable) {
        if (value.starts_with('!')) {
            use.negated = true;
            use.value = value.substr(value.find_first_not_of("! \t") == std::string_view::npos
                                         ? value.size() : value.find_first_not_of(" \t", 1));
        }
        const bool bare = keyword.argument == Argument::quotable && !use.value.starts_with('"');
        const auto inside = bare ? Result<std::string_view>(use.value) : unquote(use.value);
        if (!inside) return fail(inside.error());
        use.value = *inside;
    } else if (value.starts_with('"')) {
        const auto inside = unquote(value);
        if (!inside) return fail(inside.error());
        use.value = *inside;
    }
    return keyword.parse(builder, use);
}

}  // namespace

Status apply_keyword(RuleBuilder& builder, const Keyword& keyword, std::string_view value) {
    Rule& rule = builder.rule();
    if (!rule.header.exchange) return parse_argument(builder, keyword, value);
    const std::size_t file_tests = rule.file_tests.size();
    // flow has words of its own like these.
    const FlowDirection side = keyword.parse == parse_flow ? FlowDirection::any : take_side(value);
    builder.set_side(side);
    auto done = parse_argument(builder, keyword, value);
    builder.set_side(FlowDirection::any);
    for (std::size_t i = file_tests; i < rule.file_tests.size(); ++i) rule.file_tests[i].side = side;
    return done;
}

}  // namespace sekisho::signature
