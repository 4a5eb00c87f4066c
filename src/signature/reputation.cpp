#include "sekisho/signature/reputation.h"

#include <algorithm>

#include "sekisho/base/text.h"

namespace sekisho::signature {
namespace {

constexpr std::int64_t kCategoryMax = 60;
constexpr std::int64_t kScoreMax = 127;
constexpr std::size_t kEntriesMax = 10'000'000;  // over all categories

/// Lines that say something, with their numbers; ends at the first that `take` refuses.
template <class Take>
Status each_line(std::string_view text, const std::string& name, Take take) {
    std::size_t number = 0;
    for (const auto raw : split(text, '\n')) {
        ++number;
        const auto line = trim(raw);
        if (line.empty() || line.front() == '#') continue;
        if (auto done = take(line); !done)
            return fail(done.error().code, done.error().what, name + ":" + std::to_string(number));
    }
    return {};
}

IpAddress before(IpAddress ip) noexcept {
    for (std::size_t i = ip.octets.size(); i-- > 0;)
        if (ip.octets[i]-- != 0) break;
    return ip;
}
IpAddress after(IpAddress ip) noexcept {
    for (std::size_t i = ip.octets.size(); i-- > 0;)
        if (++ip.octets[i] != 0) break;
    return ip;
}

}  // namespace

std::optional<std::uint8_t> ReputationList::score(const IpAddress& ip) const noexcept {
    auto it = std::upper_bound(entries_.begin(), entries_.end(), ip,
                               [](const IpAddress& value, const Entry& entry) { return value < entry.first; });
    if (it == entries_.begin() || (--it)->last < ip) return std::nullopt;
    return it->score;
}

void ReputationList::flatten() {
    // Wide before narrow at the same start; of equal ones the later stays behind, and so on top.
    std::stable_sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) {
        return a.first != b.first ? a.first < b.first : b.last < a.last;
    });
    std::vector<Entry> flat, open;
    IpAddress at;
    const auto close_until = [&](const IpAddress& limit, bool all) {
        while (!open.empty() && (all || open.back().last < limit)) {
            const Entry top = open.back();
            open.pop_back();
            if (top.last < at) continue;
            flat.push_back({std::max(at, top.first), top.last, top.score});
            at = after(top.last);
        }
    };
    for (const Entry& entry : entries_) {
        close_until(entry.first, false);
        if (!open.empty() && std::max(at, open.back().first) < entry.first)
            flat.push_back({std::max(at, open.back().first), before(entry.first), open.back().score});
        at = entry.first;
        open.push_back(entry);
    }
    close_until({}, true);
    entries_ = std::move(flat);
}

Status Reputation::add_categories(std::string_view text, const std::string& name) {
    return each_line(text, name, [this](std::string_view line) -> Status {
        const auto words = split(line, ',');
        const auto number = parse_int(trim(words[0]), 1, kCategoryMax);
        if (!number || words.size() < 2 || trim(words[1]).empty())
            return fail(ErrorCode::invalid, "the form is 'number,short name,description' with a number from 1 to " +
                                                std::to_string(kCategoryMax));
        auto& list = by_number_[static_cast<std::uint32_t>(*number)];
        if (!list) list = std::make_shared<ReputationList>();
        by_name_[std::string(trim(words[1]))] = list;
        return {};
    });
}

Status Reputation::add_entries(std::string_view text, const std::string& name) {
    return each_line(text, name, [this](std::string_view line) -> Status {
        const auto words = split(line, ',');
        if (words.size() != 3) return fail(ErrorCode::invalid, "the form is 'address,category,score'");
        const auto network = Network::parse(trim(words[0]));
        const auto number = parse_int(trim(words[1]), 1, kCategoryMax);
        const auto score = parse_int(trim(words[2]), 0, kScoreMax);
        if (!network) return fail(ErrorCode::invalid, "'" + std::string(trim(words[0])) + "' is not an address or network");
        const auto list = number ? by_number_.find(static_cast<std::uint32_t>(*number)) : by_number_.end();
        if (list == by_number_.end())
            return fail(ErrorCode::invalid, "'" + std::string(trim(words[1])) + "' is not the number of a category");
        if (!score) return fail(ErrorCode::invalid, "'" + std::string(trim(words[2])) + "' is not a score from 0 to 127");
        if (++entries_ > kEntriesMax) return fail(ErrorCode::limit, "more than " + std::to_string(kEntriesMax) + " entries");
        ReputationList::Entry entry{network->address, network->address, static_cast<std::uint8_t>(*score)};
        for (std::size_t bit = network->prefix_bits; bit < 128; ++bit) {
            const auto mask = static_cast<std::uint8_t>(0x80u >> bit % 8);
            entry.first.octets[bit / 8] = static_cast<std::uint8_t>(entry.first.octets[bit / 8] & ~mask);
            entry.last.octets[bit / 8] = static_cast<std::uint8_t>(entry.last.octets[bit / 8] | mask);
        }
        list->second->entries_.push_back(entry);
        return {};
    });
}

void Reputation::finish() {
    for (auto& [number, list] : by_number_) list->flatten();
}

std::shared_ptr<const ReputationList> Reputation::category(std::string_view short_name) const noexcept {
    const auto found = by_name_.find(short_name);
    return found == by_name_.end() ? nullptr : found->second;
}

}  // namespace sekisho::signature
