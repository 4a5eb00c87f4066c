// What TCP tracking found odd; the names are the values of the rule keyword stream-event (Suricata 7 user
// guide). An event is an observation: the engine and the rules say what follows.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

// X(enumerator, rule name), grouped by the state of the conversation.
#define SEKISHO_STREAM_EVENTS(X) \
    X(three_whs_ack_in_wrong_dir, "3whs_ack_in_wrong_dir")                                 \
    X(three_whs_async_wrong_seq, "3whs_async_wrong_seq")                                   \
    X(three_whs_right_seq_wrong_ack_evasion, "3whs_right_seq_wrong_ack_evasion")           \
    X(three_whs_synack_in_wrong_direction, "3whs_synack_in_wrong_direction")               \
    X(three_whs_synack_resend_with_different_ack, "3whs_synack_resend_with_different_ack") \
    X(three_whs_synack_resend_with_diff_seq, "3whs_synack_resend_with_diff_seq")           \
    X(three_whs_synack_toserver_on_syn_recv, "3whs_synack_toserver_on_syn_recv")           \
    X(three_whs_synack_with_wrong_ack, "3whs_synack_with_wrong_ack")                       \
    X(three_whs_synack_flood, "3whs_synack_flood")                                         \
    X(three_whs_synack_tfo_data_ignored, "3whs_synack_tfo_data_ignored")                   \
    X(three_whs_syn_flood, "3whs_syn_flood")                                               \
    X(three_whs_syn_resend_diff_seq_on_syn_recv, "3whs_syn_resend_diff_seq_on_syn_recv")   \
    X(three_whs_syn_toclient_on_syn_recv, "3whs_syn_toclient_on_syn_recv")                 \
    X(three_whs_wrong_seq_wrong_ack, "3whs_wrong_seq_wrong_ack")                           \
    X(three_whs_ack_data_inject, "3whs_ack_data_inject")                                   \
    X(four_whs_synack_with_wrong_ack, "4whs_synack_with_wrong_ack")                        \
    X(four_whs_synack_with_wrong_syn, "4whs_synack_with_wrong_syn")                        \
    X(four_whs_wrong_seq, "4whs_wrong_seq")                                                \
    X(four_whs_invalid_ack, "4whs_invalid_ack")                                            \
    X(est_packet_out_of_window, "est_packet_out_of_window")                                \
    X(est_pkt_before_last_ack, "est_pkt_before_last_ack")                                  \
    X(est_synack_resend, "est_synack_resend")                                              \
    X(est_synack_resend_with_different_ack, "est_synack_resend_with_different_ack")        \
    X(est_synack_resend_with_diff_seq, "est_synack_resend_with_diff_seq")                  \
    X(est_synack_toserver, "est_synack_toserver")                                          \
    X(est_syn_resend, "est_syn_resend")                                                    \
    X(est_syn_resend_diff_seq, "est_syn_resend_diff_seq")                                  \
    X(est_syn_toclient, "est_syn_toclient")                                                \
    X(est_invalid_ack, "est_invalid_ack")                                                  \
    X(fin_invalid_ack, "fin_invalid_ack")                                                  \
    X(fin_but_no_session, "fin_but_no_session")                                            \
    X(fin_out_of_window, "fin_out_of_window")                                              \
    X(fin_syn, "fin_syn")                                                                  \
    X(fin1_ack_wrong_seq, "fin1_ack_wrong_seq")                                            \
    X(fin1_fin_wrong_seq, "fin1_fin_wrong_seq")                                            \
    X(fin1_invalid_ack, "fin1_invalid_ack")                                                \
    X(fin2_ack_wrong_seq, "fin2_ack_wrong_seq")                                            \
    X(fin2_fin_wrong_seq, "fin2_fin_wrong_seq")                                            \
    X(fin2_invalid_ack, "fin2_invalid_ack")                                                \
    X(closewait_ack_out_of_window, "closewait_ack_out_of_window")                          \
    X(closewait_fin_out_of_window, "closewait_fin_out_of_window")                          \
    X(closewait_pkt_before_last_ack, "closewait_pkt_before_last_ack")                      \
    X(closewait_invalid_ack, "closewait_invalid_ack")                                      \
    X(closing_ack_wrong_seq, "closing_ack_wrong_seq")                                      \
    X(closing_invalid_ack, "closing_invalid_ack")                                          \
    X(lastack_ack_wrong_seq, "lastack_ack_wrong_seq")                                      \
    X(lastack_invalid_ack, "lastack_invalid_ack")                                          \
    X(timewait_ack_wrong_seq, "timewait_ack_wrong_seq")                                    \
    X(timewait_invalid_ack, "timewait_invalid_ack")                                        \
    X(shutdown_syn_resend, "shutdown_syn_resend")                                          \
    X(rst_but_no_session, "rst_but_no_session")                                            \
    X(rst_invalid_ack, "rst_invalid_ack")                                                  \
    X(suspected_rst_inject, "suspected_rst_inject")                                        \
    X(pkt_invalid_timestamp, "pkt_invalid_timestamp")                                      \
    X(pkt_invalid_ack, "pkt_invalid_ack")                                                  \
    X(pkt_broken_ack, "pkt_broken_ack")                                                    \
    X(pkt_retransmission, "pkt_retransmission")                                            \
    X(pkt_spurious_retransmission, "pkt_spurious_retransmission")                          \
    X(pkt_bad_window_update, "pkt_bad_window_update")                                      \
    X(wrong_thread, "wrong_thread")                                                        \
    X(reassembly_segment_before_base_seq, "reassembly_segment_before_base_seq")            \
    X(reassembly_no_segment, "reassembly_no_segment")                                      \
    X(reassembly_seq_gap, "reassembly_seq_gap")                                            \
    X(reassembly_overlap_different_data, "reassembly_overlap_different_data")              \
    X(reassembly_depth_reached, "reassembly_depth_reached")

namespace sekisho::stream {

enum class StreamEvent : std::uint8_t {
#define SEKISHO_ENUMERATOR(name, text) name,
    SEKISHO_STREAM_EVENTS(SEKISHO_ENUMERATOR)
#undef SEKISHO_ENUMERATOR
        count_
};

/// The rule name, "3whs_ack_in_wrong_dir"; empty for a value out of range. @thread any
std::string_view to_string(StreamEvent event) noexcept;
/// The event of a rule name, with or without the "stream." of older rules. @cost one pass: control plane only
std::optional<StreamEvent> parse_stream_event(std::string_view name) noexcept;

}  // namespace sekisho::stream
