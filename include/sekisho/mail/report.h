// The monthly report: one HTML document that needs nothing else. Style and charts (SVG) stand in it; it has no script, no
// link and no picture, and a policy that forbids a browser to fetch any (Content-Security-Policy).
#pragma once

#include <string>

#include "sekisho/config/settings.h"
#include "sekisho/mail/figures.h"

namespace sekisho::mail {

/// @param language  ja or en; both is taken as ja
std::string report_html(const Figures& figures, config::MailLanguage language);

/// "2026-10": the month of the period's begin.
std::string month_text(const Period& period);

}  // namespace sekisho::mail
