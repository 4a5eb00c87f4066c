#include "sekisho/soc/fail_over.h"

#include <algorithm>
#include <utility>

#include "sekisho/base/clock.h"

namespace sekisho::soc {
namespace {

constexpr std::chrono::seconds kSettledMost{3600};

}  // namespace

FailOver::FailOver(std::string name, std::vector<std::string> members, std::chrono::seconds settled)
    : name_(std::move(name)), settled_(settled), settled_now_(settled) {
    for (std::string& member : members) members_.push_back({std::move(member), std::nullopt, false});
    status_.name = name_;
}

bool FailOver::has_turn(std::size_t member, SteadyTime now) {
    const std::lock_guard lock(mutex_);
    if (turn_ != member) return false;
    for (std::size_t i = 0; i < member; ++i) {
        const Member& better = members_[i];
        if (!better.well_since || now - *better.well_since < settled_now_) continue;
        reason_ = better.name + " is well again";
        returned_at_ = now;
        give_turn(i);
        return false;
    }
    return true;
}

Standing FailOver::standing(std::size_t member) const {
    const std::lock_guard lock(mutex_);
    return !turn_ || member <= *turn_ ? Standing::connected : Standing::closed;
}

void FailOver::well(std::size_t member, SteadyTime now) {
    const std::lock_guard lock(mutex_);
    Member& one = members_[member];
    one.has_failed = false;
    if (!one.well_since) one.well_since = now;
    if (!turn_) return give_turn(member);  // whether it takes messages is seen with the next batch
    if (turn_ != member) return;
    status_.undelivered_since.reset();
    if (const std::size_t before = std::exchange(serving_, member); before != member) {
        ++status_.switches;
        status_.last_switch =
            format_time(SystemClock().now(), true) + " " + one.name + " took over from " + members_[before].name + ": " + reason_;
    }
}

void FailOver::failed(std::size_t member, const Failure& failure, SteadyTime now) {
    const std::lock_guard lock(mutex_);
    Member& one = members_[member];
    const bool was_well = std::exchange(one.well_since, std::nullopt).has_value();
    if (failure.waits && !status_.undelivered_since) status_.undelivered_since = now;
    if (was_well && !failure.refused && !failure.silent) return;  // the link broke: it may be made anew
    one.has_failed = true;
    if (turn_ != member) return;
    const bool relapsed = returned_at_ && now - *returned_at_ < settled_now_;
    settled_now_ = relapsed ? std::min(settled_now_ * 2, std::max(settled_, kSettledMost)) : settled_;
    reason_ = failure.words;
    if (const auto next = stand_in(member)) give_turn(*next);
    else turn_.reset();
}

GroupStatus FailOver::status() const {
    const std::lock_guard lock(mutex_);
    GroupStatus now = status_;
    if (turn_) now.active = members_[*turn_].name;
    return now;
}

/// Those behind are not called any more: how they are will be found out when they are needed.
void FailOver::give_turn(std::size_t member) {
    turn_ = member;
    for (std::size_t i = member + 1; i < members_.size(); ++i) {
        members_[i].has_failed = false;
        members_[i].well_since.reset();
    }
}

std::optional<std::size_t> FailOver::stand_in(std::size_t failed) const {
    for (std::size_t i = 0; i < members_.size(); ++i)
        if (members_[i].well_since) return i;
    for (std::size_t i = failed + 1; i < members_.size(); ++i)
        if (!members_[i].has_failed) return i;
    return std::nullopt;
}

}  // namespace sekisho::soc
