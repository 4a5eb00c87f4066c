#include "mail/page.h"
#include "mail/tongue.h"
#include "sekisho/base/local_time.h"
#include "sekisho/mail/letters.h"
#include "sekisho/mail/report.h"

namespace sekisho::mail {
namespace {

using Facts = std::vector<std::pair<std::string, std::string>>;

std::string number(std::uint64_t value) { return std::to_string(value); }

std::string period_text(const Period& period) {
    return date_time_text(local_time(period.from)) + " - " + date_time_text(local_time(period.until));
}

std::string ranks_text(const BySeverity& alerts, Tongue tongue) {
    std::string text;
    for (std::size_t rank = alerts.size(); rank-- > 0;)
        text.append(text.empty() ? "" : ", ").append(kSeverityWords[rank].in(tongue)).append(" ").append(number(alerts[rank]));
    return text;
}

Section sums(const Figures& figures, Tongue tongue) {
    Section section;
    section.facts = {{Words{"期間", "Period"}.in(tongue), period_text(figures.period)},
                     {Words{"アラート", "Alerts"}.in(tongue), ranks_text(figures.alerts, tongue)},
                     {Words{"その中の通信", "Events in them"}.in(tongue),
                      number(figures.events) + " (" + Words{"うち遮断 ", "stopped: "}.in(tongue) + number(figures.stopped) + ")"}};
    std::uint64_t stopped = 0;
    for (const auto& [name, urls] : figures.urls) stopped += urls.stopped;
    section.facts.emplace_back(Words{"URLフィルターが止めたアクセス", "Stopped by the URL filter"}.in(tongue), number(stopped));
    section.facts.emplace_back(Words{"サポートが終わった機器", "Devices out of support"}.in(tongue), number(figures.unsupported().size()));
    return section;
}

Section soc_section(const Figures& figures, Tongue tongue) {
    Section section;
    section.heading = Words{"SOCへの通知", "Delivery to the SOC"}.in(tongue);
    if (figures.soc.empty()) section.sentences = {Words{"SOCは設定されていません。", "No SOC is set up."}.in(tongue)};
    for (const SocFigures& target : figures.soc)
        section.facts.emplace_back(target.name, target.state + Words{"、未送信 ", ", waiting: "}.in(tongue) + number(target.waiting));
    if (figures.soc_lost != 0) section.facts.emplace_back(Words{"あふれて失われた通知", "Lost, the queue was full"}.in(tongue), number(figures.soc_lost));
    return section;
}

Section told_section(const Figures& figures, Tongue tongue) {
    Section section;
    if (figures.told.empty()) return section;
    section.heading = Words{"アラート（重い順）", "Alerts, the worst first"}.in(tongue);
    for (const event::Alert& alert : figures.told)
        section.facts.emplace_back(std::string(severity_word(alert.severity, tongue)) + " #" + number(alert.id),
                                   in(tongue, alert.title) + " (" + outcome_word(alert.outcome, tongue) + ")");
    if (figures.all_alerts() > figures.told.size())
        section.facts.emplace_back("...", Words{"このほか ", "and more: "}.in(tongue) + number(figures.all_alerts() - figures.told.size()));
    return section;
}

struct Kind {
    Words title;
    Words opening;
    bool lists_alerts = false;
};

Letter letter_of(const Kind& kind, const std::string& mark, const Figures& figures, const Writer& writer) {
    std::string subject = "[Sekisho " + writer.box + "] ";
    std::vector<Page> pages;
    for (const Tongue tongue : tongues(writer.language)) {
        subject.append(pages.empty() ? "" : " / ").append(kind.title.in(tongue)).append(" ").append(mark);
        Page page{code(tongue), std::string(kind.title.in(tongue)) + ": " + writer.box, {}};
        page.sections.push_back({{}, {kind.opening.in(tongue)}, {}});
        page.sections.push_back(sums(figures, tongue));
        if (kind.lists_alerts) page.sections.push_back(told_section(figures, tongue));
        page.sections.push_back(soc_section(figures, tongue));
        page.sections.push_back({{}, {}, {{Words{"版", "Version"}.in(tongue), "Sekisho " + figures.version}}});
        pages.push_back(std::move(page));
    }
    return {std::move(subject), as_text(pages), as_html(pages), {}, false};
}

std::string end_day(const Figures& figures) { return date_text(local_time(figures.period.until)); }

}  // namespace

Letter digest_letter(const Figures& figures, const Writer& writer) {
    static constexpr Kind kKind{{"まとめ", "Digest"},
                                {"前回のまとめ以降のアラートです。すぐに知らせなかったものも含みます。",
                                 "All alerts since the last digest, those included that nobody was told of at once."},
                                true};
    const std::string sums_up = " (" + number(figures.all_alerts()) + ")";
    return letter_of(kKind, end_day(figures) + sums_up, figures, writer);
}

Letter sign_of_life_letter(const Figures& figures, const Writer& writer) {
    static constexpr Kind kKind{{"動作確認", "Sign of life"},
                                {"このボックスは動いています。このメールは毎週届きます。届かないときは、ボックスかメールに問題があります。",
                                 "This box works. This mail comes each week: when it does not come, the box or its mail is in trouble."},
                                false};
    return letter_of(kKind, end_day(figures), figures, writer);
}

Letter report_letter(const Figures& figures, const Writer& writer) {
    static constexpr Kind kKind{{"月次報告", "Monthly report"},
                                {"月次報告を添付します。ブラウザーで開いてください。", "The report of the month is attached: open it in a browser."},
                                false};
    const std::string month = month_text(figures.period);
    Letter letter = letter_of(kKind, month, figures, writer);
    for (const Tongue tongue : tongues(writer.language))
        letter.attachments.push_back({"sekisho-report-" + month + "-" + code(tongue) + ".html",
                                      report_html(figures, tongue == Tongue::ja ? config::MailLanguage::ja : config::MailLanguage::en)});
    return letter;
}

}  // namespace sekisho::mail
