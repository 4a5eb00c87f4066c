// Packet keywords that compare one number of the packet: parse and match are the same but for the number.
#pragma once

#include <optional>

#include "sekisho/packet/packet.h"
#include "sekisho/signature/compare.h"
#include "signature/keywords/keyword.h"
#include "signature/number.h"

namespace sekisho::signature {

/// Whether a number of the packet is what the test asks for.
inline bool holds(const PacketTest& test, std::uint64_t value) noexcept {
    return compare_numbers(test.op, value, test.a, test.b) != test.outside;
}

inline PacketTest packet_test(const Use& use, const NumberTest& number, decltype(PacketTest::match) match) {
    PacketTest test;
    test.match = match;
    test.keyword = use.keyword.name;
    test.op = number.op;
    test.outside = number.negated;
    test.a = number.low;
    test.b = number.high;
    return test;
}

/// Adds a PacketTest. `Read` gives the number, or nothing when the packet has none (the rule does not match).
template <std::optional<std::uint64_t> (*Read)(const packet::Packet&) noexcept>
Status add_packet_number(RuleBuilder& builder, const Use& use, std::uint64_t max) {
    const auto number = parse_number_test(use.value, max);
    if (!number) return fail(number.error());
    builder.rule().packet_tests.push_back(packet_test(use, *number, [](const PacketTest& wanted, const packet::Packet& packet) noexcept {
        const auto value = Read(packet);
        return value && holds(wanted, *value);
    }));
    return {};
}

}  // namespace sekisho::signature
