// Applications: asks nDPI about each conversation until it has decided, and what the settings want of the answer. Once
// decided a conversation costs one comparison a packet.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sekisho/appid/app_id.h"
#include "sekisho/config/settings.h"
#include "sekisho/detect/matcher.h"
#include "sekisho/packet/packet.h"
#include "session.h"

namespace sekisho::engine {

/// The settings about applications, by nDPI's number. Part of the policy: immutable, shared by the workers.
class ApplicationControl {
  public:
    struct Rule {
        config::ApplicationAction action = config::ApplicationAction::allow;
        std::uint8_t group = kNone;   ///< index into appid::groups()
        static constexpr std::uint8_t kNone = 255;
    };

    /// @param unknown  gets a line for each name that nDPI or the groups do not have   @error unavailable
    static Result<std::unique_ptr<const ApplicationControl>> build(const config::ApplicationSettings& settings,
                                                                   std::vector<std::string>& unknown);

    /// What is said of the application; where nothing is, of the protocol below it.
    Rule of(const appid::Answer& answer) const noexcept;

  private:
    std::vector<Rule> by_number_;
};

/// One per pipeline.
class ApplicationWatch {
  public:
    /// @param records  flows looked at at the same time; 0: nobody is asked
    explicit ApplicationWatch(std::size_t records);

    bool running() const noexcept { return library_ != nullptr; }
    /// Shows one packet of a conversation that is not known yet. @return true when it is known with this packet
    bool see(const packet::Packet& packet, flow::Direction direction, flow::Session& session) noexcept;
    /// The conversation ends: what was borrowed is given back, after a last guess.
    void end(flow::Session& session) noexcept;
    /// What rules may ask for.
    void tell(const flow::Session& session, bool fresh, detect::PacketContext& context) const noexcept;

    std::string_view name(const appid::Answer& answer) const noexcept { return library_->name(answer); }
    std::string_view protocol_name(const appid::Answer& answer) const noexcept { return library_->protocol_name(answer); }
    std::string_view category_name(const appid::Answer& answer) const noexcept { return library_->category_name(answer); }
    const Counters<appid::AppIdCounter>* counters() const noexcept { return running() ? &library_->counters() : nullptr; }

  private:
    std::unique_ptr<appid::AppId> library_;
    std::array<std::uint16_t, static_cast<std::size_t>(app::Protocol::count_)> own_{};  ///< numbers of what our parsers name
    std::vector<std::uint32_t> name_ids_;  ///< by number
};

}  // namespace sekisho::engine
