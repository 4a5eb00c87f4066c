// Reputation of addresses, as Suricata's iprep lists give it: categories with a short name, and a score from 0 to 127
// for an address or network in a category. Read by the control plane, immutable, looked up on the packet path.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sekisho/base/address.h"
#include "sekisho/base/result.h"

namespace sekisho::signature {

/// The scores of one category.
class ReputationList {
  public:
    /// The score of the narrowest entry that holds the address. @cost a binary search, no allocation  @thread any
    std::optional<std::uint8_t> score(const IpAddress& ip) const noexcept;

  private:
    friend class Reputation;
    struct Entry {
        IpAddress first, last;
        std::uint8_t score = 0;
    };
    /// Nested entries become stretches that do not overlap; of equal ones the last counts.
    void flatten();
    std::vector<Entry> entries_;
};

class Reputation {
  public:
    /// "1,BadHosts,Known bad hosts": number (1 to 60), short name, description. @error invalid with the line
    Status add_categories(std::string_view text, const std::string& name);
    /// "1.2.3.4,1,101" or "2001:db8::/32,2,30": address or network, number of the category, score (0 to 127).
    /// Categories come first. @error invalid with the line; limit
    Status add_entries(std::string_view text, const std::string& name);
    /// Call when all is read.
    void finish();

    /// By its short name; null: no such category.
    std::shared_ptr<const ReputationList> category(std::string_view short_name) const noexcept;

  private:
    std::map<std::string, std::shared_ptr<ReputationList>, std::less<>> by_name_;
    std::map<std::uint32_t, std::shared_ptr<ReputationList>> by_number_;
    std::size_t entries_ = 0;
};

}  // namespace sekisho::signature
