// dcerpc.iface:UUID[,operator version][,any_frag] and dcerpc.opnum:list. Facts: C706 section 12.6.
#include <algorithm>

#include "sekisho/base/text.h"
#include "signature/keywords/all.h"
#include "signature/keywords/byte_fetch.h"
#include "signature/number.h"

namespace sekisho::signature {
namespace {

constexpr std::int64_t kVersionAt = 16, kFirstAt = 18;  // in Field::dcerpc_iface, behind the 16 octets of the UUID

Result<std::string> read_uuid(std::string_view text) {
    constexpr std::size_t kDashes[] = {8, 13, 18, 23};
    const auto bad = [text] { return wrong("'" + std::string(text) + "' is not a UUID (01234567-89ab-cdef-0123-456789abcdef)"); };
    if (text.size() != 36) return bad();
    std::string digits;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool dash = std::find(std::begin(kDashes), std::end(kDashes), i) != std::end(kDashes);
        const bool hex = (text[i] >= '0' && text[i] <= '9') || (ascii_lower(text[i]) >= 'a' && ascii_lower(text[i]) <= 'f');
        if (dash ? text[i] != '-' : !hex) return bad();
        if (!dash) digits.push_back(text[i]);
    }
    std::string octets;
    for (std::size_t i = 0; i < digits.size(); i += 2)
        octets.push_back(static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16)));
    return octets;
}

ByteTest number_at(std::int64_t offset, std::int64_t count, Compare op, bool negated, std::int64_t value) {
    ByteTest test;
    test.fetch.count.value = count;
    test.fetch.offset.value = offset;
    test.op = op;
    test.negated = negated;
    test.value.value = value;
    return test;
}

}  // namespace

// The interface is a field of a fixed layout: the UUID is looked for like any content, so that it can be the rule's
// literal; version and fragment are compared behind it.
Status parse_dcerpc_iface(RuleBuilder& builder, const Use& use) {
    if (auto good = builder.require_protocol(app::Protocol::dcerpc, use.keyword.name); !good) return good;
    const auto words = words_of(use.value);
    const auto uuid = read_uuid(words[0]);
    if (!uuid) return fail(uuid.error());
    BufferTests tests;
    tests.field = app::Field::dcerpc_iface;
    Content content;
    content.bytes = *uuid;
    content.startswith = true;
    content.depth = Operand{false, 0, static_cast<std::int64_t>(content.bytes.size())};
    tests.tests.push_back(std::move(content));
    bool any_fragment = false, compared = false;
    for (std::size_t i = 1; i < words.size(); ++i) {
        if (words[i] == "any_frag") {
            any_fragment = true;
            continue;
        }
        if (compared) return wrong("'" + std::string(words[i]) + "': one version, then any_frag, may follow the UUID");
        const auto version = parse_number_test(words[i], 65535);
        if (!version) return fail(version.error());
        if (version->op == Compare::range) return wrong("the version is compared with < > = or !");
        tests.tests.push_back(number_at(kVersionAt, 2, version->op, version->negated, static_cast<std::int64_t>(version->low)));
        compared = true;
    }
    if (!any_fragment) tests.tests.push_back(number_at(kFirstAt, 1, Compare::eq, false, 1));
    return builder.add_group(std::move(tests));
}

// 1,3-5,!7 means: 1, or 3 to 5; with ! in front of all: none of them.
Status parse_dcerpc_opnum(RuleBuilder& builder, const Use& use) {
    if (auto good = builder.require_protocol(app::Protocol::dcerpc, use.keyword.name); !good) return good;
    FactTest test;
    test.fact = app::Fact::dcerpc_opnum;
    std::string_view list = use.value;
    if (list.starts_with('!')) {
        test.negated = true;
        list = trim(list.substr(1));
    }
    constexpr std::uint64_t kMax = 65535;
    for (const auto word : words_of(list)) {
        const bool compared = !word.empty() && (word[0] == '<' || word[0] == '>');
        const auto dash = word.find('-');
        const auto low = parse_number(trim(compared ? word.substr(1) : word.substr(0, dash)), 0, kMax);
        if (!low) return fail(low.error());
        const auto first = static_cast<std::uint64_t>(*low);
        if (compared) {
            if (word[0] == '<' ? first == 0 : first == kMax) return wrong("no operation number is " + std::string(word));
            test.any_of.push_back(word[0] == '<' ? std::pair{std::uint64_t{0}, first - 1} : std::pair{first + 1, kMax});
            continue;
        }
        const auto high = dash == std::string_view::npos ? low : parse_number(trim(word.substr(dash + 1)), 0, kMax);
        if (!high) return fail(high.error());
        if (*high < *low) return wrong("'" + std::string(word) + "' runs backwards");
        test.any_of.emplace_back(first, static_cast<std::uint64_t>(*high));
    }
    builder.rule().fact_tests.push_back(std::move(test));
    return {};
}

}  // namespace sekisho::signature
