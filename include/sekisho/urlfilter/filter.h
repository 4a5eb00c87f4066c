// The URL-category filter: one immutable object, part of the engine's policy. Admin entries decide first, then the
// category lists and their expressions. What a category means depends on who asks and when: rules in order, then
// what stands for the category as a whole. A name in several categories gets the strictest of their actions.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sekisho/base/result.h"
#include "sekisho/signature/pattern_db.h"
#include "sekisho/urlfilter/client.h"
#include "sekisho/urlfilter/database.h"
#include "sekisho/urlfilter/schedule.h"

namespace sekisho::urlfilter {

enum class Action : std::uint8_t { allow, alert, warn, block };  // in order of strictness

/// For these clients, of these categories, at these times: this action. Of several that fit the first counts.
struct FilterRule {
    std::string name;
    std::vector<std::string> groups;      ///< empty: every client
    std::vector<std::string> categories;  ///< "*": every listed one; "unlisted": names in no list
    Action action = Action::block;
    std::string days, hours;              ///< see Schedule
    std::uint64_t until_s = 0;            ///< seconds since 1970; 0: without end
    std::string reason;
};

struct FilterGroup {
    std::string name;
    std::vector<std::string> members;  ///< see ClientGroups
};

struct UrlFilterConfig {
    std::vector<std::string> lists;            ///< folders of category lists (squidGuard layout)
    std::string database;                      ///< compiled lists (`url update`); empty or absent: none
    std::string admin_file;                    ///< allow / deny entries; empty or absent: none
    std::map<std::string, Action> categories;  ///< by category name; not named: allow
    std::vector<FilterGroup> groups;
    std::vector<FilterRule> rules;             ///< at most 256
    std::vector<ListSource> sources;           ///< further lists, before those of the folders
};

struct Query {
    std::string_view host;  ///< as sent: any case, port, trailing dot, userinfo, brackets; any length and content
    std::string_view path;  ///< request target as sent, or empty
    Client client = {};
    std::uint64_t now_s = 0;                         ///< seconds since 1970
    signature::PatternScratch* scratch = nullptr;    ///< null: expressions are not looked at
};

/// What the filter says of a host and path.
struct Decision {
    static constexpr std::uint16_t kNoCategory = 0;
    static constexpr std::uint16_t kAdminAllow = 1;
    static constexpr std::uint16_t kAdminDeny = 2;
    static constexpr std::uint16_t kUnlisted = 3;

    Action action = Action::allow;
    std::uint16_t category = kNoCategory;  ///< of the deciding line; `Filter::category_name` tells it
    std::uint16_t path_bytes = 0;          ///< of the normalised path, when a path decided
    std::uint16_t rule = 0;                ///< number of the rule that decided, from 1; 0: none
    std::uint8_t layer = 0;                ///< opaque: for `Filter::origin_text`
    std::uint32_t line = 0;                ///< opaque, too
    std::string_view host;                 ///< the part of the caller's host that the entry names
    bool listed() const noexcept { return category != kNoCategory && category != kUnlisted; }
};

/// One line behind a decision, for people.
struct OriginInfo {
    std::string category, source;
    std::uint32_t line = 0;
    std::uint32_t date_s = 0;  ///< of the list; 0: not known
    Action action = Action::allow;
    std::string rule;          ///< name of the rule that gives the action; empty: none
};

struct CategoryInfo {
    std::string name;
    Action action = Action::allow;
    std::uint64_t lines = 0;   ///< of all its lists
    std::uint32_t date_s = 0;  ///< of the newest one
};

class Filter {
  public:
    static constexpr std::size_t kRulesMax = 256;
    static constexpr std::size_t kOriginTextMax = 300;

    /// Reads and compiles everything. A missing admin file is an empty one, a missing database none; a missing list
    /// folder or an unreadable list is an error (a filter that silently lost a list would let through what it blocked).
    /// @thread control plane      @error not_found, io, limit, invalid
    static Result<std::unique_ptr<Filter>> build(const UrlFilterConfig& config, BuildReport& report);
    ~Filter();

    /// @return views into the query's host     @thread any, one scratch each; no allocation, no lock
    Decision decide(const Query& query) const noexcept;
    Decision decide(std::string_view host, std::string_view path) const noexcept { return decide({host, path}); }

    /// "malware"; "admin-allow", "admin-deny" and "unlisted" for our own; "" for kNoCategory.
    std::string_view category_name(std::uint16_t category) const noexcept;
    std::size_t category_count() const noexcept { return actions_.size(); }
    Action category_action(std::uint16_t category) const noexcept;
    std::string_view rule_name(std::uint16_t rule) const noexcept;  ///< "" for 0
    std::string_view rule_reason(std::uint16_t rule) const noexcept;

    /// List and line that decided, "ut1/malware/domains:1204"; "" when nothing is listed. Written into `out`.
    std::string_view origin_text(const Decision& decision, std::span<char, kOriginTextMax> out) const noexcept;
    std::string origin_text(const Decision& decision) const;
    /// Every line that names the deciding entry, for `url test`.
    std::vector<OriginInfo> all_origins(const Query& query) const;
    std::vector<CategoryInfo> categories() const;

    /// All expressions in one database; null when there are none. Scratch must know it.
    const signature::PatternDb* patterns() const noexcept { return patterns_.get(); }
    std::int64_t local_time(std::uint64_t utc_s) const noexcept { return clock_.local(utc_s); }

    std::uint64_t entries() const noexcept;
    std::size_t memory_bytes() const noexcept;

  private:
    struct Layer;
    struct CompiledRule;
    struct Judging;
    struct LineRef {
        std::uint8_t layer;
        std::uint32_t line;
    };
    Filter();
    Status add_layers(const UrlFilterConfig& config, BuildReport& report);
    Status add_layer(Database database);
    Status read_admin_ends(const std::string& path);
    Status compile_expressions();
    Status compile_rules(const UrlFilterConfig& config, BuildReport& report);
    std::uint16_t category_of(std::uint8_t layer, std::uint32_t line) const noexcept;
    void consider(Judging& judging, LineRef ref, std::uint16_t path_bytes, std::string_view host) const noexcept;
    void scan_expressions(Judging& judging) const noexcept;
    Action action_of(const Judging& judging, std::uint16_t category, std::uint16_t& rule) const noexcept;
    static bool admin_entry_holds(const void* judging, const Match& match) noexcept;

    std::vector<Layer> layers_;  // the admin's first
    std::vector<std::string> names_;   // by category id: none, our own, then the lists'
    std::vector<Action> actions_;      // by category id
    std::vector<CompiledRule> rules_;
    ClientGroups groups_;
    LocalClock clock_;
    bool rules_for_unlisted_ = false;
    std::unique_ptr<signature::PatternDb> patterns_;
    std::vector<LineRef> pattern_lines_;  // by pattern id
};

std::string_view to_string(Action action) noexcept;

}  // namespace sekisho::urlfilter
