// dnp3_func:name|number, dnp3_ind:flag[,flag...] (any of them), dnp3_obj:group,variation.
#include "sekisho/base/text.h"
#include "signature/keywords/all.h"
#include "signature/keywords/record_tests.h"
#include "signature/number.h"

namespace sekisho::signature {
namespace {

using namespace app::dnp3_record;
using app::Field;

constexpr NamedNumber kFunctions[] = {
    {"confirm", 0}, {"read", 1}, {"write", 2}, {"select", 3}, {"operate", 4}, {"direct_operate", 5}, {"direct_operate_nr", 6},
    {"immed_freeze", 7}, {"immed_freeze_nr", 8}, {"freeze_clear", 9}, {"freeze_clear_nr", 10}, {"freeze_at_time", 11},
    {"freeze_at_time_nr", 12}, {"cold_restart", 13}, {"warm_restart", 14}, {"initialize_data", 15}, {"initialize_appl", 16},
    {"start_appl", 17}, {"stop_appl", 18}, {"save_config", 19}, {"enable_unsolicited", 20}, {"disable_unsolicited", 21},
    {"assign_class", 22}, {"delay_measure", 23}, {"record_current_time", 24}, {"open_file", 25}, {"close_file", 26},
    {"delete_file", 27}, {"get_file_info", 28}, {"authenticate_file", 29}, {"abort_file", 30}, {"activate_config", 31},
    {"authenticate_req", 32}, {"authenticate_err", 33}, {"response", 129}, {"unsolicited_response", 130}, {"authenticate_resp", 131}};

constexpr NamedNumber kIndicationBits[] = {
    {"all_stations", 0x0100}, {"class_1_events", 0x0200}, {"class_2_events", 0x0400}, {"class_3_events", 0x0800}, {"need_time", 0x1000},
    {"local_control", 0x2000}, {"device_trouble", 0x4000}, {"device_restart", 0x8000}, {"no_func_code_support", 0x0001},
    {"object_unknown", 0x0002}, {"parameter_error", 0x0004}, {"event_buffer_overflow", 0x0008}, {"already_executing", 0x0010},
    {"config_corrupt", 0x0020}, {"reserved_2", 0x0040}, {"reserved_1", 0x0080}};

}  // namespace

Status parse_dnp3_func(RuleBuilder& builder, const Use& use) {
    const auto function = parse_named(use.value, kFunctions, 255);
    if (!function) return fail(function.error());
    return std::move(RecordTests(Field::dnp3_message).equals(kFunction, *function)).add_to(builder, app::Protocol::dnp3, use.keyword.name);
}

Status parse_dnp3_ind(RuleBuilder& builder, const Use& use) {
    std::uint32_t mask = 0;
    for (const auto word : split(use.value, ',')) {
        const auto flag = parse_named(word, kIndicationBits, 65535);
        if (!flag) return fail(flag.error());
        mask |= *flag;
    }
    return std::move(RecordTests(Field::dnp3_message).equals(kHasIndications, 1).any_of(kIndications, mask))
        .add_to(builder, app::Protocol::dnp3, use.keyword.name);
}

Status parse_dnp3_obj(RuleBuilder& builder, const Use& use) {
    const auto comma = use.value.find(',');
    if (comma == std::string_view::npos) return wrong("the argument is group,variation");
    const auto group = parse_number(trim(use.value.substr(0, comma)), 0, 255);
    if (!group) return fail(group.error());
    const auto variation = parse_number(trim(use.value.substr(comma + 1)), 0, 255);
    if (!variation) return fail(variation.error());
    return std::move(RecordTests(Field::dnp3_object)
                         .equals(kGroup, static_cast<std::uint64_t>(*group))
                         .equals(kVariation, static_cast<std::uint64_t>(*variation)))
        .add_to(builder, app::Protocol::dnp3, use.keyword.name);
}

}  // namespace sekisho::signature
