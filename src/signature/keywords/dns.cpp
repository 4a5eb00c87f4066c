// dns.opcode, dns.rcode, dns.rrtype: numbers of a DNS message (RFC 1035 section 4.1.1), by number or by name; and
// the buffers of mDNS and LLMNR, whose messages are those of DNS.
#include <span>
#include <string>

#include "sekisho/base/text.h"
#include "signature/keywords/all.h"
#include "signature/number.h"

namespace sekisho::signature {
namespace {

struct Name {
    std::string_view text;
    unsigned number;
};
// Suricata takes the names of its own records here (IANA "Domain Name System (DNS) Parameters").
constexpr Name kTypes[] = {{"a", 1}, {"ns", 2}, {"cname", 5}, {"soa", 6}, {"null", 10}, {"ptr", 12}, {"hinfo", 13}, {"mx", 15},
                           {"txt", 16}, {"rp", 17}, {"aaaa", 28}, {"loc", 29}, {"srv", 33}, {"naptr", 35}, {"cert", 37},
                           {"dname", 39}, {"opt", 41}, {"ds", 43}, {"sshfp", 44}, {"rrsig", 46}, {"nsec", 47}, {"dnskey", 48},
                           {"nsec3", 50}, {"tlsa", 52}, {"svcb", 64}, {"https", 65}, {"spf", 99}, {"tkey", 249}, {"tsig", 250},
                           {"ixfr", 251}, {"axfr", 252}, {"any", 255}, {"uri", 256}, {"caa", 257}};
constexpr Name kCodes[] = {{"noerror", 0}, {"formerr", 1}, {"servfail", 2}, {"nxdomain", 3}, {"notimp", 4}, {"refused", 5},
                           {"yxdomain", 6}, {"yxrrset", 7}, {"nxrrset", 8}, {"notauth", 9}, {"notzone", 10}, {"badvers", 16}};

/// "!nxdomain" with its name exchanged for its number; other texts as they are.
std::string with_number(std::string_view text, std::span<const Name> names) {
    const std::string lower = to_lower(trim(text));
    const std::string_view sign = lower.starts_with('!') ? "!" : "";
    for (const Name& name : names)
        if (name.text == trim(std::string_view(lower).substr(sign.size()))) return std::string(sign) + std::to_string(name.number);
    return std::string(text);
}

}  // namespace

Status parse_dns_number(RuleBuilder& builder, const Use& use) {
    if (auto good = builder.require_protocol(app::Protocol::dns, use.keyword.name); !good) return good;
    const auto fact = static_cast<app::Fact>(use.keyword.detail);
    const std::string value = fact == app::Fact::dns_type    ? with_number(use.value, kTypes)
                              : fact == app::Fact::dns_rcode ? with_number(use.value, kCodes)
                                                             : std::string(use.value);
    const auto number = parse_number_test(value, fact == app::Fact::dns_opcode ? 255 : 65535);
    if (!number) return fail(number.error());
    builder.rule().fact_tests.push_back({fact, number->op, number->negated, false, number->low, number->high});
    return {};
}

Status parse_name_service(RuleBuilder& builder, const Use& use) {
    const auto protocol = app::parse_protocol(use.keyword.name.substr(0, use.keyword.name.find('.')));
    if (auto good = builder.require_protocol(*protocol, use.keyword.name); !good) return good;
    return builder.select(use.keyword.field());
}

}  // namespace sekisho::signature
