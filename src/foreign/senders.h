// Who may send, how fast, and what came of it. One thread.
#pragma once

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>

#include "foreign/limits.h"
#include "sekisho/base/address.h"
#include "sekisho/foreign/listener.h"

namespace sekisho::foreign {

struct Sender {
    IpAddress address;
    std::string text;                   ///< its address for people
    std::optional<std::size_t> maker;   ///< nothing: guessed
    bool traffic = false;
    double allowance = 0;               ///< messages it may send now (token bucket, one second deep)
    std::chrono::steady_clock::time_point filled{};
    SenderCounts counts;
};

class Senders {
  public:
    struct Rule {
        Network network;
        std::optional<std::size_t> maker;
        bool traffic = false;
    };
    Senders(std::vector<Rule> rules, std::uint32_t rate) : rules_(std::move(rules)), rate_(rate) {}

    /// The sender of that address; null: not allowed, or there are too many.
    Sender* find(const IpAddress& address) {
        if (const auto known = senders_.find(address); known != senders_.end()) return &known->second;
        // Of networks that overlap the narrowest counts.
        const Rule* best = nullptr;
        for (const Rule& rule : rules_)
            if (rule.network.contains(address) && (best == nullptr || rule.network.prefix_bits > best->network.prefix_bits)) best = &rule;
        if (best == nullptr || senders_.size() >= kSendersMax) return nullptr;
        Sender& sender = senders_[address];
        sender.address = address;
        sender.text = sender.counts.address = address.to_string();
        sender.maker = best->maker;
        sender.traffic = best->traffic;
        sender.allowance = rate_;
        sender.filled = std::chrono::steady_clock::now();
        return &sender;
    }

    /// Whether one more message is within its rate; counted either way.
    bool admit(Sender& sender, std::chrono::steady_clock::time_point now) const noexcept {
        ++sender.counts.messages;
        const double seconds = std::chrono::duration<double>(now - sender.filled).count();
        sender.filled = now;
        sender.allowance = std::min<double>(rate_, sender.allowance + std::max(0.0, seconds) * rate_);
        if (sender.allowance < 1) {
            ++sender.counts.over_rate;
            return false;
        }
        sender.allowance -= 1;
        return true;
    }

    const std::map<IpAddress, Sender>& all() const noexcept { return senders_; }

  private:
    std::vector<Rule> rules_;
    double rate_;
    std::map<IpAddress, Sender> senders_;
};

}  // namespace sekisho::foreign
