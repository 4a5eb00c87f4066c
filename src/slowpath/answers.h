// What the control socket answers:
//
//   status                  one JSON object: up since when, rings, losses, alerts, queue, targets
//   counters                one JSON object: name -> number, flat
//   alerts [N] [KEY=VALUE...]    one alert a line, newest first, at most N (50; 1..1000); keys: severity (least),
//                           host, open (yes/no), since (seconds since the epoch), before (alert id, for paging)
//   alert ID                one JSON object: the alert, its history and its evidence
//   evidence ID             the evidence itself: a capture (pcapng, a section for each telling)
//   verify                  one JSON object: whether the chain of evidence holds
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
#include "sekisho/judge/judge.h"
#include "sekisho/store/journal.h"
#include "slowpath/evidence.h"
#include "slowpath/foreign_logs.h"
#include "slowpath/rings.h"
#include "slowpath/telling.h"
#include "slowpath/url_answers.h"

namespace sekisho::slowpath {

/// What the main loop publishes for others to read.
struct Published {
    judge::JudgeCounts judge;
    std::size_t open_stories = 0;
    std::vector<std::pair<std::string, std::uint64_t>> classes;
    std::vector<RingCounts> rings;
    std::uint64_t json_lines = 0, json_refused = 0;
    EvidenceKeeper::Counts evidence;
    std::optional<foreign::ListenerCounts> logs;
    std::uint64_t retired = 0;
    std::string trouble;  ///< why tellings do not reach the queue; empty: they do
};

class Answers {
  public:
    /// @param journal  a connection of its own: the control thread never waits for the main loop
    Answers(std::string box, std::string evidence_folder, store::Journal journal, Telling& telling, Post* post, Guarded<Published>& published,
            TimeNs started, UrlAnswers urls)
        : box_(std::move(box)),
          evidence_folder_(std::move(evidence_folder)),
          journal_(std::move(journal)),
          telling_(telling),
          post_(post),
          published_(published),
          started_(started),
          urls_(std::move(urls)) {}

    control::Reply answer(const control::Request& request);

  private:
    control::Reply status();
    control::Reply counters();
    control::Reply list(const std::vector<std::string>& args);
    control::Reply show(std::string_view word);
    control::Reply evidence(std::string_view word);
    control::Reply verify();

    std::string box_, evidence_folder_;
    store::Journal journal_;
    Telling& telling_;
    Post* post_;  ///< may be nothing
    Guarded<Published>& published_;
    TimeNs started_;
    UrlAnswers urls_;
};

}  // namespace sekisho::slowpath
