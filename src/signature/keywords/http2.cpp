// http2.frametype, http2.errorcode, http2.priority, http2.window, http2.size_update, http2.settings: each holds when one
// frame of the stream fulfils it.
#include <algorithm>

#include "sekisho/base/text.h"
#include "signature/keywords/all.h"
#include "signature/keywords/record_tests.h"
#include "signature/number.h"

namespace sekisho::signature {
namespace {

using namespace app::http2_record;

constexpr NamedNumber kFrameTypes[] = {{"data", 0}, {"headers", 1}, {"priority", 2}, {"rststream", 3}, {"settings", 4},
                                       {"pushpromise", 5}, {"ping", 6}, {"goaway", 7}, {"windowupdate", 8}, {"continuation", 9}};
constexpr NamedNumber kErrorCodes[] = {
    {"no_error", 0}, {"protocol_error", 1}, {"internal_error", 2}, {"flow_control_error", 3}, {"settings_timeout", 4},
    {"stream_closed", 5}, {"frame_size_error", 6}, {"refused_stream", 7}, {"cancel", 8}, {"compression_error", 9},
    {"connect_error", 10}, {"enhance_your_calm", 11}, {"inadequate_security", 12}, {"http_1_1_required", 13}, {"http11_required", 13}};
constexpr NamedNumber kSettings[] = {{"settings_header_table_size", 1}, {"settings_enable_push", 2}, {"settings_max_concurrent_streams", 3},
                                     {"settings_initial_window_size", 4}, {"settings_max_frame_size", 5},
                                     {"settings_max_header_list_size", 6}};

RecordTests of_kind(Kind kind) {
    RecordTests tests(app::Field::http2_frame);
    tests.equals(kKind, kind);
    return tests;
}

Status add(RuleBuilder& builder, const Use& use, RecordTests tests) {
    return std::move(tests).add_to(builder, app::Protocol::http2, use.keyword.name);
}

}  // namespace

Status parse_http2_name(RuleBuilder& builder, const Use& use) {
    const auto kind = static_cast<Kind>(use.keyword.detail);
    const std::span<const NamedNumber> names = kind == frame_type ? std::span<const NamedNumber>(kFrameTypes) : kErrorCodes;
    std::string_view text = trim(use.value);
    const bool negated = text.starts_with('!');
    if (negated) text.remove_prefix(1);
    const auto number = parse_named(text, names, UINT32_MAX);
    if (!number) return fail(number.error());
    return add(builder, use, std::move(of_kind(kind).compare(kValue, {negated ? Compare::ne : Compare::eq, false, *number, 0})));
}

Status parse_http2_number(RuleBuilder& builder, const Use& use) {
    const auto number = parse_number_test(use.value, UINT32_MAX);
    if (!number) return fail(number.error());
    return add(builder, use, std::move(of_kind(static_cast<Kind>(use.keyword.detail)).compare(kValue, *number)));
}

// "SETTINGS_ENABLE_PUSH", alone or with a comparison behind it.
Status parse_http2_settings(RuleBuilder& builder, const Use& use) {
    const std::string_view text = trim(use.value);
    const auto end = std::min(text.find_first_of("<>=!& "), text.size());
    const auto setting = parse_named(text.substr(0, end), kSettings, UINT16_MAX);
    if (!setting) return fail(setting.error());
    RecordTests tests = of_kind(Kind::setting);
    tests.equals(kId, *setting);
    if (const auto condition = trim(text.substr(end)); !condition.empty()) {
        const auto number = parse_number_test(condition, UINT32_MAX);
        if (!number) return fail(number.error());
        tests.compare(kValue, *number);
    }
    return add(builder, use, std::move(tests));
}

}  // namespace sekisho::signature
