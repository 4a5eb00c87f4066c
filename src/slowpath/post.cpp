#include "slowpath/post.h"

#include <algorithm>
#include <random>

#include "sekisho/base/log.h"
#include "sekisho/base/text.h"
#include "sekisho/mail/message.h"
#include "sekisho/mail/schedule.h"
#include "slowpath/limits.h"

namespace sekisho::slowpath {
namespace {

constexpr std::string_view kRankNames[] = {"low", "medium", "high"};

/// For the Message-ID: the same letter that arrives twice shows as one.
std::string letter_id(TimeNs now) {
    std::random_device random;
    const std::uint32_t parts[] = {random(), random(), random()};
    return std::to_string(now / kSecondNs) + "." + hex(parts, sizeof parts);
}

bool for_people(const event::Alert& alert) { return alert.severity == event::Severity::high || alert.notice; }

void put_by_rank(event::JsonWriter& json, std::string_view key, const std::array<std::uint64_t, 3>& counts) {
    json.begin_object(key);
    for (std::size_t i = counts.size(); i-- > 0;) json.field(kRankNames[i], counts[i]);
    json.end_object();
}

}  // namespace

/// The sender's view of the queue.
class Post::DiskOutbox final : public mail::Outbox {
  public:
    DiskOutbox(store::MailQueue& queue, std::uint32_t give_up_hours) : queue_(queue), give_up_ns_(give_up_hours * 3600 * kSecondNs) {}

    Result<std::optional<mail::OutLetter>> next() override {
        const TimeNs now = SystemClock().now();
        if (const auto gone = queue_.give_up(now > give_up_ns_ ? now - give_up_ns_ : 0); !gone) return fail(gone.error());
        else if (*gone != 0) log::error("mail: " + std::to_string(*gone) + " letters are given up, the server did not take them");
        auto letter = queue_.next(now);
        if (!letter) return fail(letter.error());
        if (!*letter) return std::optional<mail::OutLetter>{};
        return std::optional(mail::OutLetter{(*letter)->number, std::move((*letter)->to), std::move((*letter)->message), (*letter)->tries});
    }
    Status delivered(std::uint64_t number) override { return queue_.delivered(number); }
    Status postpone(std::uint64_t number, std::chrono::seconds later) override {
        return queue_.postpone(number, SystemClock().now() + to_ns(later));
    }

