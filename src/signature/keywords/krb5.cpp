// krb5_msg_type, krb5_err_code and krb5.ticket_encryption: numbers of a Kerberos message (RFC 4120 section 5.10, 7.5.9;
// encryption types: RFC 3961, 3962, 4757, 6803, 8009).
#include "sekisho/base/text.h"
#include "signature/keywords/all.h"
#include "signature/keywords/byte_fetch.h"
#include "signature/number.h"

namespace sekisho::signature {
namespace {

using Range = std::pair<std::uint64_t, std::uint64_t>;

struct EncryptionName {
    std::string_view name;
    std::uint64_t type;
};
constexpr EncryptionName kEncryptions[] = {
    {"des-cbc-crc", 1}, {"des-cbc-md4", 2}, {"des-cbc-md5", 3}, {"des3-cbc-md5", 5}, {"des3-cbc-sha1", 7},
    {"dsawithsha1-cmsoid", 9}, {"md5withrsaencryption-cmsoid", 10}, {"sha1withrsaencryption-cmsoid", 11},
    {"rc2cbc-envoid", 12}, {"rsaencryption-envoid", 13}, {"rsaes-oaep-env-oid", 14}, {"des-ede3-cbc-env-oid", 15},
    {"des3-cbc-sha1-kd", 16}, {"aes128-cts-hmac-sha1-96", 17}, {"aes256-cts-hmac-sha1-96", 18},
    {"aes128-cts-hmac-sha256-128", 19}, {"aes256-cts-hmac-sha384-192", 20}, {"rc4-hmac", 23}, {"rc4-hmac-exp", 24},
    {"camellia128-cts-cmac", 25}, {"camellia256-cts-cmac", 26}, {"subkey-keymaterial", 65},
};

struct MessageName {
    std::string_view name;
    std::uint64_t type;
};
constexpr MessageName kMessages[] = {{"AS_REQ", 10},  {"AS_REP", 11}, {"TGS_REQ", 12}, {"TGS_REP", 13},
                                     {"AP_REQ", 14},  {"AP_REP", 15}, {"ERROR", 30}};

/// A number test, or a name with or without ! in front.
Result<NumberTest> read_message_type(std::string_view text) {
    const bool negated = text.starts_with('!');
    const auto word = negated ? trim(text.substr(1)) : text;
    for (const auto& known : kMessages)
        if (equals_nocase(word, known.name)) return NumberTest{Compare::eq, negated, known.type, 0};
    return parse_number_test(text, 0xffffffff);
}

constexpr std::uint64_t kMost = ~std::uint64_t{0};  // types below zero are for private use and count as weak
constexpr Range kStrong[] = {{17, 20}, {25, 26}};
constexpr Range kWeak[] = {{0, 16}, {21, 24}, {27, kMost}};

Status add_encryption(std::string_view word, std::vector<Range>& types) {
    if (equals_nocase(word, "weak")) {
        types.insert(types.end(), std::begin(kWeak), std::end(kWeak));
        return {};
    }
    if (equals_nocase(word, "strong")) {
        types.insert(types.end(), std::begin(kStrong), std::end(kStrong));
        return {};
    }
    for (const auto& known : kEncryptions) {
        if (!equals_nocase(word, known.name)) continue;
        types.emplace_back(known.type, known.type);
        return {};
    }
    const auto number = parse_number(word, -0x80000000ll, 0x7fffffff);
    if (!number) return wrong("'" + std::string(word) + "' is neither weak, strong, an encryption type nor its number");
    types.emplace_back(static_cast<std::uint64_t>(*number), static_cast<std::uint64_t>(*number));
    return {};
}

}  // namespace

Status parse_krb5_number(RuleBuilder& builder, const Use& use) {
    if (auto good = builder.require_protocol(app::Protocol::krb5, use.keyword.name); !good) return good;
    const auto fact = static_cast<app::Fact>(use.keyword.detail);
    const auto number = fact == app::Fact::krb5_message_type ? read_message_type(use.value)
                                                              : parse_number_test(use.value, 0xffffffff);
    if (!number) return fail(number.error());
    builder.rule().fact_tests.push_back(fact_test(fact, *number));
    return {};
}

Status parse_krb5_encryption(RuleBuilder& builder, const Use& use) {
    if (auto good = builder.require_protocol(app::Protocol::krb5, use.keyword.name); !good) return good;
    FactTest test;
    test.fact = app::Fact::krb5_ticket_encryption;
    std::string_view list = use.value;
    if (list.starts_with('!')) {
        test.negated = true;
        list = trim(list.substr(1));
    }
    for (const auto word : words_of(list))
        if (auto good = add_encryption(word, test.any_of); !good) return good;
    builder.rule().fact_tests.push_back(std::move(test));
    return {};
}

}  // namespace sekisho::signature
