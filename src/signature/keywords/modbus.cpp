// modbus: [unit N,] function N[, subfunction N] | [unit N,] function [!]category |
//         [unit N,] access read|write [discretes|coils|input|holding][, address N[, value N]]
// N also as <N, >N or A<>B (ends excluded). Judged on requests; addresses count from 1.
#include "sekisho/base/text.h"
#include "signature/keywords/all.h"
#include "signature/keywords/record_tests.h"
#include "signature/number.h"

namespace sekisho::signature {
namespace {

using namespace app::modbus_record;
using app::Field;

constexpr NamedNumber kCategories[] = {{"assigned", public_assigned}, {"unassigned", public_unassigned},
                                       {"public", public_assigned | public_unassigned}, {"user", user}, {"reserved", reserved},
                                       {"all", public_assigned | public_unassigned | user | reserved}};
constexpr NamedNumber kTables[] = {{"discretes", discretes}, {"coils", coils}, {"input", input}, {"holding", holding}};

/// The parts of the argument: "access read coils" has the words access, read and coils.
struct Part {
    std::string_view word;
    std::string_view rest;
};
Part part_of(std::string_view text) {
    text = trim(text);
    const auto blank = text.find_first_of(" \t");
    return {text.substr(0, blank), blank == std::string_view::npos ? std::string_view{} : trim(text.substr(blank))};
}

struct Tests {
    RecordTests request{Field::modbus_message};
    RecordTests value{Field::modbus_value};
    bool has_value = false;
};

Status add_function(Tests& tests, std::string_view text) {
    if (const auto code = parse_int(text, 1, 255)) {
        tests.request.equals(kFunction, static_cast<std::uint64_t>(*code));
        return {};
    }
    const bool negated = text.starts_with('!');
    const auto category = parse_named(negated ? text.substr(1) : text, kCategories, 0);
    if (!category || *category == 0) return wrong("'" + std::string(text) + "' is neither a function code nor a category");
    if (negated) tests.request.bits(kCategory, *category, 0);
    else tests.request.any_of(kCategory, *category);
    return {};
}

Status add_access(Tests& tests, std::string_view text) {
    const Part part = part_of(text);
    const bool writes = equals_nocase(part.word, "write");
    if (!writes && !equals_nocase(part.word, "read")) return wrong("access is read or write");
    tests.request.any_of(kAccess, writes ? write : read);
    if (part.rest.empty()) return {};
    const auto table = parse_named(part.rest, kTables, 0);
    if (!table || *table == 0) return wrong("'" + std::string(part.rest) + "' is none of discretes, coils, input, holding");
    if (writes && (*table == discretes || *table == input)) return wrong(std::string(part.rest) + " cannot be written");
    tests.request.any_of(kAccess, *table);
    return {};
}

/// The request touches an address that the test names.
Status add_address(Tests& tests, std::string_view text) {
    const auto test = parse_number_test(text, 65535);
    if (!test) return fail(test.error());
    tests.value.compare(kValueAddress, *test);
    switch (test->op) {
        case Compare::eq:
            tests.request.compare(kFirst, {Compare::le, false, test->low, 0}).compare(kLast, {Compare::ge, false, test->low, 0});
            break;
        case Compare::lt: tests.request.compare(kFirst, *test); break;
        case Compare::gt: tests.request.compare(kLast, *test); break;
        case Compare::range:
            tests.request.compare(kFirst, {Compare::lt, false, test->high, 0}).compare(kLast, {Compare::gt, false, test->low, 0});
            break;
        default: return wrong("an address is N, <N, >N or A<>B");
    }
    tests.request.compare(kFirst, {Compare::gt, false, 0, 0});
    return {};
}

Status add_number(RecordTests& tests, app::RecordNumber place, std::string_view text, std::uint64_t max) {
    const auto test = parse_number_test(text, max);
    if (!test) return fail(test.error());
    tests.compare(place, *test);
    return {};
}

Status add_part(Tests& tests, const Part& part) {
    if (equals_nocase(part.word, "unit")) return add_number(tests.request, kUnit, part.rest, 255);
    if (equals_nocase(part.word, "function")) return add_function(tests, part.rest);
    if (equals_nocase(part.word, "subfunction")) {
        tests.request.equals(kHasSubfunction, 1);
        return add_number(tests.request, kSubfunction, part.rest, 65535);
    }
    if (equals_nocase(part.word, "access")) return add_access(tests, part.rest);
    if (equals_nocase(part.word, "address")) return add_address(tests, part.rest);
    if (equals_nocase(part.word, "value")) {
        tests.has_value = true;
        return add_number(tests.value, kValue, part.rest, 65535);
    }
    return wrong("'" + std::string(part.word) + "' is none of unit, function, subfunction, access, address, value");
}

}  // namespace

Status parse_modbus(RuleBuilder& builder, const Use& use) {
    Tests tests;
    for (const auto text : split(use.value, ','))
        if (auto good = add_part(tests, part_of(text)); !good) return good;
    if (auto good = std::move(tests.request).add_to(builder, app::Protocol::modbus, use.keyword.name); !good) return good;
    return tests.has_value ? std::move(tests.value).add_to(builder, app::Protocol::modbus, use.keyword.name) : Status{};
}

}  // namespace sekisho::signature
