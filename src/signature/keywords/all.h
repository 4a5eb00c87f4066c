// The parse functions that table.cpp names, by file.
#pragma once

#include <string>

#include "signature/keywords/keyword.h"

namespace sekisho::signature {

#define SEKISHO_KEYWORD_PARSER(name) Status name(RuleBuilder& builder, const Use& use)

// meta.cpp
SEKISHO_KEYWORD_PARSER(parse_msg);
SEKISHO_KEYWORD_PARSER(parse_sid);
SEKISHO_KEYWORD_PARSER(parse_gid);
SEKISHO_KEYWORD_PARSER(parse_rev);
SEKISHO_KEYWORD_PARSER(parse_classtype);
SEKISHO_KEYWORD_PARSER(parse_priority);
SEKISHO_KEYWORD_PARSER(parse_reference);
SEKISHO_KEYWORD_PARSER(parse_metadata);
SEKISHO_KEYWORD_PARSER(parse_target);
SEKISHO_KEYWORD_PARSER(parse_tag);
SEKISHO_KEYWORD_PARSER(parse_config);
SEKISHO_KEYWORD_PARSER(parse_noalert);
SEKISHO_KEYWORD_PARSER(parse_alert);
SEKISHO_KEYWORD_PARSER(parse_bypass);
SEKISHO_KEYWORD_PARSER(parse_prefilter);
SEKISHO_KEYWORD_PARSER(parse_requires);
// content.cpp
Result<std::string> decode_content(std::string_view text);  ///< |hex| and escapes to octets
SEKISHO_KEYWORD_PARSER(parse_content);
SEKISHO_KEYWORD_PARSER(parse_uricontent);
SEKISHO_KEYWORD_PARSER(parse_content_modifier);
SEKISHO_KEYWORD_PARSER(parse_offset);
SEKISHO_KEYWORD_PARSER(parse_depth);
SEKISHO_KEYWORD_PARSER(parse_distance);
SEKISHO_KEYWORD_PARSER(parse_within);
SEKISHO_KEYWORD_PARSER(parse_startswith);
SEKISHO_KEYWORD_PARSER(parse_endswith);
SEKISHO_KEYWORD_PARSER(parse_nocase);
SEKISHO_KEYWORD_PARSER(parse_rawbytes);
SEKISHO_KEYWORD_PARSER(parse_fast_pattern);
// buffers.cpp
SEKISHO_KEYWORD_PARSER(parse_sticky);
SEKISHO_KEYWORD_PARSER(parse_pkt_data);
SEKISHO_KEYWORD_PARSER(parse_absent);
SEKISHO_KEYWORD_PARSER(parse_frame);
// ldap.cpp
SEKISHO_KEYWORD_PARSER(parse_ldap_operation);
SEKISHO_KEYWORD_PARSER(parse_ldap_result);
// websocket.cpp
SEKISHO_KEYWORD_PARSER(parse_websocket_opcode);
SEKISHO_KEYWORD_PARSER(parse_websocket_flags);
SEKISHO_KEYWORD_PARSER(parse_websocket_mask);
// sctp.cpp
SEKISHO_KEYWORD_PARSER(parse_sctp_chunk_type);
SEKISHO_KEYWORD_PARSER(parse_sctp_chunk_count);
SEKISHO_KEYWORD_PARSER(parse_sctp_tag);
// icmp.cpp
SEKISHO_KEYWORD_PARSER(parse_igmp_type);
// transforms.cpp
SEKISHO_KEYWORD_PARSER(parse_transform);
// pcre.cpp
SEKISHO_KEYWORD_PARSER(parse_pcre);
// isdataat.cpp
SEKISHO_KEYWORD_PARSER(parse_isdataat);
// byte_test.cpp, byte_jump.cpp, byte_extract.cpp, byte_math.cpp
SEKISHO_KEYWORD_PARSER(parse_byte_test);
SEKISHO_KEYWORD_PARSER(parse_byte_jump);
SEKISHO_KEYWORD_PARSER(parse_byte_extract);
SEKISHO_KEYWORD_PARSER(parse_byte_math);
// base64.cpp
SEKISHO_KEYWORD_PARSER(parse_base64_decode);
SEKISHO_KEYWORD_PARSER(parse_base64_data);
// bsize.cpp
SEKISHO_KEYWORD_PARSER(parse_bsize);
SEKISHO_KEYWORD_PARSER(parse_urilen);
// entropy.cpp
SEKISHO_KEYWORD_PARSER(parse_entropy);
// dataset.cpp
SEKISHO_KEYWORD_PARSER(parse_dataset);
SEKISHO_KEYWORD_PARSER(parse_datarep);
// iprep.cpp
SEKISHO_KEYWORD_PARSER(parse_iprep);
// geoip.cpp
SEKISHO_KEYWORD_PARSER(parse_geoip);
// asn1.cpp
SEKISHO_KEYWORD_PARSER(parse_asn1);
// flow_numbers.cpp
SEKISHO_KEYWORD_PARSER(parse_flow_number);
SEKISHO_KEYWORD_PARSER(parse_flow_number_by_side);
// flow.cpp
SEKISHO_KEYWORD_PARSER(parse_flow);
// flowbits.cpp, xbits.cpp, flowint.cpp
SEKISHO_KEYWORD_PARSER(parse_flowbits);
SEKISHO_KEYWORD_PARSER(parse_xbits);
SEKISHO_KEYWORD_PARSER(parse_hostbits);
SEKISHO_KEYWORD_PARSER(parse_flowint);
// threshold.cpp
SEKISHO_KEYWORD_PARSER(parse_threshold);
SEKISHO_KEYWORD_PARSER(parse_detection_filter);
// stream.cpp
SEKISHO_KEYWORD_PARSER(parse_stream_size);
SEKISHO_KEYWORD_PARSER(parse_stream_event);
// dsize.cpp
SEKISHO_KEYWORD_PARSER(parse_dsize);
// ip_header.cpp
SEKISHO_KEYWORD_PARSER(parse_ttl);
SEKISHO_KEYWORD_PARSER(parse_tos);
SEKISHO_KEYWORD_PARSER(parse_ip_id);
SEKISHO_KEYWORD_PARSER(parse_ip_proto);
SEKISHO_KEYWORD_PARSER(parse_l3_proto);
SEKISHO_KEYWORD_PARSER(parse_sameip);
SEKISHO_KEYWORD_PARSER(parse_ipopts);
SEKISHO_KEYWORD_PARSER(parse_fragbits);
SEKISHO_KEYWORD_PARSER(parse_fragoffset);
SEKISHO_KEYWORD_PARSER(parse_vlan_id);
SEKISHO_KEYWORD_PARSER(parse_vlan_layers);
SEKISHO_KEYWORD_PARSER(parse_vxlan_vni);
// tcp_header.cpp
SEKISHO_KEYWORD_PARSER(parse_tcp_flags);
SEKISHO_KEYWORD_PARSER(parse_tcp_seq);
SEKISHO_KEYWORD_PARSER(parse_tcp_ack);
SEKISHO_KEYWORD_PARSER(parse_tcp_window);
SEKISHO_KEYWORD_PARSER(parse_tcp_mss);
SEKISHO_KEYWORD_PARSER(parse_tcp_window_scale);
// icmp.cpp
SEKISHO_KEYWORD_PARSER(parse_itype);
SEKISHO_KEYWORD_PARSER(parse_icode);
SEKISHO_KEYWORD_PARSER(parse_icmp_id);
SEKISHO_KEYWORD_PARSER(parse_icmp_seq);
SEKISHO_KEYWORD_PARSER(parse_icmpv6_mtu);
// checksum.cpp
SEKISHO_KEYWORD_PARSER(parse_checksum);
// decode_event.cpp
SEKISHO_KEYWORD_PARSER(parse_decode_event);
// app_layer.cpp
SEKISHO_KEYWORD_PARSER(parse_app_layer_event);
SEKISHO_KEYWORD_PARSER(parse_app_layer_protocol);
// tls.cpp
SEKISHO_KEYWORD_PARSER(parse_tls_version);
SEKISHO_KEYWORD_PARSER(parse_ssl_version);
SEKISHO_KEYWORD_PARSER(parse_ssl_state);
SEKISHO_KEYWORD_PARSER(parse_tls_date);
SEKISHO_KEYWORD_PARSER(parse_tls_validity);
SEKISHO_KEYWORD_PARSER(parse_tls_text);
SEKISHO_KEYWORD_PARSER(parse_tls_fingerprint);
SEKISHO_KEYWORD_PARSER(parse_tls_store);
// dns.cpp
SEKISHO_KEYWORD_PARSER(parse_dns_number);
SEKISHO_KEYWORD_PARSER(parse_name_service);
// ndpi.cpp
SEKISHO_KEYWORD_PARSER(parse_ndpi_protocol);
SEKISHO_KEYWORD_PARSER(parse_ndpi_risk);
// facts.cpp
SEKISHO_KEYWORD_PARSER(parse_fact_number);
// mqtt.cpp
SEKISHO_KEYWORD_PARSER(parse_mqtt_type);
SEKISHO_KEYWORD_PARSER(parse_mqtt_flags);
SEKISHO_KEYWORD_PARSER(parse_mqtt_connect_flags);
SEKISHO_KEYWORD_PARSER(parse_mqtt_qos);
SEKISHO_KEYWORD_PARSER(parse_mqtt_number);
SEKISHO_KEYWORD_PARSER(parse_mqtt_session_present);
// modbus.cpp
SEKISHO_KEYWORD_PARSER(parse_modbus);
// dnp3.cpp
SEKISHO_KEYWORD_PARSER(parse_dnp3_func);
SEKISHO_KEYWORD_PARSER(parse_dnp3_ind);
SEKISHO_KEYWORD_PARSER(parse_dnp3_obj);
// enip.cpp
SEKISHO_KEYWORD_PARSER(parse_enip_command);
SEKISHO_KEYWORD_PARSER(parse_cip_service);
SEKISHO_KEYWORD_PARSER(parse_enip_number);
// file.cpp
SEKISHO_KEYWORD_PARSER(parse_filename);
SEKISHO_KEYWORD_PARSER(parse_fileext);
SEKISHO_KEYWORD_PARSER(parse_filemagic);
SEKISHO_KEYWORD_PARSER(parse_filesize);
SEKISHO_KEYWORD_PARSER(parse_filedigest);
SEKISHO_KEYWORD_PARSER(parse_filestore);
SEKISHO_KEYWORD_PARSER(parse_ftpdata_command);
// http2.cpp
SEKISHO_KEYWORD_PARSER(parse_http2_name);
SEKISHO_KEYWORD_PARSER(parse_http2_number);
SEKISHO_KEYWORD_PARSER(parse_http2_settings);
// ike.cpp
SEKISHO_KEYWORD_PARSER(parse_ike_number);
SEKISHO_KEYWORD_PARSER(parse_ike_attribute);
// ssh.cpp
SEKISHO_KEYWORD_PARSER(parse_ssh_version);
// ftpbounce.cpp
SEKISHO_KEYWORD_PARSER(parse_ftpbounce);
// dcerpc.cpp
SEKISHO_KEYWORD_PARSER(parse_dcerpc_iface);
SEKISHO_KEYWORD_PARSER(parse_dcerpc_opnum);
// krb5.cpp
SEKISHO_KEYWORD_PARSER(parse_krb5_number);
SEKISHO_KEYWORD_PARSER(parse_krb5_encryption);
// nfs.cpp
SEKISHO_KEYWORD_PARSER(parse_nfs_version);
SEKISHO_KEYWORD_PARSER(parse_nfs_procedure);
SEKISHO_KEYWORD_PARSER(parse_smb_version);
// rpc.cpp
SEKISHO_KEYWORD_PARSER(parse_rpc);

#undef SEKISHO_KEYWORD_PARSER

}  // namespace sekisho::signature
