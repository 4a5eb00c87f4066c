// From settings and files to a filter.
#include <algorithm>
#include <chrono>
#include <filesystem>

#include "sekisho/base/text.h"
#include "urlfilter/filter_parts.h"
#include "urlfilter/line_reader.h"

namespace sekisho::urlfilter {
namespace {

constexpr std::size_t kCategoryIdsMax = 0xffff;

bool is_there(const std::string& path) {
    std::error_code ignored;
    return !path.empty() && std::filesystem::exists(path, ignored);
}

/// The admin's file twice, once for each verb: the category of an entry follows from its source.
std::vector<ListSource> admin_sources(const std::string& path) {
    std::vector<ListSource> sources(2);
    for (std::size_t i = 0; i < 2; ++i) {
        sources[i].name = "admin";
        sources[i].category = kOwnCategories[i + 1];
        sources[i].path = is_there(path) ? path : std::string{};
        sources[i].format = i == 0 ? ListFormat::admin_allow : ListFormat::admin_deny;
    }
    return sources;
}

Result<std::vector<ListSource>> list_sources(const UrlFilterConfig& config) {
    std::vector<ListSource> sources = config.sources;
    for (const std::string& folder : config.lists) {
        auto found = find_lists(folder);
        if (!found) return fail(found.error());
        std::move(found->begin(), found->end(), std::back_inserter(sources));
    }
    return sources;
}

std::uint64_t seconds_now() {
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count());
}

}  // namespace

Result<std::unique_ptr<Filter>> Filter::build(const UrlFilterConfig& config, BuildReport& report) {
    for (const auto& own : kOwnCategories)
        if (!own.empty() && config.categories.contains(std::string(own)))
            return fail(ErrorCode::invalid, "is the box's own category and cannot be set", std::string(own));
    std::unique_ptr<Filter> filter(new Filter);
    for (const auto& own : kOwnCategories) filter->names_.emplace_back(own);
    filter->actions_ = {Action::allow, Action::allow, Action::block, Action::allow};
    if (auto added = filter->add_layers(config, report); !added) return fail(added.error());
    for (const auto& [name, action] : config.categories) {
        const auto known = std::find(filter->names_.begin(), filter->names_.end(), name);
        if (known == filter->names_.end())
            report.unknown_categories.push_back(name);
        else
            filter->actions_[static_cast<std::size_t>(known - filter->names_.begin())] = action;
    }
    if (auto done = filter->compile_expressions(); !done) return fail(done.error());
    if (auto done = filter->compile_rules(config, report); !done) return fail(done.error());
    return filter;
}

Status Filter::add_layers(const UrlFilterConfig& config, BuildReport& report) {
    auto sources = list_sources(config);
    if (!sources) return fail(sources.error());
    auto admin = Database::build(admin_sources(config.admin_file), report);
    if (!admin) return fail(admin.error());
    if (auto added = add_layer(std::move(*admin)); !added) return added;
    if (auto read = read_admin_ends(config.admin_file); !read) return read;
    auto lists = Database::build(*sources, report);
    if (!lists) return fail(lists.error());
    if (auto added = add_layer(std::move(*lists)); !added) return added;
    if (!is_there(config.database)) return {};
    auto compiled = Database::open(config.database);
    if (!compiled) return fail(compiled.error());
    return add_layer(std::move(*compiled));
}

/// Categories of one name are one, whichever list names them.
Status Filter::add_layer(Database database) {
    Layer layer{std::move(database), {}, {}};
    for (std::size_t i = 0; i < layer.database.category_count(); ++i) {
        const std::string name(layer.database.category_name(static_cast<std::uint16_t>(i)));
        const auto known = std::find(names_.begin(), names_.end(), name);
        const auto id = static_cast<std::size_t>(known - names_.begin());
        if (id >= kCategoryIdsMax) return fail(ErrorCode::limit, "more than 65,535 categories", name);
        if (known == names_.end()) {
            names_.push_back(name);
            actions_.push_back(Action::allow);
        }
        layer.categories.push_back(static_cast<std::uint16_t>(id));
    }
    layers_.push_back(std::move(layer));
    return {};
}

/// The database keeps no times; those of the admin's entries are kept beside it. Both verbs count their lines from
/// the same file: the deny lines' numbers begin behind the allow lines'.
Status Filter::read_admin_ends(const std::string& path) {
    if (!is_there(path)) return {};
    Layer& admin = layers_.front();
    std::uint32_t first_line = 0;
    for (const ListFormat format : {ListFormat::admin_allow, ListFormat::admin_deny}) {
        std::uint32_t line = first_line;
        Entry entry;
        const auto read = read_lines(path, [&](std::string_view text) {
            if (parse_entry(text, format, entry) == EntryFault::none && entry.until_s != 0)
                admin.ends.push_back({line, entry.until_s});
            ++line;
            return true;
        });
        if (!read) return read;
        first_line = line;
    }
    return {};
}

Status Filter::compile_expressions() {
    std::vector<signature::Expression> expressions;
    for (std::size_t layer = 0; layer < layers_.size(); ++layer) {
        const Database& database = layers_[layer].database;
        for (std::size_t i = 0; i < database.expression_count(); ++i) {
            const ListedExpression listed = database.expression(i);
            expressions.push_back({std::string(listed.pattern), true, false, false});
            pattern_lines_.push_back({static_cast<std::uint8_t>(layer), listed.line});
        }
    }
    if (expressions.empty()) return {};
    auto compiled = signature::PatternDb::compile(expressions, signature::Precision::exact);
    if (!compiled) return fail(compiled.error());
    patterns_ = std::move(*compiled);
    return {};
}

Status Filter::compile_rules(const UrlFilterConfig& config, BuildReport& report) {
    for (const FilterGroup& group : config.groups)
        if (auto added = groups_.add(group.name, group.members); !added) return fail(added.error().code, added.error().what, "url.groups: " + group.name);
    if (config.rules.size() > kRulesMax) return fail(ErrorCode::limit, "more than 256 rules", "url.rules");
    if (!config.rules.empty()) clock_ = LocalClock::of_box(seconds_now());
    for (const FilterRule& rule : config.rules) {
        const std::string where = "url.rules: " + rule.name;
        CompiledRule compiled{rule.name, rule.reason, 0, std::vector<bool>(names_.size()), rule.action, {}, rule.until_s};
        for (const std::string& group : rule.groups) {
            const std::size_t index = groups_.find(group);
            if (index == ClientGroups::kGroupsMax) return fail(ErrorCode::invalid, "there is no group '" + group + "' in url.groups", where);
            compiled.groups |= ClientGroups::Set{1} << index;
        }
        for (const std::string& category : rule.categories) {
            if (category == "*") {
                std::fill(compiled.categories.begin() + kFirstListed, compiled.categories.end(), true);
                continue;
            }
            const auto known = std::find(names_.begin() + Decision::kUnlisted, names_.end(), category);
            if (known == names_.end())
                report.unknown_categories.push_back(category);
            else
                compiled.categories[static_cast<std::size_t>(known - names_.begin())] = true;
        }
        auto schedule = Schedule::parse(rule.days, rule.hours);
        if (!schedule) return fail(ErrorCode::invalid, schedule.error().what, where);
        compiled.schedule = *schedule;
        rules_for_unlisted_ = rules_for_unlisted_ || compiled.categories[Decision::kUnlisted];
        rules_.push_back(std::move(compiled));
    }
    return {};
}

}  // namespace sekisho::urlfilter
