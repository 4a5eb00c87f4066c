// enip_command and cip_service of Suricata 7, and the numbers that newer versions name enip.status, enip.cip_class ...
#include "sekisho/base/text.h"
#include "signature/keywords/all.h"
#include "signature/keywords/record_tests.h"
#include "signature/number.h"

namespace sekisho::signature {
namespace {

using namespace app::enip_record;
using app::Field;

constexpr NamedNumber kCommands[] = {{"nop", 0}, {"list_services", 0x04}, {"list_identity", 0x63}, {"list_interfaces", 0x64},
                                     {"register_session", 0x65}, {"unregister_session", 0x66}, {"send_rr_data", 0x6f},
                                     {"send_unit_data", 0x70}, {"indicate_status", 0x72}, {"cancel", 0x73}};

/// Where a keyword's number stands, and what must be set for it to be there.
struct NumberPlace {
    std::string_view keyword;
    Field field;
    app::RecordNumber number;
    std::uint8_t set;
    bool of_response;
};
constexpr NumberPlace kPlaces[] = {
    {"enip.status", Field::enip_message, kStatus, 0, false},
    {"enip.protocol_version", Field::enip_identity, kProtocolVersion, 0, false},
    {"enip.vendor_id", Field::enip_identity, kVendor, 0, false},
    {"enip.device_type", Field::enip_identity, kDeviceType, 0, false},
    {"enip.product_code", Field::enip_identity, kProductCode, 0, false},
    {"enip.revision", Field::enip_identity, kRevision, 0, false},
    {"enip.identity_status", Field::enip_identity, kIdentityStatus, 0, false},
    {"enip.serial", Field::enip_identity, kSerial, 0, false},
    {"enip.state", Field::enip_identity, kState, 0, false},
    {"enip.cip_class", Field::cip_service, kClass, has_class, false},
    {"enip.cip_instance", Field::cip_service, kInstance, has_instance, false},
    {"enip.cip_attribute", Field::cip_service, kAttribute, has_attribute, false},
    {"enip.cip_status", Field::cip_service, kServiceStatus, 0, true},
    {"enip.cip_extendedstatus", Field::cip_service, kExtended, has_extended, true},
};

}  // namespace

Status parse_enip_command(RuleBuilder& builder, const Use& use) {
    const auto command = parse_named(use.value, kCommands, 65535);
    if (!command) return fail(command.error());
    return std::move(RecordTests(Field::enip_message).equals(kCommand, *command)).add_to(builder, app::Protocol::enip, use.keyword.name);
}

Status parse_cip_service(RuleBuilder& builder, const Use& use) {
    const auto words = split(use.value, ',');
    constexpr app::RecordNumber kNumbers[] = {kService, kClass, kAttribute};
    constexpr std::uint8_t kNeeds[] = {0, has_class, has_attribute};
    if (words.size() > std::size(kNumbers)) return wrong("the argument is service[,class[,attribute]]");
    RecordTests tests(Field::cip_service);
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto number = parse_number(trim(words[i]), 0, i == 0 ? 127 : 65535);
        if (!number) return fail(number.error());
        if (kNeeds[i] != 0) tests.any_of(kSet, kNeeds[i]);
        tests.equals(kNumbers[i], static_cast<std::uint64_t>(*number));
    }
    return std::move(tests).add_to(builder, app::Protocol::enip, use.keyword.name);
}

Status parse_enip_number(RuleBuilder& builder, const Use& use) {
    for (const NumberPlace& place : kPlaces) {
        if (place.keyword != use.keyword.name) continue;
        const auto number = parse_number_test(use.value, ~std::uint32_t{0});
        if (!number) return fail(number.error());
        RecordTests tests(place.field);
        if (place.set != 0) tests.any_of(kSet, place.set);
        if (place.of_response) tests.equals(kResponse, 1);
        tests.compare(place.number, *number);
        return std::move(tests).add_to(builder, app::Protocol::enip, use.keyword.name);
    }
    return wrong("this number of EtherNet/IP is not known here");
}

}  // namespace sekisho::signature
