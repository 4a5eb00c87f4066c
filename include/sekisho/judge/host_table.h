// Operating systems by their signs, with the end of their support, and makers of network cards
// (rules/hosts.yaml). Read at start, immutable since.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sekisho/base/address.h"
#include "sekisho/base/clock.h"
#include "sekisho/base/result.h"

namespace sekisho::judge {

class HostTable {
  public:
    struct System {
        std::string name;
        TimeNs support_ended = 0;  ///< end of the last supported day; 0: supported, or not known
        std::string ended_on;      ///< "2014-04-08"
    };

    /// Knows nothing: no machine has a system or a maker.
    HostTable() = default;
    /// @error invalid with file:line; not_found, io
    static Result<HostTable> load(const std::string& path);
    static Result<HostTable> parse(const std::string& text, const std::string& name);

    /// The system of a sign such as "ntlm 5.1.2600".  @return its number; the newest when several fit
    std::optional<std::uint16_t> by_sign(std::string_view kind, std::string_view text) const noexcept;
    std::optional<std::uint16_t> by_user_agent(std::string_view user_agent) const noexcept;
    const System& system(std::uint16_t number) const noexcept { return systems_[number]; }
    std::size_t systems() const noexcept { return systems_.size(); }

    /// Empty when the maker is not listed.
    std::string_view vendor(const MacAddress& mac) const noexcept;

  private:
    friend class HostTableReader;
    struct Mark {
        std::string text;          ///< "ntlm 5.1", or a word of a user agent
        std::uint16_t system = 0;
    };
    std::vector<System> systems_;
    std::vector<Mark> signs_, user_agents_;  ///< in the systems' order
    std::unordered_map<std::uint32_t, std::string> vendors_;
};

}  // namespace sekisho::judge
