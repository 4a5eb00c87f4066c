// mqtt.type, mqtt.flags, mqtt.qos, mqtt.reason_code, mqtt.protocol_version, mqtt.connect.flags and
// mqtt.connack.session_present: each holds when one message of the transaction fulfils it.
#include "sekisho/base/text.h"
#include "signature/keywords/all.h"
#include "signature/keywords/record_tests.h"
#include "signature/number.h"

namespace sekisho::signature {
namespace {

using namespace app::mqtt_record;

constexpr NamedNumber kTypes[] = {{"unassigned", 0}, {"connect", 1},     {"connack", 2},  {"publish", 3},      {"puback", 4},   {"pubrec", 5},
                                  {"pubrel", 6},     {"pubcomp", 7},     {"subscribe", 8}, {"suback", 9},      {"unsubscribe", 10},
                                  {"unsuback", 11},  {"pingreq", 12},    {"pingresp", 13}, {"disconnect", 14}, {"auth", 15}};
constexpr NamedNumber kHeaderFlags[] = {{"dup", 8}, {"retain", 1}};
constexpr NamedNumber kConnectFlags[] = {{"username", 0x80}, {"password", 0x40}, {"will_retain", 0x20}, {"will", 0x04}, {"clean_session", 0x02}};

RecordTests of_kind(Kind kind) {
    RecordTests tests(app::Field::mqtt_message);
    tests.equals(kKind, kind);
    return tests;
}

Status add(RuleBuilder& builder, const Use& use, RecordTests tests) {
    return std::move(tests).add_to(builder, app::Protocol::mqtt, use.keyword.name);
}

/// "a,!b": flags that must and must not be set.
Status add_flags(RuleBuilder& builder, const Use& use, Kind kind, std::span<const NamedNumber> names) {
    RecordTests tests = of_kind(kind);
    for (std::string_view word : split(use.value, ',')) {
        word = trim(word);
        const bool unset = word.starts_with('!');
        if (unset) word = trim(word.substr(1));
        const auto bit = parse_named(word, names, 0);
        if (!bit || *bit == 0) return wrong("unknown flag '" + std::string(word) + "'");
        tests.bits(kValue, *bit, unset ? 0 : *bit);
    }
    return add(builder, use, std::move(tests));
}

}  // namespace

Status parse_mqtt_type(RuleBuilder& builder, const Use& use) {
    const auto type = parse_named(use.value, kTypes, 15);
    if (!type) return fail(type.error());
    return add(builder, use, of_kind(Kind::type).equals(kValue, *type));
}

Status parse_mqtt_flags(RuleBuilder& builder, const Use& use) { return add_flags(builder, use, Kind::flags, kHeaderFlags); }

Status parse_mqtt_connect_flags(RuleBuilder& builder, const Use& use) {
    return add_flags(builder, use, Kind::connect_flags, kConnectFlags);
}

Status parse_mqtt_qos(RuleBuilder& builder, const Use& use) {
    const auto qos = parse_number(use.value, 0, 2);
    if (!qos) return fail(qos.error());
    return add(builder, use, of_kind(Kind::flags).bits(kValue, 6, static_cast<std::uint32_t>(*qos) << 1));
}

Status parse_mqtt_number(RuleBuilder& builder, const Use& use) {
    const auto number = parse_number_test(use.value, 255);
    if (!number) return fail(number.error());
    return add(builder, use, of_kind(static_cast<Kind>(use.keyword.detail)).compare(kValue, *number));
}

Status parse_mqtt_session_present(RuleBuilder& builder, const Use& use) {
    constexpr NamedNumber kWords[] = {{"yes", 1}, {"true", 1}, {"no", 0}, {"false", 0}};
    const auto present = parse_named(use.value, kWords, 1);
    if (!present) return wrong("the argument is yes or no");
    return add(builder, use, of_kind(Kind::session_present).equals(kValue, *present));
}

}  // namespace sekisho::signature
