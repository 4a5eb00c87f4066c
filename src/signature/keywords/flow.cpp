// flow: which side speaks, how far the connection is, and whether stream or packet data is meant.
#include "sekisho/base/text.h"
#include "signature/keywords/all.h"

namespace sekisho::signature {
namespace {

Status set_direction(FlowTest& flow, FlowDirection direction) {
    if (flow.direction != FlowDirection::any && flow.direction != direction)
        return wrong("to_server and to_client contradict each other");
    flow.direction = direction;
    return {};
}

struct FlagWord {
    std::string_view word;
    bool FlowTest::*flag;
};
constexpr FlagWord kFlags[] = {
    {"established", &FlowTest::established}, {"not_established", &FlowTest::not_established},
    {"stateless", &FlowTest::stateless},     {"only_stream", &FlowTest::only_stream},
    {"no_stream", &FlowTest::no_stream},     {"only_frag", &FlowTest::only_frag},
    {"no_frag", &FlowTest::no_frag},
};

Status read_word(std::string_view word, FlowTest& flow) {
    if (word == "to_server" || word == "from_client") return set_direction(flow, FlowDirection::to_server);
    if (word == "to_client" || word == "from_server") return set_direction(flow, FlowDirection::to_client);
    for (const auto& known : kFlags) {
        if (known.word != word) continue;
        if (flow.*known.flag) return wrong("'" + std::string(word) + "' is given twice");
        flow.*known.flag = true;
        return {};
    }
    return wrong("unknown word '" + std::string(word) + "'");
}

}  // namespace

Status parse_flow(RuleBuilder& builder, const Use& use) {
    FlowTest& flow = builder.rule().flow;
    for (const auto word : split(use.value, ','))
        if (auto good = read_word(to_lower(trim(word)), flow); !good) return good;
    if (flow.established + flow.not_established + flow.stateless > 1)
        return wrong("established, not_established and stateless exclude each other");
    if (flow.only_frag && flow.no_frag) return wrong("only_frag contradicts no_frag");
    return {};
}

}  // namespace sekisho::signature
