#include "sekisho/foreign/framing.h"

#include <algorithm>

#include "foreign/limits.h"
#include "sekisho/base/text.h"

namespace sekisho::foreign {

void Framer::take(std::string_view octets, const std::function<void(std::string_view)>& give) {
    while (!octets.empty()) switch (state_) {
            case State::start: octets = take_start(octets); break;
            case State::count: octets = take_count(octets); break;
            case State::counted:
            case State::skip_counted: octets = take_counted(octets, give); break;
            case State::line:
            case State::skip_line: octets = take_line(octets, give); break;
        }
}

void Framer::end(const std::function<void(std::string_view)>& give) {
    if (state_ == State::line || state_ == State::count) give_held(give);
    state_ = State::start;
    held_.clear();
}

void Framer::give_held(const std::function<void(std::string_view)>& give) {
    const auto message = trim(held_);
    if (!message.empty()) {
        ++counts_.messages;
        give(message);
    }
    held_.clear();
}

/// A message begins with '<' (its PRI); a count begins with a digit that is not 0.
std::string_view Framer::take_start(std::string_view octets) noexcept {
    const char first = octets.front();
    if (first == '\n' || first == '\r' || first == '\0') return octets.substr(1);
    state_ = first >= '1' && first <= '9' ? State::count : State::line;
    return octets;
}

std::string_view Framer::take_count(std::string_view octets) {
    const char c = octets.front();
    if (c >= '0' && c <= '9' && held_.size() < kCountDigitsMax) {
        held_ += c;
        return octets.substr(1);
    }
    if (c != ' ') {  // no count: a line that begins with digits (squid's time, Palo Alto's "1,")
        state_ = State::line;
        return octets;
    }
    wanted_ = static_cast<std::size_t>(parse_int(held_, 1, 9'999'999).value_or(1));
    held_.clear();
    state_ = State::counted;
    if (wanted_ > kMessageMax) {
        ++counts_.too_long;
        state_ = State::skip_counted;
    }
    return octets.substr(1);
}

std::string_view Framer::take_counted(std::string_view octets, const std::function<void(std::string_view)>& give) {
    const std::size_t size = std::min(wanted_, octets.size());
    if (state_ == State::counted) held_ += octets.substr(0, size);
    wanted_ -= size;
    if (wanted_ == 0) {
        if (state_ == State::counted) give_held(give);
        state_ = State::start;
    }
    return octets.substr(size);
}

std::string_view Framer::take_line(std::string_view octets, const std::function<void(std::string_view)>& give) {
    const std::size_t end = std::min(octets.find_first_of(std::string_view("\n\0", 2)), octets.size());
    if (state_ == State::line && held_.size() + end > kMessageMax) {
        ++counts_.too_long;
        held_.clear();
        state_ = State::skip_line;
    }
    if (state_ == State::line) held_ += octets.substr(0, end);
    if (end == octets.size()) return {};
    if (state_ == State::line) give_held(give);
    state_ = State::start;
    return octets.substr(end + 1);
}

}  // namespace sekisho::foreign
