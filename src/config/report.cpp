#include "config/report.h"

#include <algorithm>

#include "config/yaml_line.h"
#include "sekisho/base/text.h"

namespace sekisho::config {

Report::Report(std::string name, std::string_view text)
    : name_(std::move(name)), lines_(split(text, '\n')) {}

std::uint32_t Report::line_of_key(std::string_view key, std::uint32_t value_line) const {
    for (std::size_t line = std::min<std::size_t>(value_line, lines_.size()); line > 0; --line)
        if (has_key(lines_[line - 1], key)) return static_cast<std::uint32_t>(line);
    return value_line;
}

void Report::add(std::uint32_t line, std::string_view path, std::string what) {
    if (found_.size() >= kMistakesMax) return;
    std::string where = name_;
    if (!name_.empty() && line > 0) where += ":" + std::to_string(line);
    if (!where.empty() && !path.empty()) where += ": ";
    where += path;
    found_.push_back({line, Error{ErrorCode::invalid, std::move(what), std::move(where)}});
}

void Report::add(std::string_view path, std::string what) {
    std::uint32_t line = 0;
    for (std::string_view part = path; !part.empty();) {
        if (const auto known = lines_by_path_.find(part); known != lines_by_path_.end()) {
            line = known->second;
            break;
        }
        const auto cut = part.find_last_of(".[");
        part = cut == std::string_view::npos ? std::string_view{} : part.substr(0, cut);
    }
    add(line, path, std::move(what));
}

std::vector<Error> Report::take() {
    std::stable_sort(found_.begin(), found_.end(),
                     [](const Found& a, const Found& b) { return a.line < b.line; });
    std::vector<Error> errors;
    for (auto& found : found_) errors.push_back(std::move(found.error));
    found_.clear();
    return errors;
}

}  // namespace sekisho::config
