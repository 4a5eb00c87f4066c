#include "sekisho/urlfilter/from_settings.h"

#include "sekisho/urlfilter/moment.h"

namespace sekisho::urlfilter {

Result<UrlFilterConfig> filter_config(const config::UrlSettings& settings) {
    UrlFilterConfig config;
    config.lists = settings.lists;
    config.database = settings.database;
    config.admin_file = settings.admin_file;
    for (const auto& [name, action] : settings.categories) config.categories[name] = to_action(action);
    for (const config::UrlGroup& group : settings.groups) config.groups.push_back({group.name, group.clients});
    for (const config::UrlRule& rule : settings.rules) {
        std::uint64_t until = 0;
        if (!rule.until.empty()) {
            const auto read = parse_moment(rule.until);
            if (!read)
                return fail(ErrorCode::invalid, "'" + rule.until + "' is no time; write 2026-12-01T00:00:00Z",
                            "url.rules: " + rule.name);
            until = *read;
        }
        config.rules.push_back({rule.name, rule.groups, rule.categories, to_action(rule.action), rule.days, rule.hours, until, rule.reason});
    }
    return config;
}

}  // namespace sekisho::urlfilter
