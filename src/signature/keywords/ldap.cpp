// ldap.responses.operation and ldap.responses.result_code: a name or number and the response that is meant: any (the
// default), all, its place from 0, or its place from the end from -1. `all` and places from the end are known once there
// will be no more responses. (ldap.request.operation and ldap.responses.count are facts, see facts.cpp.)
#include "sekisho/app/limits.h"
#include "sekisho/base/text.h"
#include "signature/keywords/all.h"
#include "signature/keywords/ldap_names.h"
#include "signature/keywords/record_tests.h"
#include "signature/number.h"

namespace sekisho::signature {
namespace {

using namespace app::ldap_record;

enum class Which : std::uint8_t { any, all, from_front, from_end };

struct Place {
    Which which = Which::any;
    std::uint32_t number = 0;  ///< from_end: 0 is the last
};

Result<Place> parse_place(std::string_view text) {
    text = trim(text);
    if (equals_nocase(text, "any")) return Place{};
    if (equals_nocase(text, "all")) return Place{Which::all, 0};
    const auto number = parse_int(text, -static_cast<std::int64_t>(app::kLdapPlacesFromEndMax), app::kLdapPlacesMax - 1);
    if (!number)
        return fail(ErrorCode::invalid, "'" + std::string(text) + "' is not any, all, a place from 0 to " +
                                            std::to_string(app::kLdapPlacesMax - 1) + ", nor one from -1 to -" +
                                            std::to_string(app::kLdapPlacesFromEndMax) + ", counted from the end");
    if (*number < 0) return Place{Which::from_end, static_cast<std::uint32_t>(-*number - 1)};
    return Place{Which::from_front, static_cast<std::uint32_t>(*number)};
}

/// "name or comparison[,place]".
struct Wanted {
    NumberTest test;
    Place place;
};
Result<Wanted> parse_wanted(std::string_view value, std::span<const NamedNumber> names, std::uint32_t max) {
    Wanted wanted;
    const auto comma = value.find(',');
    const auto test = parse_named_test(value.substr(0, comma), names, max);
    if (!test) return fail(test.error());
    wanted.test = *test;
    if (comma == std::string_view::npos) return wanted;
    const auto place = parse_place(value.substr(comma + 1));
    if (!place) return fail(place.error());
    wanted.place = *place;
    return wanted;
}

/// The operations that fulfil a test, a bit each.
std::uint32_t operations_of(const NumberTest& test) {
    std::uint32_t bits = 0;
    for (std::uint32_t code = 0; code < 32; ++code)
        if (compare_numbers(test.op, code, test.low, test.high) != test.negated) bits |= std::uint32_t{1} << code;
    return bits;
}

RecordTests response() { return RecordTests(app::Field::ldap_response); }
RecordTests outcome() { return RecordTests(app::Field::ldap_outcome); }

Status add(RuleBuilder& builder, const Use& use, RecordTests tests) {
    return std::move(tests).add_to(builder, app::Protocol::ldap, use.keyword.name);
}

RecordTests about_operation(const Wanted& wanted) {
    switch (wanted.place.which) {
        case Which::all: return outcome().compare(kOperations, {Compare::mask_and, true, ~operations_of(wanted.test), 0});
        case Which::from_end: {
            const app::RecordNumber place{static_cast<std::uint8_t>(kLastOperation.offset + wanted.place.number), kLastOperation.size};
            return outcome().compare(place, {Compare::ne, false, kNoOperation, 0}).compare(place, wanted.test);
        }
        case Which::from_front: return response().equals(kPlace, wanted.place.number).compare(kOperation, wanted.test);
        case Which::any: break;
    }
    return response().compare(kOperation, wanted.test);
}

/// Only the last response has a result, so that all results are the last one's.
RecordTests about_result(const Wanted& wanted) {
    constexpr std::uint8_t kNever = 2;
    switch (wanted.place.which) {
        case Which::from_end:
            if (wanted.place.number != 0) return outcome().equals(kOutcomeHasResult, kNever);
            [[fallthrough]];
        case Which::all: return outcome().equals(kOutcomeHasResult, 1).compare(kOutcomeResult, wanted.test);
        case Which::from_front:
            return response().equals(kPlace, wanted.place.number).equals(kHasResult, 1).compare(kResult, wanted.test);
        case Which::any: break;
    }
    return response().equals(kHasResult, 1).compare(kResult, wanted.test);
}

}  // namespace

Status parse_ldap_operation(RuleBuilder& builder, const Use& use) {
    const auto wanted = parse_wanted(use.value, kLdapOperations, 255);
    if (!wanted) return fail(wanted.error());
    return add(builder, use, about_operation(*wanted));
}

Status parse_ldap_result(RuleBuilder& builder, const Use& use) {
    const auto wanted = parse_wanted(use.value, kLdapResults, ~std::uint32_t{0});
    if (!wanted) return fail(wanted.error());
    return add(builder, use, about_result(*wanted));
}

}  // namespace sekisho::signature
