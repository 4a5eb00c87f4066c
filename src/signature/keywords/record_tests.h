// Tests on a field of kind `record`: numbers at fixed places (sekisho/app/record.h), all of one record.
#pragma once

#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "sekisho/app/record.h"
#include "sekisho/signature/compare.h"
#include "signature/keywords/keyword.h"

namespace sekisho::signature {

class RecordTests {
  public:
    explicit RecordTests(app::Field field) noexcept : field_(field) {}

    RecordTests& compare(app::RecordNumber place, const NumberTest& test);
    RecordTests& equals(app::RecordNumber place, std::uint64_t value) { return compare(place, {Compare::eq, false, value, 0}); }
    /// One of the bits of the mask is set.
    RecordTests& any_of(app::RecordNumber place, std::uint64_t mask) { return compare(place, {Compare::mask_and, false, mask, 0}); }
    /// The bits of `mask` are those of `value`.
    RecordTests& bits(app::RecordNumber place, std::uint32_t mask, std::uint32_t value);

    /// Makes them a group of the rule: one record must fulfil all.
    Status add_to(RuleBuilder& builder, app::Protocol protocol, std::string_view keyword) &&;

  private:
    app::Field field_;
    std::vector<Test> tests_;
};

/// A name of a list, without regard to case, or a number up to `max`. @error invalid
struct NamedNumber {
    std::string_view name;
    std::uint32_t number;
};
Result<std::uint32_t> parse_named(std::string_view text, std::span<const NamedNumber> names, std::uint32_t max);
/// The same as a test: a name or !name, or any comparison with a number up to `max`. @error invalid
Result<NumberTest> parse_named_test(std::string_view text, std::span<const NamedNumber> names, std::uint32_t max);

}  // namespace sekisho::signature
