// stream_size:side,operator,octets and stream-event:name.
#include "sekisho/base/text.h"
#include "sekisho/stream/stream_event.h"
#include "signature/keywords/all.h"
#include "signature/keywords/byte_fetch.h"
#include "signature/number.h"

namespace sekisho::signature {
namespace {

using Side = StreamSizeTest::Side;
constexpr std::pair<std::string_view, Side> kSides[] = {
    {"server", Side::server}, {"client", Side::client}, {"both", Side::both}, {"either", Side::either}};

constexpr std::pair<std::string_view, Compare> kOperators[] = {
    {"<", Compare::lt},  {">", Compare::gt},  {"=", Compare::eq}, {"!=", Compare::ne},
    {"<=", Compare::le}, {">=", Compare::ge}, {"!", Compare::ne}};

}  // namespace

Status parse_stream_size(RuleBuilder& builder, const Use& use) {
    const auto words = words_of(use.value);
    if (words.size() != 3) return wrong("the form is 'server|client|both|either,operator,octets'");
    StreamSizeTest test;
    bool known_side = false;
    for (const auto& [word, side] : kSides) {
        if (word != words[0]) continue;
        test.side = side;
        known_side = true;
    }
    if (!known_side) return wrong("'" + std::string(words[0]) + "' is not server, client, both or either");
    bool known_op = false;
    for (const auto& [word, op] : kOperators) {
        if (word != words[1]) continue;
        test.op = op;
        known_op = true;
    }
    if (!known_op) return wrong("'" + std::string(words[1]) + "' is not an operator (< > = != <= >=)");
    const auto size = parse_number(words[2], 0, 0xffffffff);
    if (!size) return fail(size.error());
    test.size = static_cast<std::uint32_t>(*size);
    builder.rule().stream_sizes.push_back(test);
    return {};
}

Status parse_stream_event(RuleBuilder& builder, const Use& use) {
    const auto event = stream::parse_stream_event(use.value);
    if (!event) return wrong("unknown event '" + std::string(use.value) + "'");
    builder.rule().stream_events.push_back(static_cast<std::uint8_t>(*event));
    return {};
}

}  // namespace sekisho::signature
