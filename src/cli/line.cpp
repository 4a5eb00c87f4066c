// Words of a shell line, and what the next word may be.
#include <algorithm>
#include <set>

#include "cli/table.h"
#include "sekisho/config/document.h"

namespace sekisho::cli {
namespace {

bool is_blank(char c) noexcept { return c == ' ' || c == '\t'; }

/// The words of command names that may follow the finished ones.
void complete_names(const Words& finished, std::set<std::string>& into) {
    std::string typed;
    for (const auto& word : finished) typed += word + " ";
    for (const Command& command : all_commands()) {
        if (command.hidden || !command.name.starts_with(typed)) continue;
        const auto rest = command.name.substr(typed.size());
        into.emplace(rest.substr(0, rest.find(' ')));
    }
}

void complete_args(const Found& found, std::set<std::string>& into) {
    if (found.command->complete == Complete::setting && found.args.empty())
        for (const auto& facts : config::key_facts()) into.insert(facts.path);
    if (found.command->name == "help")
        for (const Command& command : all_commands())
            if (!command.hidden) into.emplace(command.name.substr(0, command.name.find(' ')));
}

}  // namespace

Result<Words> split_line(std::string_view line) {
    Words words;
    std::string word;
    bool in_word = false;
    char quote = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (quote != 0 && c == quote) {
            quote = 0;
        } else if (quote == 0 && (c == '\'' || c == '"')) {
            quote = c;
            in_word = true;
        } else if (c == '\\' && quote != '\'' && i + 1 < line.size()) {
            word += line[++i];
            in_word = true;
        } else if (quote == 0 && is_blank(c)) {
            if (in_word) words.push_back(std::exchange(word, {}));
            in_word = false;
        } else {
            word += c;
            in_word = true;
        }
    }
    if (quote != 0)
        return fail(ErrorCode::invalid, std::string("the quote ") + quote + " is not closed");
    if (in_word) words.push_back(std::move(word));
    return words;
}

Words completions(const Words& finished, const std::string& unfinished) {
    std::set<std::string> candidates;
    complete_names(finished, candidates);
    if (const Found found = find_command(finished); found.command) complete_args(found, candidates);
    Words fitting;
    std::copy_if(candidates.begin(), candidates.end(), std::back_inserter(fitting),
                 [&](const std::string& word) { return word.starts_with(unfinished); });
    return fitting;
}

}  // namespace sekisho::cli
