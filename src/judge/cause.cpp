#include "judge/cause.h"

#include <algorithm>

#include "judge/limits.h"
#include "sekisho/base/hash.h"
#include "sekisho/base/text.h"

namespace sekisho::judge {

using event::Event;
using event::Kind;
using event::Text;

namespace {

constexpr std::string_view kSidWord = "sid ", kUrlWord = "url ", kAnomalyWord = "anomaly ";

std::uint64_t rule_key(std::uint32_t gid, std::uint32_t sid) noexcept {
    return hash_mix(static_cast<std::uint64_t>(gid) << 32 | sid, 0x9e3779b97f4a7c15ULL);
}
std::uint64_t name_key(std::string_view word, std::string_view name) noexcept {
    return hash_bytes(as_bytes(name.substr(0, kTextMax)), word.size());
}

}  // namespace

std::uint64_t cause_key(const Event& e, Cause cause) noexcept {
    if (cause != Cause::signature) return 0;
    if (e.kind == Kind::alert) return rule_key(e.gid, e.sid);
    return e.kind == Kind::url ? name_key(kUrlWord, e.get(Text::category)) : name_key(kAnomalyWord, e.get(Text::reason));
}

std::string cause_words(const Event& e, const ClassFacts& cls) {
    if (cls.cause != Cause::signature) return "class " + cls.name;
    if (e.kind == Kind::alert) return std::string(kSidWord) + std::to_string(e.gid) + ":" + std::to_string(e.sid);
    const bool url = e.kind == Kind::url;
    const auto name = e.get(url ? Text::category : Text::reason).substr(0, kTextMax);
    return std::string(url ? kUrlWord : kAnomalyWord) + std::string(name);
}

std::uint64_t cause_key(std::string_view words, Cause cause) noexcept {
    if (cause != Cause::signature) return 0;
    if (words.starts_with(kSidWord)) {
        const auto numbers = words.substr(kSidWord.size());
        const auto colon = std::min(numbers.find(':'), numbers.size());
        const auto gid = parse_int(numbers.substr(0, colon), 0, 0xffffffffLL);
        const auto sid = parse_int(numbers.substr(std::min(colon + 1, numbers.size())), 0, 0xffffffffLL);
        return rule_key(static_cast<std::uint32_t>(gid.value_or(0)), static_cast<std::uint32_t>(sid.value_or(0)));
    }
    for (const auto word : {kUrlWord, kAnomalyWord})
        if (words.starts_with(word)) return name_key(word, words.substr(word.size()));
    return 0;
}

StoryKey story_key(const IpAddress& host, event::Bearing bearing, ClassId id, Cause cause, std::uint64_t key) noexcept {
    const bool nobodys = cause == Cause::site && (bearing == event::Bearing::inbound || bearing == event::Bearing::transit);
    return {nobodys ? IpAddress{} : host, key, id, bearing};
}

}  // namespace sekisho::judge
