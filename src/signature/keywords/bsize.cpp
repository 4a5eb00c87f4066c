// bsize and urilen: how long a whole buffer is. urilen means the normalised target, as Suricata 7.0.10 does.
#include "sekisho/base/text.h"
#include "signature/keywords/all.h"
#include "signature/number.h"

namespace sekisho::signature {
namespace {

Result<BufferSize> read_size(std::string_view text, std::uint64_t max) {
    const auto test = parse_number_test(text, max);
    if (!test) return fail(test.error());
    if (test->op == Compare::mask_and) return wrong("a size is not tested by mask");
    return BufferSize{test->op, test->low, test->high};
}

}  // namespace

Status parse_bsize(RuleBuilder& builder, const Use& use) {
    if (!builder.sticky()) return wrong("it needs a sticky buffer before it");
    auto size = read_size(use.value, 0xffffffff);
    if (!size) return fail(size.error());
    builder.add(*size);
    return {};
}

Status parse_urilen(RuleBuilder& builder, const Use& use) {
    const auto comma = use.value.find(',');
    const auto which = comma == std::string_view::npos ? "norm" : trim(use.value.substr(comma + 1));
    if (which != "raw" && which != "norm") return wrong("after the comma stands norm or raw");
    auto size = read_size(use.value.substr(0, comma), 65535);
    if (!size) return fail(size.error());
    if (auto http = builder.require_protocol(app::Protocol::http, "urilen"); !http) return http;
    return builder.add_to(which == "norm" ? app::Field::http_uri : app::Field::http_uri_raw, *size, false);
}

}  // namespace sekisho::signature
