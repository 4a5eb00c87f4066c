#include "slowpath/telling.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "sekisho/soc/format.h"
#include "slowpath/limits.h"

namespace sekisho::slowpath {

namespace {

soc::FailOver::SteadyTime now() { return std::chrono::steady_clock::now(); }

struct Group {
    std::string name;
    std::vector<std::string> members;
};

/// Groups in the order of their first members; the members' order is their rank.
std::vector<Group> groups_of(const std::vector<config::SyslogTarget>& targets) {
    std::vector<Group> groups;
    for (const auto& target : targets) {
        if (target.group.empty()) continue;
        auto group = std::find_if(groups.begin(), groups.end(), [&](const Group& g) { return g.name == target.group; });
        if (group == groups.end()) group = groups.insert(group, {target.group, {}});
        group->members.push_back(target.name);
    }
    return groups;
}

/// A target's place in its group; a target that stands alone has always its turn.
struct Membership {
    soc::FailOver* group = nullptr;
    std::size_t rank = 0;
};

}  // namespace

/// One target's view of the queue.
class Telling::TargetOutbox final : public soc::Outbox {
  public:
    TargetOutbox(store::SocQueue& queue, const config::SyslogTarget& target, Membership member)
        : queue_(queue), name_(target.name), dialect_(soc::dialect_index(target.format)), member_(member) {}

    Result<std::vector<soc::OutMessage>> pending(std::size_t limit) override {
        if (member_.group && !member_.group->has_turn(member_.rank, now())) return std::vector<soc::OutMessage>();
        auto messages = queue_.pending(name_, dialect_, limit);
        if (!messages) return fail(messages.error());
        std::vector<soc::OutMessage> out;
        out.reserve(messages->size());
        for (auto& message : *messages)
            out.push_back({message.number, message.offered ? soc::mark_resent(std::move(message.text)) : std::move(message.text)});
        return out;
    }
    Status offer(std::uint64_t up_to_number) override { return queue_.offer(name_, up_to_number); }
    Status confirm(std::uint64_t up_to_number) override { return queue_.confirm(name_, up_to_number); }

    soc::Standing standing() override { return member_.group ? member_.group->standing(member_.rank) : soc::Standing::as_needed; }
    void went_well() override {
        if (member_.group) member_.group->well(member_.rank, now());
    }
    void failed(const soc::Failure& failure) override {
        if (member_.group) member_.group->failed(member_.rank, failure, now());
    }

  private:
    store::SocQueue& queue_;
    const std::string name_;
    const std::size_t dialect_;
    const Membership member_;
};

Telling::Telling(const config::Settings& settings, store::SocQueue queue, Post* post)
    : box_(settings.box_name), spoken_(soc::dialects().size()), queue_(std::move(queue)), post_(post) {
    for (const auto& target : settings.slowpath.soc) spoken_[soc::dialect_index(target.format)] = true;
    const std::vector<Group> groups = groups_of(settings.slowpath.soc);
    for (const Group& group : groups)
        groups_.push_back(std::make_unique<soc::FailOver>(group.name, group.members, std::chrono::seconds(settings.slowpath.soc_return_seconds)));
    const auto membership = [&](const config::SyslogTarget& target) -> Membership {
        for (std::size_t i = 0; i < groups.size(); ++i) {
            if (groups[i].name != target.group) continue;
            const auto& members = groups[i].members;
            const auto rank = std::find(members.begin(), members.end(), target.name) - members.begin();
            return {groups_[i].get(), static_cast<std::size_t>(rank)};
        }
        return {};
    };
    for (const auto& target : settings.slowpath.soc) {
        const Membership member = membership(target);
        soc::SenderSettings pace;
        if (member.group) pace.patience = std::chrono::seconds(settings.slowpath.soc_fail_over_seconds);
        outboxes_.push_back(std::make_unique<TargetOutbox>(queue_, target, member));
        senders_.push_back(std::make_unique<soc::Sender>(target, *outboxes_.back(), pace));
    }
}
Telling::~Telling() = default;

Result<std::unique_ptr<Telling>> Telling::open(const config::Settings& settings, Post* post) {
    std::vector<store::QueueTarget> targets;
    for (const auto& target : settings.slowpath.soc) targets.push_back({target.name, target.group});
    auto queue = store::SocQueue::open(settings.slowpath.queue_file, targets, settings.slowpath.queue_max);
    if (!queue) return fail(queue.error());
    return std::unique_ptr<Telling>(new Telling(settings, std::move(*queue), post));
}

store::DialectTexts Telling::texts(const event::Alert& alert, std::uint64_t number) const {
    static_assert(std::tuple_size_v<store::DialectTexts> == store::kDialects);
    store::DialectTexts all;
    const soc::Envelope envelope{box_, number, static_cast<std::uint32_t>(::getpid())};
    const auto dialects = soc::dialects();
    for (std::size_t i = 0; i < dialects.size() && i < all.size(); ++i)
        if (spoken_[i]) all[i] = dialects[i].format(alert, envelope);
    return all;
}

Result<bool> Telling::move(store::Journal& journal) {
    const auto untold = journal.untold(kTellBatch);
    if (!untold) return fail(untold.error());
    if (untold->empty()) return false;
    // Without targets there is nobody to tell; a queue nobody empties would only grow stale.
    if (!senders_.empty()) {
        std::vector<store::QueueItem> items;
        for (const store::Telling& telling : *untold)
            items.push_back({telling.number, telling.alert.severity,
                             [this, &telling](std::uint64_t number) { return texts(telling.alert, number); }});
        if (const auto put = queue_.put(items); !put) return fail(put.error());
    }
    if (post_) post_->take(*untold);
    if (auto done = journal.told(untold->back().number); !done) return fail(done.error());
    for (auto& sender : senders_) sender->wake();
    return untold->size() == kTellBatch;
}

std::vector<soc::SenderStatus> Telling::senders() const {
    std::vector<soc::SenderStatus> all;
    for (const auto& sender : senders_) all.push_back(sender->status());
    return all;
}

std::vector<soc::GroupStatus> Telling::groups() const {
    std::vector<soc::GroupStatus> all;
    for (const auto& group : groups_) all.push_back(group->status());
    return all;
}

std::vector<std::pair<soc::SenderStatus, std::uint64_t>> Telling::targets() {
    std::vector<std::pair<soc::SenderStatus, std::uint64_t>> all;
    for (auto& status : senders()) {
        const auto waiting = queue_.waiting(status.name);
        all.emplace_back(std::move(status), waiting.value_or(0));
    }
    return all;
}

}  // namespace sekisho::slowpath
