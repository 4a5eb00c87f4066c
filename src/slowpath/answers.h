// What the control socket answers:
//
//   status                  one JSON object: up since when, rings, losses, alerts, queue, targets
//   counters                one JSON object: name -> number, flat
//   alerts [N] [KEY=VALUE...]    one alert a line, newest first, at most N (50; 1..1000); keys: severity (least),
//                           host, open (yes/no), since (seconds since the epoch), before (alert id, for paging)
//   alert ID                one JSON object: the alert, its history and its evidence
//   evidence ID             the evidence itself: a capture (pcapng, a section for each telling)
//   verify                  one JSON object: whether the chain of evidence holds
//   report MONTH LANGUAGE   the report of a month ("2026-10", "ja" or "en") as HTML
//   why ..., url-stats ...  see url_answers.h
//
// "alerts list" and "alerts show ID" say the same; a command may also come as one word with blanks.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sekisho/base/clock.h"
#include "sekisho/base/guarded.h"
#include "sekisho/control/message.h"
#include "sekisho/store/journal.h"
#include "slowpath/figure_maker.h"
#include "slowpath/published.h"
#include "slowpath/telling.h"
#include "slowpath/url_answers.h"

namespace sekisho::slowpath {

class Answers {
  public:
    /// @param journal  a connection of its own: the control thread never waits for the main loop
    Answers(std::string box, std::string evidence_folder, store::Journal journal, Telling& telling, Post* post, Guarded<Published>& published,
            TimeNs started, UrlAnswers urls, FigureMaker figures)
        : box_(std::move(box)),
          evidence_folder_(std::move(evidence_folder)),
          journal_(std::move(journal)),
          telling_(telling),
          post_(post),
          published_(published),
          started_(started),
          urls_(std::move(urls)),
          figures_(std::move(figures)) {}

    control::Reply answer(const control::Request& request);

  private:
    control::Reply status();
    control::Reply counters();
    control::Reply list(const std::vector<std::string>& args);
    control::Reply show(std::string_view word);
    control::Reply evidence(std::string_view word);
    control::Reply verify();
    control::Reply report(std::string_view month, std::string_view language);

    std::string box_, evidence_folder_;
    store::Journal journal_;
    Telling& telling_;
    Post* post_;  ///< may be nothing
    Guarded<Published>& published_;
    TimeNs started_;
    UrlAnswers urls_;
    FigureMaker figures_;
};

}  // namespace sekisho::slowpath
