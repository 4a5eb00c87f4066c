#include "sekisho/urlfilter/filter.h"

#include <algorithm>
#include <array>
#include <filesystem>

namespace sekisho::urlfilter {
namespace {

constexpr std::array<std::string_view, 3> kOwnCategories{"", "admin-allow", "admin-deny"};
constexpr std::uint16_t kFirstListed = static_cast<std::uint16_t>(kOwnCategories.size());

/// The admin's file twice, once for each verb: the category of an entry follows from its source.
std::vector<ListSource> admin_sources(const std::string& path) {
    std::vector<ListSource> sources(2);
    std::error_code ignored;
    const bool present = !path.empty() && std::filesystem::exists(path, ignored);
    for (std::size_t i = 0; i < 2; ++i) {
        sources[i].name = "admin";
        sources[i].category = kOwnCategories[i + 1];
        sources[i].path = present ? path : std::string{};
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

}  // namespace

std::string_view to_string(Action action) noexcept {
    constexpr std::array<std::string_view, 3> kNames{"allow", "alert", "block"};
    return kNames[static_cast<std::size_t>(action)];
}

Result<std::unique_ptr<Filter>> Filter::build(const UrlFilterConfig& config, BuildReport& report) {
    for (const auto& own : kOwnCategories)
        if (!own.empty() && config.categories.contains(std::string(own)))
            return fail(ErrorCode::invalid, "is the admin's own category and cannot be set",
                        std::string(own));
    auto sources = list_sources(config);
    if (!sources) return fail(sources.error());
    auto admin = Database::build(admin_sources(config.admin_file), report);
    if (!admin) return fail(admin.error());
    auto lists = Database::build(*sources, report);
    if (!lists) return fail(lists.error());

    std::unique_ptr<Filter> filter(new Filter(std::move(*admin), std::move(*lists)));
    filter->actions_ = {Action::allow, Action::allow, Action::block};
    filter->actions_.resize(kFirstListed + filter->lists_.category_count(), Action::allow);
    for (const auto& [name, action] : config.categories) {
        bool known = false;
        for (std::uint16_t id = kFirstListed; id < filter->actions_.size(); ++id) {
            if (filter->category_name(id) != name) continue;
            filter->actions_[id] = action;
            known = true;
        }
        if (!known) report.unknown_categories.push_back(name);
    }
    return filter;
}

Decision Filter::decide(std::string_view host, std::string_view path) const noexcept {
    const HostName name(host);
    if (name.form() == HostName::Form::empty) return {};
    if (const Match match = admin_.lookup(name, path)) return judge(admin_, match, host, name);
    if (const Match match = lists_.lookup(name, path)) return judge(lists_, match, host, name);
    return {};
}

/// The strictest action among the lines of a match; the first such line decides.
Decision Filter::judge(const Database& database, const Match& match, std::string_view host,
                       const HostName& name) const noexcept {
    const std::uint16_t base = &database == &admin_ ? Decision::kAdminAllow : kFirstListed;
    Decision decision;
    for (const std::uint32_t line : database.lines(match)) {
        const auto category = static_cast<std::uint16_t>(base + database.origin(line).category);
        const Action action = category_action(category);
        if (decision.listed() && action <= decision.action) continue;
        decision.action = action;
        decision.category = category;
        decision.line = line;
    }
    decision.path_bytes = match.path_bytes;
    decision.host =
        host.substr(name.raw_offset() + name.text().size() - match.host_bytes, match.host_bytes);
    return decision;
}

std::string_view Filter::category_name(std::uint16_t category) const noexcept {
    if (category < kOwnCategories.size()) return kOwnCategories[category];
    return lists_.category_name(static_cast<std::uint16_t>(category - kFirstListed));
}

Action Filter::category_action(std::uint16_t category) const noexcept {
    return category < actions_.size() ? actions_[category] : Action::allow;
}

std::string Filter::origin_text(const Decision& decision) const {
    if (!decision.listed()) return {};
    const Database& database = decision.category < kFirstListed ? admin_ : lists_;
    const Origin origin = database.origin(decision.line);
    return std::string(origin.source) + ":" + std::to_string(origin.line);
}

std::vector<std::string> Filter::all_origins(std::string_view host, std::string_view path) const {
    const HostName name(host);
    std::vector<std::string> told;
    for (const Database* database : {&admin_, &lists_}) {
        const Match match = database->lookup(name, path);
        for (const std::uint32_t line : database->lines(match)) {
            const Origin origin = database->origin(line);
            told.push_back(std::string(database->category_name(origin.category)) + " (" +
                           std::string(origin.source) + ":" + std::to_string(origin.line) + ")");
        }
    }
    return told;
}

}  // namespace sekisho::urlfilter
