// nfs.version and nfs_procedure: numbers of an NFS call (RFC 1813, RFC 7530), and smb.version.
#include "signature/keywords/all.h"
#include "signature/number.h"

namespace sekisho::signature {
namespace {

Result<NumberTest> read_number(RuleBuilder& builder, const Use& use, app::Protocol protocol) {
    if (auto good = builder.require_protocol(protocol, use.keyword.name); !good) return fail(good.error());
    return parse_number_test(use.value, 0xffffffff);
}

ByteTest compare_with(Compare op, bool negated, std::uint64_t value) {
    ByteTest test;
    test.fetch.count.value = 4;
    test.op = op;
    test.negated = negated;
    test.value.value = static_cast<std::int64_t>(value);
    return test;
}

Status add_fact(RuleBuilder& builder, const Use& use, app::Protocol protocol, app::Fact fact) {
    const auto number = read_number(builder, use, protocol);
    if (!number) return fail(number.error());
    builder.rule().fact_tests.push_back(fact_test(fact, *number));
    return {};
}

}  // namespace

Status parse_nfs_version(RuleBuilder& builder, const Use& use) {
    return add_fact(builder, use, app::Protocol::nfs, app::Fact::nfs_version);
}

Status parse_smb_version(RuleBuilder& builder, const Use& use) {
    return add_fact(builder, use, app::Protocol::smb, app::Fact::smb_version);
}

// A version 4 call holds several procedures: each is a value of the field. The range takes its ends in, as Suricata's
// does for this keyword.
Status parse_nfs_procedure(RuleBuilder& builder, const Use& use) {
    const auto number = read_number(builder, use, app::Protocol::nfs);
    if (!number) return fail(number.error());
    BufferTests tests;
    tests.field = app::Field::nfs_procedure;
    if (number->op == Compare::range) {
        tests.tests.push_back(compare_with(Compare::ge, false, number->low));
        tests.tests.push_back(compare_with(Compare::le, false, number->high));
    } else {
        tests.tests.push_back(compare_with(number->op, number->negated, number->low));
    }
    return builder.add_group(std::move(tests));
}

}  // namespace sekisho::signature
