// `report`: the monthly report, as the slow path makes it for its letters.
#include <ostream>

#include "cli/commands/commands.h"
#include "cli/daemon.h"
#include "sekisho/base/clock.h"
#include "sekisho/base/file_text.h"
#include "sekisho/base/local_time.h"

namespace sekisho::cli {
namespace {

std::string last_month() {
    const LocalTime today = local_time(SystemClock().now());
    return date_text(local_time(local_moment({.year = today.year, .month = today.month - 1}))).substr(0, 7);
}

}  // namespace

Exit make_report(Context& context, const Words&) {
    const auto* settings = context.settings();
    if (!settings) return Exit::failed;
    std::string month = context.option("--month"), language = context.option("--language");
    const std::string file = context.option("--output");
    if (month.empty()) month = last_month();
    if (language.empty()) language = settings->mail.language == config::MailLanguage::en ? "en" : "ja";
    const auto html = ask(*settings, Daemon::slowpath, {"report", {month, language}}, kReloadWithin);
    if (!html) return context.refuse(html.error());
    if (file.empty()) {
        context.out << *html;
        return Exit::done;
    }
    if (const auto written = write_file_atomic(file, *html); !written) return context.refuse(written.error());
    context.out << "report of " << month << ": " << file << "\n";
    return Exit::done;
}

}  // namespace sekisho::cli
