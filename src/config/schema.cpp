#include "config/schema.h"

#include <algorithm>
#include <array>
#include <vector>

#include "config/keys/keys.h"
#include "config/words.h"

namespace sekisho::config {
namespace {

constexpr std::array kSections{
    Section{"fastpath",
            "The packet path: ports, workers, memory, and what happens when something is full."},
    Section{"rules", "Signatures: which files, and what the admin changed."},
    Section{"url", "The URL-category filter: lists, and what to do with each category."},
    Section{"applications", "What conversations are used for, as nDPI tells it, and what is allowed."},
    Section{"slowpath", "Alerts: how they are judged, kept and sent to the SOC."},
    Section{"logs", "Logs of other makers' boxes and proxies, judged like our own events."},
    Section{"orders", "Orders of the SOC to cut a host off: off unless its key is named."},
    Section{"mail", "Mail to people: alerts, digests, a sign of life, the monthly report. Off unless a server is named."},
};

std::string number_in(const Range& range) {
    if (range.min == range.max) return std::to_string(range.min);
    return "a number from " + std::to_string(range.min) + " to " + std::to_string(range.max);
}

std::string at_most(std::string_view kind, const Range& range) {
    return std::string(kind) + " with " + std::to_string(range.min) + " to " +
           std::to_string(range.max) + " entries";
}

struct Allowed {
    const Key& key;

    std::string operator()(const bool*) const { return "true or false"; }
    std::string operator()(const std::uint16_t*) const { return number_in(key.range); }
    std::string operator()(const std::uint32_t*) const { return number_in(key.range); }
    std::string operator()(const std::string*) const { return std::string(key.shape->allowed); }
    template <class E>
    std::string operator()(const E*) const {
        return all_words<E>();
    }
    std::string operator()(const std::vector<std::string>*) const {
        return at_most("a list", key.range) + ", each " + std::string(key.shape->allowed);
    }
    std::string operator()(const std::vector<unsigned>*) const {
        return "a list of numbers, each from " + std::to_string(key.range.min) + " to " + std::to_string(key.range.max);
    }
    std::string operator()(const std::map<std::string, std::string>*) const {
        return at_most("NAME: VALUE lines", key.range);
    }
    std::string operator()(const std::map<std::string, UrlAction>*) const {
        return at_most("CATEGORY: ACTION lines", key.range) + ", the action " +
               all_words<UrlAction>();
    }
    std::string operator()(const std::map<std::string, ApplicationAction>*) const {
        return at_most("NAME: ACTION lines", key.range) + ", the action " + all_words<ApplicationAction>();
    }
    std::string operator()(const Items&) const { return at_most("a list of groups", key.range); }
};

}  // namespace

std::span<const Key> all_keys() noexcept {
    static const std::vector<Key> kAll = [] {
        std::vector<Key> all;
        for (const auto keys : {house_keys(), url_keys(), slowpath_keys(), logs_keys(), orders_keys(), mail_keys()}) all.insert(all.end(), keys.begin(), keys.end());
        return all;
    }();
    return kAll;
}

std::span<const Section> all_sections() noexcept { return kSections; }

const Key* find_key(std::string_view path) noexcept {
    const std::span<const Key> keys = all_keys();
    const auto found = std::find_if(keys.begin(), keys.end(), [path](const Key& key) { return key.path == path; });
    return found == keys.end() ? nullptr : &*found;
}

const Section* find_section(std::string_view path) noexcept {
    const auto found = std::find_if(kSections.begin(), kSections.end(),
                                    [path](const Section& one) { return one.path == path; });
    return found == kSections.end() ? nullptr : &*found;
}

std::string allowed_values(const Key& key) {
    Settings scratch;
    scratch.fastpath.ports.resize(1);
    scratch.fastpath.pairs.resize(1);
    scratch.slowpath.soc.resize(1);
    scratch.logs.senders.resize(1);
    scratch.mail.recipients.resize(1);
    scratch.url.sources.resize(1);
    scratch.url.groups.resize(1);
    scratch.url.rules.resize(1);
    return std::visit(Allowed{key}, key.slot(scratch, 0));
}

}  // namespace sekisho::config
