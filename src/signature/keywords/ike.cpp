// ike.exchtype, ike.key_exchange_payload_length, ike.nonce_payload_length and ike.chosen_sa_attribute.
#include "sekisho/base/text.h"
#include "signature/keywords/all.h"
#include "signature/keywords/record_tests.h"
#include "signature/number.h"

namespace sekisho::signature {
namespace {

using namespace app::ike_record;

// Attributes of version 1 (RFC 2409 appendix A) by the names of the rule language. The group description and the group
// type are told apart as there.
constexpr NamedNumber kAttributes[] = {{"alg_enc", 1}, {"alg_hash", 2}, {"alg_auth", 3}, {"alg_dh", 4}, {"sa_group_type", 5},
                                       {"sa_life_type", 11}, {"sa_life_duration", 12}, {"alg_prf", 13}, {"sa_key_length", 14},
                                       {"sa_field_size", 15}};

}  // namespace

Status parse_ike_number(RuleBuilder& builder, const Use& use) {
    const auto number = parse_number_test(use.value, UINT32_MAX);
    if (!number) return fail(number.error());
    RecordTests tests(app::Field::ike_message);
    tests.equals(kKind, use.keyword.detail).compare(kValue, *number);
    return std::move(tests).add_to(builder, app::Protocol::ike, use.keyword.name);
}

Status parse_ike_attribute(RuleBuilder& builder, const Use& use) {
    const auto equals = use.value.find('=');
    if (equals == std::string_view::npos) return wrong("the argument is name=value, such as alg_enc=7");
    const auto attribute = parse_named(use.value.substr(0, equals), kAttributes, UINT16_MAX);
    if (!attribute) return fail(attribute.error());
    const auto value = parse_number(trim(use.value.substr(equals + 1)), 0, UINT32_MAX);
    if (!value) return fail(value.error());
    RecordTests tests(app::Field::ike_message);
    tests.equals(kKind, Kind::attribute).equals(kId, *attribute).equals(kValue, static_cast<std::uint64_t>(*value));
    return std::move(tests).add_to(builder, app::Protocol::ike, use.keyword.name);
}

}  // namespace sekisho::signature
