// Figures of a period for people, read from the disk: alerts, URL decisions, how the SOC hears us. Connections of its own, so
// that no thread waits for another. One thread at a time.
#pragma once

#include <string>

#include "sekisho/base/guarded.h"
#include "sekisho/config/settings.h"
#include "sekisho/mail/figures.h"
#include "sekisho/store/journal.h"
#include "sekisho/store/url_book.h"
#include "slowpath/published.h"
#include "slowpath/telling.h"

namespace sekisho::slowpath {

class FigureMaker {
  public:
    /// @param telling, published  outlive this
    static Result<FigureMaker> open(const config::Settings& settings, const std::string& url_book, Telling& telling, Guarded<Published>& published);

    /// @cost  reads each alert seen since the period's begin: some seconds for a million
    Result<mail::Figures> make(mail::Period period);

  private:
    FigureMaker(std::string box, store::Journal journal, store::UrlBook book, Telling& telling, Guarded<Published>& published)
        : box_(std::move(box)), journal_(std::move(journal)), book_(std::move(book)), telling_(&telling), published_(&published) {}
    void add_soc(mail::Figures& figures);

    std::string box_;
    store::Journal journal_;
    store::UrlBook book_;
    Telling* telling_;
    Guarded<Published>* published_;
};

}  // namespace sekisho::slowpath
