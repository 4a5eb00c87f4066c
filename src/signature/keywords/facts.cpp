// Keywords that compare one number of a message (a Fact): snmp.version, snmp.pdu_type, dhcp.leasetime and its like,
// rfb.sectype, rfb.secresult, ftp.mode, ldap.request.operation, ldap.responses.count. The protocol is the first word of the keyword's name.
#include "signature/keywords/all.h"
#include "signature/keywords/ldap_names.h"
#include "signature/keywords/record_tests.h"

namespace sekisho::signature {
namespace {

constexpr NamedNumber kPduTypes[] = {{"get_request", 0}, {"get_next_request", 1}, {"response", 2}, {"set_request", 3}, {"trap_v1", 4},
                                     {"get_bulk_request", 5}, {"inform_request", 6}, {"trap_v2", 7}, {"report", 8}};
constexpr NamedNumber kFtpModes[] = {{"active", 1}, {"passive", 2}};
constexpr NamedNumber kYesOrNo[] = {{"yes", 1}, {"true", 1}, {"no", 0}, {"false", 0}};
constexpr NamedNumber kResults[] = {{"ok", 0}, {"fail", 1}, {"toomany", 2}, {"unknown", 3}};

std::span<const NamedNumber> names_of(app::Fact fact) {
    if (fact == app::Fact::snmp_pdu_type) return kPduTypes;
    if (fact == app::Fact::rfb_security_result) return kResults;
    if (fact == app::Fact::ftp_mode) return kFtpModes;
    if (fact == app::Fact::ftp_reply_received) return kYesOrNo;
    if (fact == app::Fact::ldap_request_operation) return kLdapOperations;
    return {};
}

}  // namespace

Status parse_fact_number(RuleBuilder& builder, const Use& use) {
    const auto protocol = app::parse_protocol(use.keyword.name.substr(0, use.keyword.name.find('.')));
    if (auto good = builder.require_protocol(*protocol, use.keyword.name); !good) return good;
    const auto fact = static_cast<app::Fact>(use.keyword.detail);
    const auto number = parse_named_test(use.value, names_of(fact), ~std::uint32_t{0});
    if (!number) return fail(number.error());
    builder.rule().fact_tests.push_back({fact, number->op, number->negated, false, number->low, number->high});
    return {};
}

}  // namespace sekisho::signature
