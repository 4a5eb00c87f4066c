// The URL-category filter: one immutable object, part of the engine's policy. Admin entries decide first,
// then the category lists, and among each the most specific entry. A name in several categories gets the
// strictest of their actions.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sekisho/base/result.h"
#include "sekisho/urlfilter/database.h"

namespace sekisho::urlfilter {

enum class Action : std::uint8_t { allow, alert, block };  // in order of strictness

struct UrlFilterConfig {
    std::vector<std::string> lists;            ///< folders of category lists (squidGuard layout)
    std::string admin_file;                    ///< allow / deny entries; empty or absent: none
    std::map<std::string, Action> categories;  ///< by category name; not named: allow
    std::vector<ListSource> sources;           ///< further lists, before those of the folders
};

/// What the filter says of a host and path.
struct Decision {
    static constexpr std::uint16_t kNoCategory = 0;
    static constexpr std::uint16_t kAdminAllow = 1;
    static constexpr std::uint16_t kAdminDeny = 2;

    Action action = Action::allow;
    std::uint16_t category = kNoCategory;  ///< of the deciding line; `Filter::category_name` tells it
    std::uint16_t path_bytes = 0;          ///< of the normalised path, when a path decided
    std::uint32_t line = 0;                ///< opaque: for `Filter::origin_text`
    std::string_view host;                 ///< the part of the caller's host that the entry names
    bool listed() const noexcept { return category != kNoCategory; }
};

class Filter {
  public:
    /// Reads and compiles everything. A missing admin file is an empty one; a missing list folder or an
    /// unreadable list is an error (a filter that silently lost a list would let through what it blocked).
    /// @thread control plane      @error not_found, io, limit, invalid (a category set for the admin's own)
    static Result<std::unique_ptr<Filter>> build(const UrlFilterConfig& config, BuildReport& report);

    /// @param host  as sent: any case, port, trailing dot, userinfo, brackets; any length and content
    /// @param path  request target as sent, or empty     @return views into `host`
    /// @thread any; no allocation, no lock
    Decision decide(std::string_view host, std::string_view path) const noexcept;

    /// "malware"; "admin-allow" and "admin-deny" for the admin's own; "" for kNoCategory.
    std::string_view category_name(std::uint16_t category) const noexcept;
    std::size_t category_count() const noexcept { return actions_.size(); }
    Action category_action(std::uint16_t category) const noexcept;

    /// List and line that decided, "ut1/malware/domains:1204"; "" when nothing is listed.
    std::string origin_text(const Decision& decision) const;
    /// Every line that names the deciding entry, "category (list:line)", for `url test`.
    std::vector<std::string> all_origins(std::string_view host, std::string_view path) const;

    std::uint64_t entries() const noexcept { return lists_.entries() + admin_.entries(); }
    std::size_t memory_bytes() const noexcept { return lists_.image_bytes() + admin_.image_bytes(); }

  private:
    Filter(Database admin, Database lists) : admin_(std::move(admin)), lists_(std::move(lists)) {}
    Decision judge(const Database& database, const Match& match, std::string_view host,
                   const HostName& name) const noexcept;

    Database admin_;
    Database lists_;
    std::vector<Action> actions_;  // by category id: none, the admin's two, then the lists'
};

std::string_view to_string(Action action) noexcept;

}  // namespace sekisho::urlfilter
