#include "cli/rule_files.h"

#include <glob.h>

#include <algorithm>

#include "sekisho/base/file_text.h"
#include "sekisho/config/rule_overrides.h"
#include "sekisho/signature/countries.h"

namespace sekisho::cli {
namespace {

std::string address_group(const std::vector<std::string>& networks) {
    std::string group = "[";
    for (const auto& network : networks) group.append(group.size() > 1 ? "," : "").append(network);
    return group + "]";
}

std::vector<std::string> matches(const std::string& pattern) {
    glob_t found{};
    std::vector<std::string> paths;
    if (::glob(pattern.c_str(), 0, nullptr, &found) == 0)
        for (std::size_t i = 0; i < found.gl_pathc; ++i) paths.emplace_back(found.gl_pathv[i]);
    ::globfree(&found);
    return paths;
}

}  // namespace

Result<signature::ParseContext> parse_context(const config::Settings& settings) {
    signature::ParseContext context;
    context.variables["HOME_NET"] = address_group(settings.home_net);
    for (const auto& [name, value] : settings.rules.variables) context.variables[name] = value;
    if (!settings.rules.geoip_database.empty()) {
        auto countries = signature::CountryDatabase::open(settings.rules.geoip_database);
        if (!countries) return fail(countries.error());
        context.countries = std::move(*countries);
    }
    if (settings.rules.classification_file.empty()) return context;
    const auto text = read_file(settings.rules.classification_file, MiB(4));
    if (!text) return fail(text.error());
    auto classes = signature::parse_classifications(*text, settings.rules.classification_file);
    if (!classes) return fail(classes.error());
    context.classifications = std::move(*classes);
    return context;
}

std::vector<std::string> rule_files(const config::Settings& settings) {
    std::vector<std::string> files;
    for (const auto& pattern : settings.rules.files) {
        const auto found = matches(pattern);
        files.insert(files.end(), found.begin(), found.end());
    }
    if (!settings.rules.local_file.empty()) files.push_back(settings.rules.local_file);
    return files;
}

RuleLine find_rule_line(const std::string& text, std::uint32_t sid) {
    for (std::size_t begin = 0; begin < text.size();) {
        const auto end = std::min(text.find('\n', begin), text.size() - 1) + 1;
        if (config::rule_id_of(std::string_view(text).substr(begin, end - begin)) == sid)
            return {begin, end};
        begin = end;
    }
    return {};
}

}  // namespace sekisho::cli
