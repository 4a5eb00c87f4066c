// Words in the two languages of the people who read mail, and their choice.
#pragma once

#include <string>
#include <vector>

#include "sekisho/config/settings.h"
#include "sekisho/event/alert.h"

namespace sekisho::mail {

enum class Tongue : std::uint8_t { ja, en };

struct Words {
    const char *ja, *en;
    const char* in(Tongue tongue) const noexcept { return tongue == Tongue::ja ? ja : en; }
};

inline const std::string& in(Tongue tongue, const event::BothTongues& text) {
    const std::string& wanted = tongue == Tongue::ja ? text.ja : text.en;
    return wanted.empty() ? text.en : wanted;
}

inline const char* code(Tongue tongue) noexcept { return tongue == Tongue::ja ? "ja" : "en"; }

inline std::vector<Tongue> tongues(config::MailLanguage language) {
    if (language == config::MailLanguage::ja) return {Tongue::ja};
    if (language == config::MailLanguage::en) return {Tongue::en};
    return {Tongue::ja, Tongue::en};
}

constexpr Words kSeverityWords[] = {{"低", "Low"}, {"中", "Medium"}, {"高", "High"}};
constexpr Words kOutcomeWords[] = {{"遮断しました", "stopped here"},
                                   {"通過しましたが、相手は応じていません", "went by, refused or not answered"},
                                   {"通過しました（結果は不明）", "went by, what came of it is not known"},
                                   {"通過し、相手が応じました", "went by and was answered"}};

inline const char* severity_word(event::Severity severity, Tongue tongue) {
    return kSeverityWords[static_cast<std::size_t>(severity) % 3].in(tongue);
}
inline const char* outcome_word(event::Outcome outcome, Tongue tongue) {
    return kOutcomeWords[static_cast<std::size_t>(outcome) % 4].in(tongue);
}

}  // namespace sekisho::mail
