// Keywords over the TLS handshake beside its sticky buffers (RFC 8446, RFC 5246, RFC 5280).
#include <algorithm>
#include <ctime>

#include "sekisho/app/tls_words.h"
#include "sekisho/base/text.h"
#include "signature/keywords/all.h"
#include "signature/keywords/byte_fetch.h"
#include "signature/number.h"

namespace sekisho::signature {
namespace {

struct VersionName {
    std::string_view name;
    std::uint16_t value;
};
constexpr VersionName kTlsVersions[] = {{"1.0", 0x0301}, {"1.1", 0x0302}, {"1.2", 0x0303}, {"1.3", 0x0304}};
constexpr VersionName kSslVersions[] = {{"sslv2", 0x0002},  {"sslv3", 0x0300},  {"tls1.0", 0x0301},
                                        {"tls1.1", 0x0302}, {"tls1.2", 0x0303}, {"tls1.3", 0x0304}};

template <std::size_t N>
std::optional<std::uint16_t> find_version(const VersionName (&names)[N], std::string_view text) {
    for (const auto& known : names)
        if (equals_nocase(known.name, text)) return known.value;
    return std::nullopt;
}

Status need_tls(RuleBuilder& builder, const Use& use) {
    return builder.require_protocol(app::Protocol::tls, use.keyword.name);
}

// "1445852105" or "2015-10-22T23:59:59", to seconds since the epoch; parts may be left out from the end.
Result<std::int64_t> read_time(std::string_view text) {
    text = trim(text);
    constexpr std::size_t kYear = 4;  // digits; as seconds it would be a morning in 1970
    if (text.find('-') == std::string_view::npos && text.size() != kYear) return parse_number(text, 0, 0xffffffffff);
    struct tm parts {};
    parts.tm_mday = 1;
    const char* const formats[] = {"%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M",
                                   "%Y-%m-%dT%H",       "%Y-%m-%d %H",       "%Y-%m-%d",       "%Y-%m",
                                   "%Y"};
    const std::string copy(text);
    for (const char* format : formats) {
        struct tm tried = parts;
        const char* end = strptime(copy.c_str(), format, &tried);
        if (end && *end == '\0') return static_cast<std::int64_t>(timegm(&tried));
    }
    return wrong("'" + copy + "' is not a time (seconds, a year, or 2015-10-22T23:59:59)");
}

}  // namespace

Status parse_tls_version(RuleBuilder& builder, const Use& use) {
    if (auto good = need_tls(builder, use); !good) return good;
    auto version = find_version(kTlsVersions, use.value);
    if (!version && starts_with_nocase(use.value, "0x"))
        if (const auto number = parse_number(use.value, 0, 0xffff)) version = static_cast<std::uint16_t>(*number);
    if (!version) return wrong("'" + std::string(use.value) + "' is not 1.0, 1.1, 1.2 or 1.3");
    builder.rule().fact_tests.push_back({app::Fact::tls_version, Compare::eq, false, false, *version, 0});
    return {};
}

// A list means any of its versions: each is a bit of one fact.
Status parse_ssl_version(RuleBuilder& builder, const Use& use) {
    if (auto good = need_tls(builder, use); !good) return good;
    FactTest test;
    test.fact = app::Fact::tls_version_bit;
    test.op = Compare::mask_and;
    bool first = true;
    for (auto word : words_of(use.value)) {
        const bool not_this = word.starts_with('!');
        if (not_this) word = trim(word.substr(1));
        if (!first && not_this != test.negated) return wrong("versions with and without ! do not mix");
        first = false;
        test.negated = not_this;
        const auto version = find_version(kSslVersions, word);
        if (!version) return wrong("'" + std::string(word) + "' is not sslv2, sslv3, tls1.0, tls1.1, tls1.2 or tls1.3");
        test.low |= app::version_bit(*version);
    }
    if (first) return wrong("a version is missing");
    builder.rule().fact_tests.push_back(test);
    return {};
}

// ssl_state:[!]a|b: messages of the handshake of which one was (none was) said so far.
Status parse_ssl_state(RuleBuilder& builder, const Use& use) {
    struct State {
        std::string_view name;
        std::uint8_t bit;
    };
    constexpr State kStates[] = {{"client_hello", app::kSaidClientHello}, {"server_hello", app::kSaidServerHello},
                                 {"client_keyx", app::kSaidClientKeys},   {"server_keyx", app::kSaidServerKeys}};
    if (auto good = need_tls(builder, use); !good) return good;
    FactTest test;
    test.fact = app::Fact::tls_state;
    test.op = Compare::mask_and;
    std::string_view text = trim(use.value);
    test.negated = text.starts_with('!');
    if (test.negated) text.remove_prefix(1);
    for (std::string_view word : split(text, '|')) {
        word = trim(word);
        const auto* state = std::find_if(std::begin(kStates), std::end(kStates), [&](const State& s) { return equals_nocase(s.name, word); });
        if (state == std::end(kStates)) return wrong("'" + std::string(word) + "' is not client_hello, server_hello, client_keyx or server_keyx");
        test.low |= state->bit;
    }
    builder.rule().fact_tests.push_back(test);
    return {};
}

Status parse_tls_date(RuleBuilder& builder, const Use& use) {
    if (auto good = need_tls(builder, use); !good) return good;
    FactTest test;
    test.fact = static_cast<app::Fact>(use.keyword.detail);
    std::string_view text = use.value;
    if (const auto at = text.find("<>"); at != std::string_view::npos) {
        const auto low = read_time(text.substr(0, at));
        const auto high = read_time(text.substr(at + 2));
        if (!low) return fail(low.error());
        if (!high) return fail(high.error());
        if (*low >= *high) return wrong("the range runs backwards");
        test.op = Compare::range;
        test.low = static_cast<std::uint64_t>(*low);
        test.high = static_cast<std::uint64_t>(*high);
    } else {
        constexpr std::pair<std::string_view, Compare> signs[] = {
            {"<=", Compare::le}, {">=", Compare::ge}, {"<", Compare::lt}, {">", Compare::gt}, {"=", Compare::eq}};
        for (const auto& [sign, op] : signs) {
            if (!text.starts_with(sign)) continue;
            test.op = op;
            text = text.substr(sign.size());
            break;
        }
        const auto time = read_time(text);
        if (!time) return fail(time.error());
        test.low = static_cast<std::uint64_t>(*time);
    }
    builder.rule().fact_tests.push_back(test);
    return {};
}

Status parse_tls_validity(RuleBuilder& builder, const Use& use) {
    if (auto good = need_tls(builder, use); !good) return good;
    auto& facts = builder.rule().fact_tests;
    if (use.keyword.name == "tls_cert_expired") {
        facts.push_back({app::Fact::tls_not_after, Compare::lt, false, true, 0, 0});
        return {};
    }
    facts.push_back({app::Fact::tls_not_before, Compare::le, false, true, 0, 0});
    facts.push_back({app::Fact::tls_not_after, Compare::ge, false, true, 0, 0});
    return {};
}

// tls.subject:"CN=..." and tls.issuerdn:"...": the text stands somewhere in the name.
Status parse_tls_text(RuleBuilder& builder, const Use& use) {
    if (auto good = need_tls(builder, use); !good) return good;
    auto bytes = decode_content(use.value);
    if (!bytes) return fail(bytes.error());
    Content content;
    content.bytes = std::move(*bytes);
    content.negated = use.negated;
    return builder.add_to(use.keyword.field(), std::move(content), false);
}

Status parse_tls_fingerprint(RuleBuilder& builder, const Use& use) {
    if (auto good = need_tls(builder, use); !good) return good;
    Content content;
    content.bytes = to_lower(use.value);
    content.negated = use.negated;
    constexpr std::size_t kSha1Text = 59;  // 20 pairs with colons
    if (content.bytes.size() != kSha1Text ||
        content.bytes.find_first_not_of("0123456789abcdef:") != std::string::npos)
        return wrong("a fingerprint is SHA-1 in 20 hexadecimal pairs with colons between them");
    content.startswith = true;
    content.endswith = true;
    content.depth = Operand{false, 0, static_cast<std::int64_t>(content.bytes.size())};
    return builder.add_to(app::Field::tls_cert_fingerprint, std::move(content), false);
}

// Certificates are not written to disk by the packet path; the alert keeps their facts.
Status parse_tls_store(RuleBuilder& builder, const Use& use) {
    builder.warn("tls.store: certificates are not stored; the rule alerts without it");
    return need_tls(builder, use);
}

}  // namespace sekisho::signature
