#include "mail/chart.h"

#include <algorithm>
#include <cstdio>

#include "sekisho/base/shown_text.h"

namespace sekisho::mail {
namespace {

constexpr const char* kColours[] = {"#9fb8cc", "#e0a030", "#b02a2a"};  // low, medium, high
constexpr double kWidth = 720, kLeft = 34, kTop = 10, kBars = 150, kFoot = 22;
constexpr double kLine = 24, kNames = 220, kNotes = 120;

template <class... Args>
void add(std::string& out, const char* form, Args... args) {
    char text[256];
    std::snprintf(text, sizeof text, form, args...);
    out += text;
}

void begin(std::string& out, double height, const std::string& label) {
    add(out, "<svg viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-label=\"", kWidth, height);
    out.append(shown_html(label)).append("\">\n");
}

/// The next of 1, 2, 5, 10, 20 ... at or above.
std::uint64_t round_up(std::uint64_t value) noexcept {
    for (std::uint64_t ten = 1; ten < UINT64_MAX / 10; ten *= 10)
        for (const std::uint64_t step : {1U, 2U, 5U})
            if (step * ten >= value) return step * ten;
    return value;
}

}  // namespace

std::string day_chart(const std::vector<DayFigures>& days, const std::string& label) {
    std::uint64_t most = 1;
    for (const DayFigures& day : days) most = std::max(most, day.alerts[0] + day.alerts[1] + day.alerts[2]);
    const double top = static_cast<double>(round_up(most));
    const double step = (kWidth - kLeft) / static_cast<double>(std::max<std::size_t>(days.size(), 1));
    std::string out;
    begin(out, kTop + kBars + kFoot, label);
    for (const double part : {0.0, 0.5, 1.0}) {
        const double y = kTop + kBars * (1 - part);
        add(out, "<line x1=\"%.0f\" y1=\"%.1f\" x2=\"%.0f\" y2=\"%.1f\" stroke=\"#ddd\"/>", kLeft, y, kWidth, y);
        if (top * part == static_cast<double>(static_cast<std::uint64_t>(top * part)))
            add(out, "<text x=\"%.0f\" y=\"%.1f\" text-anchor=\"end\">%.0f</text>\n", kLeft - 5, y + 4, top * part);
    }
    for (std::size_t i = 0; i < days.size(); ++i) {
        const double x = kLeft + step * static_cast<double>(i);
        double y = kTop + kBars;
        for (std::size_t rank = days[i].alerts.size(); rank-- > 0;) {
            const double height = kBars * static_cast<double>(days[i].alerts[rank]) / top;
            if (height == 0) continue;
            y -= height;
            add(out, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>", x + step * .15, y, step * .7, height, kColours[rank]);
        }
        if (days.size() <= 31 || i % 2 == 0)
            add(out, "<text x=\"%.1f\" y=\"%.0f\" text-anchor=\"middle\">%d</text>\n", x + step / 2, kTop + kBars + 16, std::atoi(days[i].date.substr(8).c_str()));
    }
    return out + "</svg>\n";
}

std::string bar_chart(const std::vector<Bar>& bars, const std::string& label) {
    std::uint64_t most = 1;
    for (const Bar& bar : bars) most = std::max(most, bar.value);
    std::string out;
    begin(out, kLine * static_cast<double>(bars.size()) + 4, label);
    for (std::size_t i = 0; i < bars.size(); ++i) {
        const double y = kLine * static_cast<double>(i);
        const double width = (kWidth - kNames - kNotes) * static_cast<double>(bars[i].value) / static_cast<double>(most);
        add(out, "<text x=\"%.0f\" y=\"%.0f\" text-anchor=\"end\">", kNames - 8, y + 17);
        out.append(shown_html(bars[i].name, 48)).append("</text>");
        add(out, "<rect x=\"%.0f\" y=\"%.0f\" width=\"%.1f\" height=\"16\" fill=\"#1f4e79\"/>", kNames, y + 4, width);
        add(out, "<text x=\"%.1f\" y=\"%.0f\">", kNames + width + 6, y + 17);
        out.append(shown_html(bars[i].note.empty() ? std::to_string(bars[i].value) : bars[i].note)).append("</text>\n");
    }
    return out + "</svg>\n";
}

}  // namespace sekisho::mail
