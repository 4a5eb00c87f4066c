#include "slowpath/rule_texts.h"

#include <glob.h>

#include "sekisho/base/file_text.h"
#include "sekisho/base/text.h"
#include "slowpath/limits.h"

namespace sekisho::slowpath {
namespace {

std::vector<std::string> expand(const std::string& pattern) {
    std::vector<std::string> paths;
    glob_t found{};
    if (::glob(pattern.c_str(), 0, nullptr, &found) == 0)
        for (std::size_t i = 0; i < found.gl_pathc; ++i) paths.emplace_back(found.gl_pathv[i]);
    ::globfree(&found);
    return paths;
}

/// The line with "sid:NUMBER;" that is no comment; empty: none.
std::string_view line_of(std::string_view text, std::uint32_t sid) {
    const std::string number = std::to_string(sid);
    std::string_view last;
    for (auto at = text.find("sid:"); at != std::string_view::npos; at = text.find("sid:", at + 4)) {
        const auto end = text.find(';', at);
        if (end == std::string_view::npos || trim(text.substr(at + 4, end - at - 4)) != number) continue;
        const auto begin = text.rfind('\n', at) + 1;  // npos + 1 is 0
        const auto line = text.substr(begin, text.find('\n', at) - begin);
        if (!trim(line).starts_with("#")) last = line;
    }
    return last;
}

}  // namespace

RuleText RuleTexts::find(std::uint32_t sid) {
    const auto now = std::chrono::steady_clock::now();
    if (now >= known_until_ || known_.size() >= kRuleTextsMax) {
        known_.clear();
        known_until_ = now + kRuleTextsFor;
    }
    if (const auto known = known_.find(sid); known != known_.end()) return known->second;
    RuleText found;
    for (const std::string& pattern : files_)
        for (const std::string& path : expand(pattern)) {
            const auto text = read_file(path, kRuleFileMax);
            if (!text) continue;
            if (const auto line = line_of(*text, sid); !line.empty()) found = {std::string(trim(line)), path};
        }
    return known_[sid] = found;
}

}  // namespace sekisho::slowpath
