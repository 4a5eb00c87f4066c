#include "slowpath/planner.h"

#include "sekisho/base/log.h"
#include "sekisho/mail/letters.h"
#include "sekisho/mail/schedule.h"
#include "slowpath/limits.h"

namespace sekisho::slowpath {
namespace {

using mail::Occasion;

struct Form {
    mail::Letter (*letter)(const mail::Figures&, const mail::Writer&);
    bool config::MailRecipient::*wanted;
};

/// By occasion.
constexpr Form kForms[] = {{&mail::digest_letter, &config::MailRecipient::digest},
                           {&mail::sign_of_life_letter, &config::MailRecipient::sign_of_life},
                           {&mail::report_letter, &config::MailRecipient::report}};

}  // namespace

Planner::Planner(const config::Settings& settings, Post& post, FigureMaker figures)
    : settings_(settings.mail), post_(post), figures_(std::move(figures)), writer_{settings.box_name, settings.mail.language} {
    thread_ = std::thread([this] { run(); });
}

Planner::~Planner() {
    rest_.stop();
    thread_.join();
}

void Planner::run() {
    std::string trouble;
    for (; !rest_.stopping(); rest_.sleep(kPlanEvery)) {
        std::string now_wrong;
        for (const Occasion occasion : mail::kOccasions)
            if (const auto done = look(occasion, SystemClock().now()); !done) now_wrong = std::string(to_string(occasion)) + ": " + done.error().message();
        if (!now_wrong.empty() && now_wrong != trouble) log::error("mail: " + now_wrong);
        trouble = now_wrong;
    }
}

Status Planner::look(Occasion occasion, TimeNs now) {
    const std::string name(to_string(occasion));
    const auto kept = post_.last_due(name);
    if (!kept) return fail(kept.error());
    const mail::Fire fire = mail::fire(occasion, settings_, *kept, now);
    if (!fire.now) return *kept == fire.mark ? Status{} : post_.write(name, fire.mark, {}, kForms[0].wanted);
    const mail::Period period = mail::period_of(occasion, *kept, fire.mark);
    const auto figures = figures_.make(period);
    if (!figures) return fail(figures.error());
    const Form& form = kForms[static_cast<std::size_t>(occasion)];
    // A digest of nothing is no news; the weekly sign of life says that nothing is.
    if (occasion == Occasion::digest && figures->all_alerts() == 0) return post_.write(name, fire.mark, {}, form.wanted);
    return post_.write(name, fire.mark, form.letter(*figures, writer_), form.wanted);
}

}  // namespace sekisho::slowpath
