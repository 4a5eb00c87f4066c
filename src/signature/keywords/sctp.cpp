// sctp.chunk_type, sctp.chunk_cnt and sctp.vtag: numbers of an SCTP packet (RFC 9260 section 3).
#include <algorithm>

#include "sekisho/base/byte_reader.h"
#include "sekisho/base/text.h"
#include "sekisho/packet/sctp.h"
#include "signature/keywords/all.h"
#include "signature/keywords/packet_number.h"
#include "signature/keywords/record_tests.h"

namespace sekisho::signature {
namespace {

using packet::Packet;

// RFC 9260 section 3.2, RFC 4895, RFC 6525, RFC 5061, RFC 4820, RFC 3758, RFC 8260
constexpr NamedNumber kTypes[] = {
    {"data", 0},      {"init", 1},          {"init_ack", 2},      {"sack", 3},     {"heartbeat", 4},         {"heartbeat_ack", 5},
    {"abort", 6},     {"shutdown", 7},      {"shutdown_ack", 8},  {"error", 9},    {"cookie_echo", 10},      {"cookie_ack", 11},
    {"ecne", 12},     {"cwr", 13},          {"shutdown_complete", 14}, {"auth", 15}, {"i_data", 64},         {"asconf_ack", 128},
    {"re_config", 130}, {"pad", 132},       {"forward_tsn", 192}, {"asconf", 193}, {"i_forward_tsn", 194}};

bool has_chunk(const PacketTest& test, const Packet& packet) noexcept {
    bool found = false;
    packet::for_each_sctp_chunk(packet, [&](const packet::SctpChunk& chunk) noexcept {
        found = found || holds(test, chunk.type);
    });
    return found;
}

std::optional<std::uint64_t> chunk_count(const Packet& packet) noexcept {
    if (packet.ip_protocol != packet::ip_proto::sctp) return std::nullopt;
    std::uint64_t count = 0;
    packet::for_each_sctp_chunk(packet, [&](const packet::SctpChunk&) noexcept { ++count; });
    return count;
}

std::optional<std::uint64_t> verification_tag(const Packet& packet) noexcept {
    const Bytes header = packet::sctp_header(packet);
    if (header.empty()) return std::nullopt;
    ByteReader reader(header.subspan(4));
    return reader.u32();
}

}  // namespace

Status parse_sctp_chunk_type(RuleBuilder& builder, const Use& use) {
    const bool negated = use.value.starts_with('!');
    const auto word = trim(use.value.substr(negated ? 1 : 0));
    const auto* known = std::find_if(std::begin(kTypes), std::end(kTypes), [word](const NamedNumber& type) { return equals_nocase(type.name, word); });
    const auto number = known != std::end(kTypes) ? Result<NumberTest>(NumberTest{.op = Compare::eq, .negated = negated, .low = known->number})
                                                  : parse_number_test(use.value, 255);
    if (!number) return fail(number.error());
    builder.rule().packet_tests.push_back(packet_test(use, *number, has_chunk));
    return {};
}

Status parse_sctp_chunk_count(RuleBuilder& builder, const Use& use) { return add_packet_number<chunk_count>(builder, use, 65535); }
Status parse_sctp_tag(RuleBuilder& builder, const Use& use) { return add_packet_number<verification_tag>(builder, use, ~std::uint32_t{0}); }

}  // namespace sekisho::signature
