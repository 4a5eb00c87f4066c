#include "slowpath/telling.h"

#include <unistd.h>

#include "sekisho/soc/format.h"
#include "slowpath/limits.h"

namespace sekisho::slowpath {

/// One target's view of the queue.
class Telling::TargetOutbox final : public soc::Outbox {
  public:
    TargetOutbox(store::SocQueue& queue, const config::SyslogTarget& target)
        : queue_(queue), name_(target.name), dialect_(soc::dialect_index(target.format)) {}

    Result<std::vector<soc::OutMessage>> pending(std::size_t limit) override {
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

  private:
    store::SocQueue& queue_;
    const std::string name_;
    const std::size_t dialect_;
};

Telling::Telling(const config::Settings& settings, store::SocQueue queue)
    : box_(settings.box_name), spoken_(soc::dialects().size()), queue_(std::move(queue)) {
    for (const auto& target : settings.slowpath.soc) {
        spoken_[soc::dialect_index(target.format)] = true;
        outboxes_.push_back(std::make_unique<TargetOutbox>(queue_, target));
        senders_.push_back(std::make_unique<soc::Sender>(target, *outboxes_.back()));
    }
}
Telling::~Telling() = default;

Result<std::unique_ptr<Telling>> Telling::open(const config::Settings& settings) {
    std::vector<std::string> names;
    for (const auto& target : settings.slowpath.soc) names.push_back(target.name);
    auto queue = store::SocQueue::open(settings.slowpath.queue_file, names, settings.slowpath.queue_max);
    if (!queue) return fail(queue.error());
    return std::unique_ptr<Telling>(new Telling(settings, std::move(*queue)));
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
    if (auto done = journal.told(untold->back().number); !done) return fail(done.error());
    for (auto& sender : senders_) sender->wake();
    return untold->size() == kTellBatch;
}

std::vector<std::pair<soc::SenderStatus, std::uint64_t>> Telling::targets() {
    std::vector<std::pair<soc::SenderStatus, std::uint64_t>> all;
    for (const auto& sender : senders_) {
        auto status = sender->status();
        const auto waiting = queue_.waiting(status.name);
        all.emplace_back(std::move(status), waiting.value_or(0));
    }
    return all;
}

}  // namespace sekisho::slowpath
