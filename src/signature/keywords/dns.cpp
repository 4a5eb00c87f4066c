// dns.opcode, dns.rcode, dns.rrtype: numbers of a DNS message (RFC 1035 section 4.1.1).
#include "signature/keywords/all.h"
#include "signature/number.h"

namespace sekisho::signature {

Status parse_dns_number(RuleBuilder& builder, const Use& use) {
    if (auto good = builder.require_protocol(app::Protocol::dns, use.keyword.name); !good) return good;
    const auto fact = static_cast<app::Fact>(use.keyword.detail);
    const auto number = parse_number_test(use.value, fact == app::Fact::dns_opcode ? 255 : 65535);
    if (!number) return fail(number.error());
    builder.rule().fact_tests.push_back({fact, number->op, number->negated, false, number->low, number->high});
    return {};
}

}  // namespace sekisho::signature
