// Packet keywords that compare one number of the packet: parse and match are the same but for the number.
#pragma once

#include <optional>

#include "sekisho/packet/packet.h"
#include "sekisho/signature/compare.h"
#include "signature/keywords/keyword.h"
#include "signature/number.h"

namespace sekisho::signature {

/// Adds a PacketTest. `Read` gives the number, or nothing when the packet has none (the rule does not match).
template <std::optional<std::uint64_t> (*Read)(const packet::Packet&) noexcept>
Status add_packet_number(RuleBuilder& builder, const Use& use, std::uint64_t max) {
    const auto test = parse_number_test(use.value, max);
    if (!test) return fail(test.error());
    PacketTest packet_test;
    packet_test.match = [](const PacketTest& wanted, const packet::Packet& packet) noexcept {
        const auto value = Read(packet);
        return value && compare_numbers(wanted.op, *value, wanted.a, wanted.b) != (wanted.d != 0);
    };
    packet_test.keyword = use.keyword.name;
    packet_test.op = test->op;
    packet_test.d = test->negated;
    packet_test.a = test->low;
    packet_test.b = test->high;
    builder.rule().packet_tests.push_back(packet_test);
    return {};
}

}  // namespace sekisho::signature
