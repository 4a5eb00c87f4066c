// filename:"text" and fileext:"ext": tests on the name of a file on the wire, without regard to case.
#include "signature/keywords/all.h"

namespace sekisho::signature {
namespace {

Status add_name_test(RuleBuilder& builder, Content content) {
    content.nocase = true;
    return builder.add_to(app::Field::file_name, std::move(content), false);
}

}  // namespace

Status parse_filename(RuleBuilder& builder, const Use& use) {
    auto bytes = decode_content(use.value);
    if (!bytes) return fail(bytes.error());
    Content content;
    content.bytes = std::move(*bytes);
    content.negated = use.negated;
    return add_name_test(builder, std::move(content));
}

Status parse_fileext(RuleBuilder& builder, const Use& use) {
    auto bytes = decode_content(use.value);
    if (!bytes) return fail(bytes.error());
    Content content;
    content.bytes = "." + *bytes;
    content.negated = use.negated;
    content.endswith = true;
    return add_name_test(builder, std::move(content));
}

Status parse_filestore(RuleBuilder&, const Use&) { return {}; }

}  // namespace sekisho::signature
