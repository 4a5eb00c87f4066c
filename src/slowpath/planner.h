// Letters that the calendar asks for: a thread that looks at it, makes the figures and hands the letters to the post.
#pragma once

#include <memory>
#include <thread>

#include "sekisho/base/retry.h"
#include "slowpath/figure_maker.h"
#include "slowpath/post.h"

namespace sekisho::slowpath {

class Planner {
  public:
    /// Starts the thread. @param post  outlives this
    Planner(const config::Settings& settings, Post& post, FigureMaker figures);
    ~Planner();
    Planner(const Planner&) = delete;
    Planner& operator=(const Planner&) = delete;

  private:
    void run();
    Status look(mail::Occasion occasion, TimeNs now);

    const config::MailSettings settings_;
    Post& post_;
    FigureMaker figures_;
    const mail::Writer writer_;
    Rest rest_;
    std::thread thread_;  // last: it uses the others
};

}  // namespace sekisho::slowpath
