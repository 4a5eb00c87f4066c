// What to tell people (rules/messages.yaml), in Japanese and English: per class a title and advice (what
// happened, is it still going on, what to do in the next ten minutes, whom to call), and the words for the
// facts a rank was decided by. Everything in braces is checked when the file is read.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "sekisho/base/result.h"
#include "sekisho/event/alert.h"

namespace sekisho::judge {

/// Facts that a reason is made of. Their names in the file are those in messages.cpp.
enum class Fact : std::uint8_t {
    inbound, outbound, fetched, lateral, transit,  // in event::Bearing's order
    cls,          ///< {text}: the class
    events,       ///< {n}
    blocked,      ///< {n} of {m} events stopped here
    answered,     ///< {n}
    status,       ///< {n} the HTTP status, {m} octets of the answer
    refused,      ///< {n} events that the other end refused or did not answer
    called_back,
    ended,        ///< a later packet of the conversation was dropped
    days,         ///< {n}
    total,        ///< {n}
    hosts,        ///< {n}
    os,           ///< {text}
    via,          ///< {text} the proxy, {more} how the machine behind it was found
    reported,     ///< {text} another maker's box and its address
    count_,
};
constexpr std::size_t kFacts = static_cast<std::size_t>(Fact::count_);

/// What a fact's words are filled with.
struct FactValues {
    std::uint64_t n = 0, m = 0;
    std::string_view text = {}, more = {};
};

class Messages {
  public:
    /// @error invalid with file:line, for an unknown word in braces too; not_found, io
    static Result<Messages> load(const std::string& path);
    static Result<Messages> parse(const std::string& text, const std::string& name);

    /// Sets the alert's title, advice and guide from its class ("default" when the class has none).
    void tell(event::Alert& alert) const;

    /// Appends a fact's words to both tongues, after a separator when there are some already.
    void add(event::BothTongues& to, Fact fact, const FactValues& values = {}) const;
    /// True when the file has words for facts.
    bool has_facts() const noexcept { return !facts_[0].en.empty(); }

  private:
    friend class MessagesReader;
    struct Entry {
        event::BothTongues title, happened, advice, call;
    };
    const Entry* entry_of(const std::string& class_name) const;

    std::map<std::string, Entry, std::less<>> entries_;
    std::array<event::BothTongues, static_cast<std::size_t>(event::Outcome::count_)> going_on_;
    std::array<event::BothTongues, 4> labels_;  ///< of the parts of advice
    std::array<event::BothTongues, kFacts> facts_;
};

}  // namespace sekisho::judge
