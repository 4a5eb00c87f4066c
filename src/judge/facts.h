// What an event means for us, before any ranking: whose machine, which way, what came of it so far.
#pragma once

#include <optional>
#include <string_view>

#include "judge/behind.h"
#include "judge/home_net.h"
#include "sekisho/base/address.h"
#include "sekisho/event/alert.h"
#include "sekisho/event/event.h"
#include "sekisho/judge/severity_table.h"

namespace sekisho::judge {

struct Facts {
    event::Bearing bearing = event::Bearing::transit;
    event::Outcome outcome = event::Outcome::unknown;
    bool answered = false;         ///< the other end has spoken, as far as the event tells
    IpAddress host;                ///< our machine, or the machine called when neither is ours
    IpAddress peer;
    std::optional<IpAddress> via;  ///< the proxy between, when the machine behind it is known
    std::string_view via_how;
};

/// @param legs  notes what the event tells of inner legs; asked who stands behind a proxy
Facts facts_of(const event::Event& event, const HomeNet& home, const ClassFacts& cls, Legs& legs) noexcept;

/// What an HTTP status says of an attack that went by: refused, or not known.
event::Outcome outcome_of_status(std::uint32_t status) noexcept;

}  // namespace sekisho::judge
