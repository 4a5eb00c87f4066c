// websocket.opcode, websocket.flags, websocket.mask: each holds when a frame of the message fulfils it.
#include "sekisho/base/text.h"
#include "signature/keywords/all.h"
#include "signature/keywords/record_tests.h"
#include "signature/number.h"

namespace sekisho::signature {
namespace {

using namespace app::websocket_record;

constexpr NamedNumber kOpcodes[] = {{"continuation", 0}, {"text", 1}, {"binary", 2}, {"connection_close", 8}, {"close", 8}, {"ping", 9}, {"pong", 10}};
constexpr NamedNumber kFlagNames[] = {{"fin", 0x80}, {"comp", 0x40}};

Status add(RuleBuilder& builder, const Use& use, RecordTests tests) {
    return std::move(tests).add_to(builder, app::Protocol::websocket, use.keyword.name);
}

}  // namespace

Status parse_websocket_opcode(RuleBuilder& builder, const Use& use) {
    const auto opcode = parse_named_test(use.value, kOpcodes, 15);
    if (!opcode) return fail(opcode.error());
    return add(builder, use, std::move(RecordTests(app::Field::websocket_frame).compare(kOpcode, *opcode)));
}

Status parse_websocket_flags(RuleBuilder& builder, const Use& use) {
    RecordTests tests(app::Field::websocket_frame);
    if (const auto number = parse_number_test(use.value, 255)) return add(builder, use, std::move(tests.compare(kFlags, *number)));
    for (std::string_view word : split(use.value, ',')) {
        word = trim(word);
        const bool unset = word.starts_with('!');
        if (unset) word = trim(word.substr(1));
        const auto bit = parse_named(word, kFlagNames, 0);
        if (!bit || *bit == 0) return wrong("unknown flag '" + std::string(word) + "' (fin, comp)");
        tests.bits(kFlags, *bit, unset ? 0 : *bit);
    }
    return add(builder, use, std::move(tests));
}

Status parse_websocket_mask(RuleBuilder& builder, const Use& use) {
    const auto number = parse_number_test(use.value, ~std::uint32_t{0});
    if (!number) return fail(number.error());
    RecordTests tests(app::Field::websocket_frame);
    tests.equals(kHasMask, 1).compare(kMask, *number);
    return add(builder, use, std::move(tests));
}

}  // namespace sekisho::signature
