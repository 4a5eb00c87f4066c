// geoip:[any|src|dst|both,]CC[,CC...]: the country of the packet's addresses, by the settings' database. A ! before any of
// the countries holds for all of them. An address of which no country is known fulfils neither.
#include "sekisho/signature/countries.h"

#include "signature/keywords/all.h"
#include "signature/keywords/byte_fetch.h"

namespace sekisho::signature {
namespace {

constexpr std::size_t kCountriesMax = 64;  // as in Suricata

}  // namespace

Status parse_geoip(RuleBuilder& builder, const Use& use) {
    constexpr std::pair<std::string_view, AddressSide> kSides[] = {{"any", AddressSide::any},
                                                                   {"src", AddressSide::source},
                                                                   {"dst", AddressSide::destination},
                                                                   {"both", AddressSide::both}};
    const auto words = words_of(use.value);
    CountryTest test;
    auto word = words.begin();
    const auto* side = word == words.end() ? std::end(kSides)
                                           : std::find_if(std::begin(kSides), std::end(kSides), [&](const auto& s) { return s.first == *word; });
    if (side != std::end(kSides)) {
        test.side = side->second;
        ++word;
    }
    if (word == words.end()) return wrong("the form is '[any|src|dst|both,]CC[,CC...]' with countries of two letters, ! for others");
    for (; word != words.end(); ++word) {
        std::string_view text = *word;
        if (text.starts_with('!')) {
            test.negated = true;
            text.remove_prefix(1);
        }
        const auto code = country_code(text);
        if (!code) return wrong("'" + std::string(text) + "' is not a country of two letters (ISO 3166)");
        if (test.countries.size() == kCountriesMax) return wrong("more than " + std::to_string(kCountriesMax) + " countries");
        test.countries.push_back(*code);
    }
    test.database = builder.context().countries;
    if (!test.database) return wrong("no database of countries is set (rules.geoip_database)");
    builder.rule().countries.push_back(std::move(test));
    return {};
}

}  // namespace sekisho::signature
