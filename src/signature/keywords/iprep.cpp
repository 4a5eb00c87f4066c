// iprep:any|src|dst|both,category,<|<=|>|>=|=|!=,score - reputation lists of the settings.
#include "sekisho/signature/reputation.h"

#include "signature/keywords/all.h"
#include "signature/keywords/byte_fetch.h"
#include "signature/number.h"

namespace sekisho::signature {

Status parse_iprep(RuleBuilder& builder, const Use& use) {
    constexpr std::pair<std::string_view, AddressSide> kSides[] = {
        {"any", AddressSide::any}, {"src", AddressSide::source}, {"dst", AddressSide::destination}, {"both", AddressSide::both}};
    constexpr std::pair<std::string_view, Compare> kCompares[] = {{"<", Compare::lt}, {"<=", Compare::le}, {">", Compare::gt},
                                                                  {">=", Compare::ge}, {"=", Compare::eq}, {"!=", Compare::ne}};
    const auto words = words_of(use.value);
    if (words.size() != 4) return wrong("the form is 'any|src|dst|both,category,<|<=|>|>=|=|!=,score'");
    const auto* side = std::find_if(std::begin(kSides), std::end(kSides), [&](const auto& s) { return s.first == words[0]; });
    if (side == std::end(kSides)) return wrong("'" + std::string(words[0]) + "' is not any, src, dst or both");
    const auto* op = std::find_if(std::begin(kCompares), std::end(kCompares), [&](const auto& c) { return c.first == words[2]; });
    if (op == std::end(kCompares)) return wrong("'" + std::string(words[2]) + "' is not <, <=, >, >=, = or !=");
    const auto score = parse_number(words[3], 0, 127);
    if (!score) return fail(score.error());
    const auto& reputation = builder.context().reputation;
    if (!reputation) return wrong("no reputation lists are set (rules.reputation_categories, rules.reputation_files)");
    auto list = reputation->category(words[1]);
    if (!list) return wrong("no category '" + std::string(words[1]) + "' in rules.reputation_categories");
    builder.rule().reputations.push_back({side->second, std::move(list), op->second, static_cast<std::uint8_t>(*score)});
    return {};
}

}  // namespace sekisho::signature