  private:
    store::MailQueue& queue_;
    const TimeNs give_up_ns_;
};

Post::Post(const config::Settings& settings, store::MailQueue queue)
    : settings_(settings.mail),
      box_(settings.box_name),
      queue_(std::move(queue)),
      outbox_(std::make_unique<DiskOutbox>(queue_, settings.mail.give_up_hours)),
      sender_(std::make_unique<mail::Sender>(settings.mail, settings.box_name, *outbox_)) {}
Post::~Post() = default;

Result<std::unique_ptr<Post>> Post::open(const config::Settings& settings) {
    if (settings.mail.host.empty()) return std::unique_ptr<Post>();
    auto queue = store::MailQueue::open(settings.mail.queue_file, settings.mail.queue_max);
    if (!queue) return fail(queue.error());
    return std::unique_ptr<Post>(new Post(settings, std::move(*queue)));
}

std::vector<store::MailItem> Post::letters_of(const mail::Letter& letter, event::Severity rank, TimeNs now, TimeNs not_before,
                                              bool config::MailRecipient::*wanted) const {
    std::vector<store::MailItem> items;
    for (const config::MailRecipient& recipient : settings_.recipients) {
        if (!(recipient.*wanted)) continue;
        auto message = mail::compose({.from = settings_.from, .to = recipient.address, .subject = letter.subject, .text = letter.text,
                                      .html = letter.html, .attachments = letter.attachments, .date = now, .id = letter_id(now), .urgent = letter.urgent});
        if (message) items.push_back({rank, not_before, recipient.address, std::move(*message)});
        else log::error("mail: " + message.error().message());
    }
    return items;
}

void Post::take(const std::vector<store::Telling>& tellings) {
    if (tellings.empty() && held_.empty()) return;
    held_.insert(held_.end(), tellings.begin(), tellings.end());
    note(write_held());
}

Status Post::write_held() {
    const auto last = queue_.last_telling();
    if (!last) return fail(last.error());
    std::vector<event::Alert> high, others;
    for (const store::Telling& telling : held_) {
        if (telling.number <= *last || !for_people(telling.alert)) continue;
        (telling.alert.severity == event::Severity::high ? high : others).push_back(telling.alert);
    }
    const TimeNs now = SystemClock().now();
    const mail::Writer writer{box_, settings_.language};
    std::vector<store::MailItem> items;
    if (!high.empty()) items = letters_of(mail::alert_letter(high, writer), event::Severity::high, now, now, &config::MailRecipient::alerts);
    if (!others.empty()) {
        const auto rank = std::max_element(others.begin(), others.end(), [](const auto& a, const auto& b) { return a.severity < b.severity; })->severity;
        auto more = letters_of(mail::alert_letter(others, writer), rank, now, mail::quiet_until(settings_, now), &config::MailRecipient::alerts);
        items.insert(items.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
    }
    if (auto done = queue_.put_alerts(held_.back().number, items, now); !done) return done;
    held_.clear();
    if (!items.empty()) sender_->wake();
    return {};
}

Status Post::write(const std::string& occasion, TimeNs due, const std::optional<mail::Letter>& letter, bool config::MailRecipient::*wanted) {
    const TimeNs now = SystemClock().now();
    std::vector<store::MailItem> items;
    if (letter) items = letters_of(*letter, event::Severity::medium, now, mail::quiet_until(settings_, now), wanted);
    if (auto done = queue_.put_occasion(occasion, due, items, now); !done) return done;
    if (!items.empty()) sender_->wake();
    return {};
}

void Post::note(const Status& done) {
    if (held_.size() > kPostHeldMax) {  // the disk refuses: what matters least goes
        std::stable_sort(held_.begin(), held_.end(), [](const auto& a, const auto& b) { return a.alert.severity < b.alert.severity; });
        lost_ += held_.size() - kPostHeldMax;
        held_.erase(held_.begin(), held_.end() - static_cast<std::ptrdiff_t>(kPostHeldMax));
        std::sort(held_.begin(), held_.end(), [](const auto& a, const auto& b) { return a.number < b.number; });
    }
    const std::string words = done ? std::string() : done.error().message();
    const bool news = trouble_.with([&](Trouble& trouble) {
        const bool first = trouble.words.empty() && !words.empty();
        trouble = {words, held_.size(), lost_};
        return first;
    });
    if (news) log::error("mail queue: " + words);
}

void Post::put_status(event::JsonWriter& json) {
    const mail::SenderStatus sender = sender_->status();
    const Trouble trouble = trouble_.with([](const Trouble& t) { return t; });
    json.begin_object("mail");
    json.field("server", settings_.host + ":" + std::to_string(settings_.port));
    json.field("state", sender.waiting ? "waiting" : "ready");
    json.field("delivered", sender.delivered);
    json.field("failed", sender.failed);
    json.field("refused", sender.refused);
    if (const auto counts = queue_.counts()) {
        json.field("waiting", counts->held);
        put_by_rank(json, "queued", counts->queued);
        put_by_rank(json, "dropped", counts->dropped);
        put_by_rank(json, "given_up", counts->given_up);
    } else {
        json.field("trouble", counts.error().message());
    }
    json.field_if("queue_trouble", trouble.words);
    if (trouble.held != 0) json.field("held_in_memory", trouble.held);
    if (trouble.lost != 0) json.field("lost", trouble.lost);
    json.field_if("last_answer", sender.last_answer);
    json.field_if("last_error", sender.last_error);
    json.end_object();
}

}  // namespace sekisho::slowpath
