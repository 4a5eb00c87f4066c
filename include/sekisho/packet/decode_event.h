// What the decoder and the defragmenter find odd. The names are the values of the rule keyword
// decode-event (Suricata 7 user guide, "Decoder event"; those of 8 for IGMP and ARP), so that rules written
// for it need no translation. An event is an observation: the engine and the rules say what follows.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "sekisho/packet/packet.h"

// X(enumerator, rule name), grouped by layer; one list serves the enum and the table of names.
#define SEKISHO_DECODE_EVENTS(X) \
    X(ipv4_pkt_too_small, "ipv4.pkt_too_small")                                 \
    X(ipv4_hlen_too_small, "ipv4.hlen_too_small")                               \
    X(ipv4_iplen_smaller_than_hlen, "ipv4.iplen_smaller_than_hlen")             \
    X(ipv4_trunc_pkt, "ipv4.trunc_pkt")                                         \
    X(ipv4_opt_invalid, "ipv4.opt_invalid")                                     \
    X(ipv4_opt_invalid_len, "ipv4.opt_invalid_len")                             \
    X(ipv4_opt_malformed, "ipv4.opt_malformed")                                 \
    X(ipv4_opt_pad_required, "ipv4.opt_pad_required")                           \
    X(ipv4_opt_eol_required, "ipv4.opt_eol_required")                           \
    X(ipv4_opt_duplicate, "ipv4.opt_duplicate")                                 \
    X(ipv4_opt_unknown, "ipv4.opt_unknown")                                     \
    X(ipv4_wrong_ip_version, "ipv4.wrong_ip_version")                           \
    X(ipv4_icmpv6, "ipv4.icmpv6")                                               \
    X(ipv4_unknown_protocol, "ipv4.unknown_protocol")                           \
    X(ipv4_frag_pkt_too_large, "ipv4.frag_pkt_too_large")                       \
    X(ipv4_frag_overlap, "ipv4.frag_overlap")                                   \
    X(ipv4_frag_ignored, "ipv4.frag_ignored")                                   \
    X(icmpv4_pkt_too_small, "icmpv4.pkt_too_small")                             \
    X(icmpv4_unknown_type, "icmpv4.unknown_type")                               \
    X(icmpv4_unknown_code, "icmpv4.unknown_code")                               \
    X(icmpv4_ipv4_trunc_pkt, "icmpv4.ipv4_trunc_pkt")                           \
    X(icmpv4_ipv4_unknown_ver, "icmpv4.ipv4_unknown_ver")                       \
    X(icmpv6_unknown_type, "icmpv6.unknown_type")                               \
    X(icmpv6_unknown_code, "icmpv6.unknown_code")                               \
    X(icmpv6_pkt_too_small, "icmpv6.pkt_too_small")                             \
    X(icmpv6_ipv6_unknown_version, "icmpv6.ipv6_unknown_version")               \
    X(icmpv6_ipv6_trunc_pkt, "icmpv6.ipv6_trunc_pkt")                           \
    X(icmpv6_mld_message_with_invalid_hl, "icmpv6.mld_message_with_invalid_hl") \
    X(icmpv6_unassigned_type, "icmpv6.unassigned_type")                         \
    X(icmpv6_experimentation_type, "icmpv6.experimentation_type")               \
    X(igmp_pkt_too_small, "igmp.pkt_too_small")                                 \
    X(igmp_v3_pkt_too_small, "igmp.v3_pkt_too_small")                           \
    X(igmp_malformed, "igmp.malformed")                                         \
    X(ipv6_pkt_too_small, "ipv6.pkt_too_small")                                 \
    X(ipv6_trunc_pkt, "ipv6.trunc_pkt")                                         \
    X(ipv6_trunc_exthdr, "ipv6.trunc_exthdr")                                   \
    X(ipv6_exthdr_dupl_fh, "ipv6.exthdr_dupl_fh")                               \
    X(ipv6_exthdr_useless_fh, "ipv6.exthdr_useless_fh")                         \
    X(ipv6_exthdr_dupl_rh, "ipv6.exthdr_dupl_rh")                               \
    X(ipv6_exthdr_dupl_hh, "ipv6.exthdr_dupl_hh")                               \
    X(ipv6_exthdr_dupl_dh, "ipv6.exthdr_dupl_dh")                               \
    X(ipv6_exthdr_dupl_ah, "ipv6.exthdr_dupl_ah")                               \
    X(ipv6_exthdr_dupl_eh, "ipv6.exthdr_dupl_eh")                               \
    X(ipv6_exthdr_invalid_optlen, "ipv6.exthdr_invalid_optlen")                 \
    X(ipv6_wrong_ip_version, "ipv6.wrong_ip_version")                           \
    X(ipv6_exthdr_ah_res_not_null, "ipv6.exthdr_ah_res_not_null")               \
    X(ipv6_hopopts_unknown_opt, "ipv6.hopopts_unknown_opt")                     \
    X(ipv6_hopopts_only_padding, "ipv6.hopopts_only_padding")                   \
    X(ipv6_dstopts_unknown_opt, "ipv6.dstopts_unknown_opt")                     \
    X(ipv6_dstopts_only_padding, "ipv6.dstopts_only_padding")                   \
    X(ipv6_rh_type_0, "ipv6.rh_type_0")                                         \
    X(ipv6_zero_len_padn, "ipv6.zero_len_padn")                                 \
    X(ipv6_fh_non_zero_reserved_field, "ipv6.fh_non_zero_reserved_field")       \
    X(ipv6_data_after_none_header, "ipv6.data_after_none_header")               \
    X(ipv6_unknown_next_header, "ipv6.unknown_next_header")                     \
    X(ipv6_icmpv4, "ipv6.icmpv4")                                               \
    X(ipv6_frag_pkt_too_large, "ipv6.frag_pkt_too_large")                       \
    X(ipv6_frag_overlap, "ipv6.frag_overlap")                                   \
    X(ipv6_frag_invalid_length, "ipv6.frag_invalid_length")                     \
    X(ipv6_frag_ignored, "ipv6.frag_ignored")                                   \
    X(ipv6_ipv4_in_ipv6_too_small, "ipv6.ipv4_in_ipv6_too_small")               \
    X(ipv6_ipv4_in_ipv6_wrong_version, "ipv6.ipv4_in_ipv6_wrong_version")       \
    X(ipv6_ipv6_in_ipv6_too_small, "ipv6.ipv6_in_ipv6_too_small")               \
    X(ipv6_ipv6_in_ipv6_wrong_version, "ipv6.ipv6_in_ipv6_wrong_version")       \
    X(tcp_pkt_too_small, "tcp.pkt_too_small")                                   \
    X(tcp_hlen_too_small, "tcp.hlen_too_small")                                 \
    X(tcp_invalid_optlen, "tcp.invalid_optlen")                                 \
    X(tcp_opt_invalid_len, "tcp.opt_invalid_len")                               \
    X(tcp_opt_duplicate, "tcp.opt_duplicate")                                   \
    X(udp_pkt_too_small, "udp.pkt_too_small")                                   \
    X(udp_hlen_too_small, "udp.hlen_too_small")                                 \
    X(udp_hlen_invalid, "udp.hlen_invalid")                                     \
    X(udp_len_invalid, "udp.len_invalid")                                       \
    X(sctp_pkt_too_small, "sctp.pkt_too_small")                                 \
    X(esp_pkt_too_small, "esp.pkt_too_small")                                   \
    X(sll_pkt_too_small, "sll.pkt_too_small")                                   \
    X(sll2_pkt_too_small, "sll2.pkt_too_small")                                 \
    X(ethernet_pkt_too_small, "ethernet.pkt_too_small")                         \
    X(ethernet_unknown_ethertype, "ethernet.unknown_ethertype")                 \
    X(ppp_pkt_too_small, "ppp.pkt_too_small")                                   \
    X(ppp_vju_pkt_too_small, "ppp.vju_pkt_too_small")                           \
    X(ppp_ip4_pkt_too_small, "ppp.ip4_pkt_too_small")                           \
    X(ppp_ip6_pkt_too_small, "ppp.ip6_pkt_too_small")                           \
    X(ppp_wrong_type, "ppp.wrong_type")                                         \
    X(ppp_unsup_proto, "ppp.unsup_proto")                                       \
    X(pppoe_pkt_too_small, "pppoe.pkt_too_small")                               \
    X(pppoe_wrong_code, "pppoe.wrong_code")                                     \
    X(pppoe_malformed_tags, "pppoe.malformed_tags")                             \
    X(gre_pkt_too_small, "gre.pkt_too_small")                                   \
    X(gre_wrong_version, "gre.wrong_version")                                   \
    X(gre_version0_recur, "gre.version0_recur")                                 \
    X(gre_version0_flags, "gre.version0_flags")                                 \
    X(gre_version0_hdr_too_big, "gre.version0_hdr_too_big")                     \
    X(gre_version0_malformed_sre_hdr, "gre.version0_malformed_sre_hdr")         \
    X(gre_version1_chksum, "gre.version1_chksum")                               \
    X(gre_version1_route, "gre.version1_route")                                 \
    X(gre_version1_ssr, "gre.version1_ssr")                                     \
    X(gre_version1_recur, "gre.version1_recur")                                 \
    X(gre_version1_flags, "gre.version1_flags")                                 \
    X(gre_version1_no_key, "gre.version1_no_key")                               \
    X(gre_version1_wrong_protocol, "gre.version1_wrong_protocol")               \
    X(gre_version1_malformed_sre_hdr, "gre.version1_malformed_sre_hdr")         \
    X(gre_version1_hdr_too_big, "gre.version1_hdr_too_big")                     \
    X(vlan_header_too_small, "vlan.header_too_small")                           \
    X(vlan_unknown_type, "vlan.unknown_type")                                   \
    X(vlan_too_many_layers, "vlan.too_many_layers")                             \
    X(ieee8021ah_header_too_small, "ieee8021ah.header_too_small")               \
    X(vntag_header_too_small, "vntag.header_too_small")                         \
    X(vntag_unknown_type, "vntag.unknown_type")                                 \
    X(ipraw_invalid_ip_version, "ipraw.invalid_ip_version")                     \
    X(ltnull_pkt_too_small, "ltnull.pkt_too_small")                             \
    X(ltnull_unsupported_type, "ltnull.unsupported_type")                       \
    X(mpls_header_too_small, "mpls.header_too_small")                           \
    X(mpls_pkt_too_small, "mpls.pkt_too_small")                                 \
    X(mpls_bad_label_router_alert, "mpls.bad_label_router_alert")               \
    X(mpls_bad_label_implicit_null, "mpls.bad_label_implicit_null")             \
    X(mpls_bad_label_reserved, "mpls.bad_label_reserved")                       \
    X(mpls_unknown_payload_type, "mpls.unknown_payload_type")                   \
    X(vxlan_unknown_payload_type, "vxlan.unknown_payload_type")                 \
    X(geneve_unknown_payload_type, "geneve.unknown_payload_type")               \
    X(erspan_header_too_small, "erspan.header_too_small")                       \
    X(erspan_unsupported_version, "erspan.unsupported_version")                 \
    X(erspan_too_many_vlan_layers, "erspan.too_many_vlan_layers")               \
    X(dce_pkt_too_small, "dce.pkt_too_small")                                   \
    X(chdlc_pkt_too_small, "chdlc.pkt_too_small")                               \
    X(nsh_header_too_small, "nsh.header_too_small")                             \
    X(nsh_unsupported_version, "nsh.unsupported_version")                       \
    X(nsh_bad_header_length, "nsh.bad_header_length")                           \
    X(nsh_reserved_type, "nsh.reserved_type")                                   \
    X(nsh_unsupported_type, "nsh.unsupported_type")                             \
    X(nsh_unknown_payload, "nsh.unknown_payload")                               \
    X(arp_pkt_too_small, "arp.pkt_too_small")                                   \
    X(arp_unsupported_hardware, "arp.unsupported_hardware")                     \
    X(arp_unsupported_protocol, "arp.unsupported_protocol")                     \
    X(arp_invalid_pkt, "arp.invalid_pkt")                                       \
    X(arp_invalid_hardware_size, "arp.invalid_hardware_size")                   \
    X(arp_invalid_protocol_size, "arp.invalid_protocol_size")                   \
    X(arp_unsupported_opcode, "arp.unsupported_opcode")                         \
    X(too_many_layers, "too_many_layers")

namespace sekisho::packet {

enum class DecodeEvent : std::uint8_t {
#define SEKISHO_ENUMERATOR(name, text) name,
    SEKISHO_DECODE_EVENTS(SEKISHO_ENUMERATOR)
#undef SEKISHO_ENUMERATOR
        count_
};

/// The rule name, "ipv4.pkt_too_small"; empty for a value out of range. @thread any
std::string_view to_string(DecodeEvent event) noexcept;

/// The event of a rule name; nullopt when there is none. @cost one pass over the table: control plane only
std::optional<DecodeEvent> parse_decode_event(std::string_view name) noexcept;

/// Notes `event` once; the seventh and later kinds of one packet are not kept.
inline void raise(Packet& packet, DecodeEvent event) noexcept {
    for (const DecodeEvent noted : packet.events)
        if (noted == event) return;
    packet.events.push_back(event);
}

}  // namespace sekisho::packet
