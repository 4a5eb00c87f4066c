// What the letters say. Pure: facts in, texts out.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "sekisho/config/settings.h"
#include "sekisho/event/alert.h"
#include "sekisho/mail/figures.h"
#include "sekisho/mail/message.h"

namespace sekisho::mail {

struct Letter {
    std::string subject, text, html;
    std::vector<Attachment> attachments;
    bool urgent = false;
};

/// Who writes, and in which language.
struct Writer {
    std::string box;
    config::MailLanguage language = config::MailLanguage::both;
};

/// Alerts of one moment in one letter, the worst first.
/// @param alerts  at least one
Letter alert_letter(std::span<const event::Alert> alerts, const Writer& writer);

/// What came since the last digest: sums, and the alerts, worst first.
Letter digest_letter(const Figures& figures, const Writer& writer);

/// That the box is alive, what it saw, and whether the SOC hears it.
Letter sign_of_life_letter(const Figures& figures, const Writer& writer);

/// The report of a month as attachments, one a language, and its sums as the letter.
Letter report_letter(const Figures& figures, const Writer& writer);

/// Shows that mail arrives.
Letter test_letter(const Writer& writer);

}  // namespace sekisho::mail
