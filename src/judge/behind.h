// Which of our machines stands behind a proxy or resolver of ours. Two witnesses: the leg from the machine to
// the proxy, when we saw it ask for the same name shortly before; and the proxy's own word (X-Forwarded-For,
// or Forwarded, RFC 7239). Both bounded.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "judge/home_net.h"
#include "judge/recent_table.h"
#include "sekisho/event/event.h"

namespace sekisho::judge {

/// How a machine was found. `how` is told to people; sure: high, medium, low.
struct Behind {
    IpAddress client;
    std::string_view how;
};

class Legs {
  public:
    /// @param trusted  proxies of ours whose headers are believed; empty: any machine of ours that sends them
    Legs(std::vector<IpAddress> trusted, const HomeNet& home);

    /// Notes an event between two machines of ours that names a host elsewhere: a leg to a proxy or resolver.
    void note(const event::Event& event) noexcept;

    /// The machine on whose behalf `proxy` (a client of ours) made the event.
    std::optional<Behind> find(const event::Event& event, const IpAddress& proxy) noexcept;

    /// True for a request that a machine of ours sends to a proxy or resolver of ours, to be carried out elsewhere.
    static bool asks_to_forward(const event::Event& event) noexcept;

  private:
    struct Leg {
        IpAddress client;
        TimeNs at = 0;
        bool several = false;  ///< different machines asked for this name lately
    };
    std::optional<IpAddress> by_header(std::string_view header) const noexcept;
    static std::uint64_t key(const IpAddress& proxy, std::string_view name) noexcept;

    std::vector<IpAddress> trusted_;
    const HomeNet& home_;
    RecentTable<Leg> legs_;
};

/// The host name an event is about, lower-case letters as sent: HTTP host, TLS or DNS name.
std::string_view name_in(const event::Event& event) noexcept;

}  // namespace sekisho::judge
