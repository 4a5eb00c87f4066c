// ssh.protoversion:version|2_compat (legacy): the protocol version of the banner (RFC 4253 section 4.2).
#include "sekisho/signature/regex.h"
#include "signature/keywords/all.h"

namespace sekisho::signature {

Status parse_ssh_version(RuleBuilder& builder, const Use& use) {
    if (auto good = builder.require_protocol(app::Protocol::ssh, use.keyword.name); !good) return good;
    if (use.value == "2_compat") {
        // RFC 4253 section 5.1: 1.99 announces a server that speaks 2.0 as well.
        auto regex = Regex::compile("^(?:2|1\\.99)", "");
        if (!regex) return fail(regex.error());
        return builder.add_to(app::Field::ssh_proto, Pcre{std::move(*regex), "/^(?:2|1\\.99)/", use.negated, false}, false);
    }
    if (use.value.empty() || use.value.find_first_not_of("0123456789.") != std::string_view::npos)
        return wrong("the argument is a version such as 2.0, or 2_compat");
    Content content;
    content.bytes = use.value;
    content.startswith = true;
    content.endswith = true;
    content.depth = Operand{false, 0, static_cast<std::int64_t>(content.bytes.size())};
    return builder.add_to(app::Field::ssh_proto, std::move(content), false);
}

}  // namespace sekisho::signature
