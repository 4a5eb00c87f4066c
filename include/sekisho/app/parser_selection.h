// Which protocols are followed, and how far: an admin may switch one off or have it recognised only.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "sekisho/app/parser.h"

namespace sekisho::app {

/// How far a protocol is followed. `recognised`: rules and records name it, its content is not parsed. `off`: its
/// conversations are of an unknown protocol.
enum class Following : std::uint8_t { parsed, recognised, off };

/// A protocol that there is a parser or a recogniser for, by the name that rules use.
std::optional<Protocol> followed_protocol(std::string_view name) noexcept;

/// The lines of the parser table that take part, in the table's order. A value; made by the control plane, read by one worker.
class ParserSelection {
  public:
    ParserSelection();

    /// @param transport  tcp, udp or both
    void follow(Protocol protocol, Transport transport, Following following);

    /// Those to ask about a conversation over `transport` (tcp or udp).
    std::span<const Parser* const> asked(Transport transport) const noexcept { return asked_[index(transport)]; }
    /// Null: there is none, or it is off.
    const Parser* find(Protocol protocol, Transport transport) const noexcept;
    bool parses(const Parser& parser, Transport transport) const noexcept {
        return parser.parse != nullptr && at(parser.protocol, transport) == Following::parsed;
    }

  private:
    static constexpr std::size_t kProtocols = static_cast<std::size_t>(Protocol::count_);
    static std::size_t index(Transport transport) noexcept { return transport == Transport::udp ? 1 : 0; }
    Following at(Protocol protocol, Transport transport) const noexcept {
        return following_[index(transport)][static_cast<std::size_t>(protocol)];
    }
    void list(Transport transport);

    std::array<std::array<Following, kProtocols>, 2> following_{};
    std::array<std::vector<const Parser*>, 2> asked_;
};

}  // namespace sekisho::app
