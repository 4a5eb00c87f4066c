#include <algorithm>

#include "mail/page.h"
#include "mail/tongue.h"
#include "sekisho/base/local_time.h"
#include "sekisho/base/text.h"
#include "sekisho/mail/letters.h"

namespace sekisho::mail {
namespace {

using event::Alert;

constexpr std::size_t kAlertsTold = 20;  // of one letter; a person reads no more at once
constexpr std::size_t kPeersTold = 3;

std::string number(std::uint64_t value) { return std::to_string(value); }

std::string host_text(const Alert& alert) {
    std::string text = alert.host.to_string();
    if (!alert.host_name.empty()) text = alert.host_name + " (" + text + ")";
    if (!alert.host_os.empty()) text += ", " + alert.host_os;
    if (alert.mac) text += ", " + alert.mac->to_string();
    return text;
}

std::string peers_text(const Alert& alert, Tongue tongue) {
    std::string text = alert.target;
    const std::size_t shown = std::min(alert.peers.size(), kPeersTold);
    for (std::size_t i = 0; i < shown; ++i) text.append(text.empty() ? "" : ", ").append(alert.peers[i].to_string());
    if (alert.peers.size() > shown || alert.peers_more != 0) text += Words{" など", " and others"}.in(tongue);
    return text;
}

std::string times_text(const Alert& alert) {
    return date_time_text(local_time(alert.first_ns)) + " - " + date_time_text(local_time(alert.last_ns));
}

Section section_of(const Alert& alert, Tongue tongue) {
    Section section;
    section.heading = std::string("[") + severity_word(alert.severity, tongue) + "] " + in(tongue, alert.title);
    const std::string& guide = in(tongue, alert.guide);
    for (const auto line : split(guide.empty() ? in(tongue, alert.advice) : guide, '\n'))
        if (!line.empty()) section.sentences.emplace_back(line);
    auto& facts = section.facts;
    const auto fact = [&](Words name, std::string value) {
        if (!value.empty()) facts.emplace_back(name.in(tongue), std::move(value));
    };
    fact({"機器", "Device"}, host_text(alert));
    fact({"結果", "Outcome"}, outcome_word(alert.outcome, tongue));
    fact({"判定の理由", "Why this rank"}, in(tongue, alert.reason));
    fact({"相手", "Other end"}, peers_text(alert, tongue));
    fact({"時刻", "Seen"}, times_text(alert));
    fact({"件数", "Events"}, number(alert.count) + " (" + Words{"うち遮断 ", "stopped: "}.in(tongue) + number(alert.blocked) + ")");
    fact({"報告元", "Reported by"}, alert.reported_by);
    if (alert.folded_medium + alert.folded_low != 0)
        fact({"前回以降、知らせなかったもの", "Not told since the last notice"},
             std::string(severity_word(event::Severity::medium, tongue)) + " " + number(alert.folded_medium) + ", " +
                 severity_word(event::Severity::low, tongue) + " " + number(alert.folded_low));
    fact({"番号", "Number"}, number(alert.id) + Words{"（詳しくは sekisho alerts show ", " (more: sekisho alerts show "}.in(tongue) + number(alert.id) +
                               Words{"）", ")"}.in(tongue));
    return section;
}

std::string subject_of(const std::vector<const Alert*>& alerts, const Writer& writer) {
    std::string text = "[Sekisho " + writer.box + "] ";
    bool first = true;
    for (const Tongue tongue : tongues(writer.language)) {
        const Alert& worst = *alerts.front();
        text.append(first ? "" : " / ").append(severity_word(worst.severity, tongue)).append(": ").append(in(tongue, worst.title));
        if (alerts.size() > 1) text += Words{" ほか", " and "}.in(tongue) + number(alerts.size() - 1) + Words{"件", " more"}.in(tongue);
        first = false;
    }
    return text;
}

}  // namespace

Letter alert_letter(std::span<const Alert> alerts, const Writer& writer) {
    std::vector<const Alert*> sorted;
    for (const Alert& alert : alerts) sorted.push_back(&alert);
    std::stable_sort(sorted.begin(), sorted.end(), [](const Alert* a, const Alert* b) { return a->severity > b->severity; });
    const std::size_t told = std::min(sorted.size(), kAlertsTold);
    std::vector<Page> pages;
    for (const Tongue tongue : tongues(writer.language)) {
        Page page{code(tongue), std::string(Words{"セキュリティ通知: ", "Security notice: "}.in(tongue)) + writer.box, {}};
        for (std::size_t i = 0; i < told; ++i) page.sections.push_back(section_of(*sorted[i], tongue));
        if (told < sorted.size())
            page.sections.push_back({{}, {Words{"このほかの件数: ", "Further alerts: "}.in(tongue) + number(sorted.size() - told) + " (sekisho alerts)"}, {}});
        pages.push_back(std::move(page));
    }
    return {subject_of(sorted, writer), as_text(pages), as_html(pages), {}, sorted.front()->severity == event::Severity::high};
}

Letter test_letter(const Writer& writer) {
    std::vector<Page> pages;
    std::string subject = "[Sekisho " + writer.box + "] ";
    for (const Tongue tongue : tongues(writer.language)) {
        constexpr Words kTitle{"テストメール", "Test mail"};
        subject.append(pages.empty() ? "" : " / ").append(kTitle.in(tongue));
        pages.push_back({code(tongue), kTitle.in(tongue), {{{}, {Words{"このメールが届けば、このボックスからの通知も届きます。", "If this mail arrives, the notices of this box will arrive as well."}.in(tongue)}, {}}}});
    }
    return {std::move(subject), as_text(pages), as_html(pages), {}, false};
}

}  // namespace sekisho::mail
