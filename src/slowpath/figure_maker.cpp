#include "slowpath/figure_maker.h"

#include "sekisho/base/local_time.h"

namespace sekisho::slowpath {
namespace {

constexpr std::size_t kAlertsAtOnce = 500;

}  // namespace

Result<FigureMaker> FigureMaker::open(const config::Settings& settings, const std::string& url_book, Telling& telling, Guarded<Published>& published) {
    auto journal = store::Journal::open(settings.slowpath.database);
    if (!journal) return fail(journal.error());
    auto book = store::UrlBook::open(url_book);
    if (!book) return fail(book.error());
    return FigureMaker(settings.box_name, std::move(*journal), std::move(*book), telling, published);
}

Result<mail::Figures> FigureMaker::make(mail::Period period) {
    mail::Figures figures = mail::begin_figures(box_, SEKISHO_VERSION, period);
    store::AlertFilter filter{.since_ns = period.from, .limit = kAlertsAtOnce};
    for (bool more = true; more;) {
        const auto alerts = journal_.list(filter);
        if (!alerts) return fail(alerts.error());
        for (const event::Alert& alert : *alerts) mail::count(figures, alert);
        more = alerts->size() == kAlertsAtOnce;
        if (more) filter.before_id = alerts->back().id;
    }
    const auto first = date_text(local_time(period.from)), last = date_text(local_time(period.until > 0 ? period.until - 1 : 0));
    const auto urls = book_.totals(first, last);
    if (!urls) return fail(urls.error());
    for (const store::UrlCount& one : *urls) figures.urls[one.category] = {one.stopped, one.passed};
    add_soc(figures);
    return figures;
}

void FigureMaker::add_soc(mail::Figures& figures) {
    for (const auto& [target, waiting] : telling_->targets())
        figures.soc.push_back({target.name, std::string(to_string(target.state)), target.last_error, waiting});
    if (const auto queue = telling_->queue_counts())
        for (const std::uint64_t dropped : queue->dropped) figures.soc_lost += dropped;
    figures.events_lost = published_->with([](const Published& p) {
        std::uint64_t lost = 0;
        for (const RingCounts& ring : p.rings) lost += ring.lost;
        return lost;
    });
}

}  // namespace sekisho::slowpath
