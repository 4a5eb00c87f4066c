// Syslog messages out of a stream of octets: octet counting and line ends (RFC 6587 sections 3.4.1 and 3.4.2),
// told apart at each message by its first octet, as rsyslog and syslog-ng do.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace sekisho::foreign {

class Framer {
  public:
    struct Counts {
        std::uint64_t messages = 0;
        std::uint64_t too_long = 0;  ///< thrown away whole
    };

    /// Takes the next octets of the stream, gives each message that is complete, without its frame.
    /// @param give  the view is valid during the call
    /// @cost        each octet is copied at most once; holds at most one message of kMessageMax
    void take(std::string_view octets, const std::function<void(std::string_view)>& give);

    /// The stream ended: what has no line end yet is a message as well, unless its count was not reached.
    void end(const std::function<void(std::string_view)>& give);

    const Counts& counts() const noexcept { return counts_; }

  private:
    enum class State : std::uint8_t { start, count, counted, line, skip_counted, skip_line };
    std::string_view take_start(std::string_view octets) noexcept;
    std::string_view take_count(std::string_view octets);
    std::string_view take_counted(std::string_view octets, const std::function<void(std::string_view)>& give);
    std::string_view take_line(std::string_view octets, const std::function<void(std::string_view)>& give);
    void give_held(const std::function<void(std::string_view)>& give);

    State state_ = State::start;
    std::size_t wanted_ = 0;  ///< octets still to come of a counted message
    std::string held_;
    Counts counts_;
};

}  // namespace sekisho::foreign
