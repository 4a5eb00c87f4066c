#include "signature/keywords/record_tests.h"

#include "sekisho/base/text.h"
#include "signature/number.h"

namespace sekisho::signature {
namespace {

Operand plain(std::uint64_t value) { return {false, 0, static_cast<std::int64_t>(value)}; }

ByteTest byte_test(app::RecordNumber place, Compare op, bool negated, std::uint64_t value) {
    ByteTest test;
    test.fetch.count = plain(place.size);
    test.fetch.offset = plain(place.offset);
    test.op = op;
    test.negated = negated;
    test.value = plain(value);
    return test;
}

}  // namespace

RecordTests& RecordTests::compare(app::RecordNumber place, const NumberTest& test) {
    if (test.op == Compare::range) {
        tests_.emplace_back(byte_test(place, Compare::gt, false, test.low));
        tests_.emplace_back(byte_test(place, Compare::lt, false, test.high));
    } else {
        tests_.emplace_back(byte_test(place, test.op, test.negated, test.low));
    }
    return *this;
}

RecordTests& RecordTests::bits(app::RecordNumber place, std::uint32_t mask, std::uint32_t value) {
    for (std::uint32_t bit = 1; bit != 0 && bit <= mask; bit <<= 1)
        if ((mask & bit) != 0) tests_.emplace_back(byte_test(place, Compare::mask_and, (value & bit) == 0, bit));
    return *this;
}

Status RecordTests::add_to(RuleBuilder& builder, app::Protocol protocol, std::string_view keyword) && {
    if (auto good = builder.require_protocol(protocol, keyword); !good) return good;
    builder.rule().buffers.push_back({field_, {}, std::move(tests_)});
    return {};
}

Result<std::uint32_t> parse_named(std::string_view text, std::span<const NamedNumber> names, std::uint32_t max) {
    text = trim(text);
    for (const NamedNumber& named : names)
        if (equals_nocase(named.name, text)) return named.number;
    if (const auto number = parse_int(text, 0, max)) return static_cast<std::uint32_t>(*number);
    return fail(ErrorCode::invalid, "'" + std::string(text) + "' is neither a known name nor a number up to " + std::to_string(max));
}

Result<NumberTest> parse_named_test(std::string_view text, std::span<const NamedNumber> names, std::uint32_t max) {
    text = trim(text);
    const bool negated = text.starts_with('!');
    const std::string_view word = trim(text.substr(negated ? 1 : 0));
    for (const NamedNumber& named : names)
        if (equals_nocase(named.name, word)) return NumberTest{negated ? Compare::ne : Compare::eq, false, named.number, 0};
    return parse_number_test(text, max);
}

}  // namespace sekisho::signature
