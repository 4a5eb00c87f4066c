#include "sekisho/mail/report.h"

#include <algorithm>
#include <set>

#include "mail/chart.h"
#include "mail/tongue.h"
#include "sekisho/base/local_time.h"
#include "sekisho/base/shown_text.h"

namespace sekisho::mail {
namespace {

constexpr std::size_t kBarsShown = 12;
constexpr std::size_t kDevicesShown = 25;
constexpr std::size_t kAdviceShown = 8;

constexpr const char* kStyle =
    "body{font-family:sans-serif;color:#222;max-width:760px;margin:2em auto;padding:0 1em;line-height:1.6}"
    "h1{font-size:1.5em;border-bottom:3px solid #1f4e79}h2{font-size:1.15em;color:#1f4e79;margin-top:2em}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.25em .6em .25em 0;border-bottom:1px solid #ddd}"
    "td.date{white-space:nowrap}th{color:#555;font-weight:normal;white-space:nowrap}.tiles{display:flex;gap:.8em;flex-wrap:wrap}"
    ".tile{flex:1;min-width:7.5em;border:1px solid #ccd;border-radius:6px;padding:.5em .8em}.tile b{display:block;font-size:1.7em}"
    ".high b,td.high{color:#b02a2a}.medium b,td.medium{color:#a06a00}svg{width:100%;height:auto}svg text{font-size:11px;fill:#444}"
    ".key span{display:inline-block;width:.8em;height:.8em;margin:0 .3em 0 1em}.none{color:#666}@media print{h2{break-after:avoid}}";

struct ClassWord {
    std::string_view name;
    Words words;
};
/// Classes of rules/severity.yaml in words for people; another is shown by its name.
constexpr ClassWord kClassWords[] = {
    {"intrusion", {"侵入の形跡", "Break-in"}},
    {"command-and-control", {"マルウェアの指令通信", "Malware calling its control server"}},
    {"malware", {"マルウェア", "Malware"}},
    {"listed-site", {"有害サイトへの接続", "Harmful sites"}},
    {"compromised-site", {"改ざんされたサイト", "Compromised sites"}},
    {"worm", {"ワーム", "Worms"}},
    {"brute-force", {"パスワード総当たり", "Password guessing"}},
    {"beaconing", {"定期的な外部通信", "Regular calls home"}},
    {"unusual-volume", {"通常と異なる通信量", "Unusual volume"}},
    {"new-service", {"新しいサービス", "New services"}},
    {"end-of-support", {"サポート終了のOS", "Systems out of support"}},
    {"exploit", {"脆弱性への攻撃", "Exploits"}},
    {"web-attack", {"Webへの攻撃", "Attacks on web servers"}},
    {"credential-theft", {"認証情報の窃取", "Theft of credentials"}},
    {"denial-of-service", {"サービス妨害", "Denial of service"}},
    {"reconnaissance", {"偵察", "Reconnaissance"}},
    {"policy", {"利用規則", "Policy"}},
    {"web-category", {"URLの分類", "Web categories"}},
    {"notable", {"参考", "Notable"}},
};

std::string number(std::uint64_t value) {
    std::string digits = std::to_string(value);
    for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, 1, ',');
    return digits;
}

class Report {
  public:
    Report(const Figures& figures, Tongue tongue) : figures_(figures), tongue_(tongue) {}

    std::string html() {
        head();
        tiles();
        days();
        classes();
        urls();
        serious();
        devices();
        unsupported();
        soc();
        next_steps();
        out_.append("</body></html>\n");
        return std::move(out_);
    }

  private:
    const char* word(Words words) const { return words.in(tongue_); }
    void heading(Words words) { out_.append("<h2>").append(word(words)).append("</h2>\n"); }
    void sentence(const std::string& text) { out_.append("<p>").append(shown_html(text)).append("</p>\n"); }
    void nothing() { out_.append("<p class=\"none\">").append(word({"ありません。", "None."})).append("</p>\n"); }
    void cell(const std::string& text, const char* kind = "") { out_.append("<td class=\"").append(kind).append("\">").append(shown_html(text)).append("</td>"); }
    void titles(std::initializer_list<Words> names) {
        out_.append("<table><tr>");
        for (const Words& name : names) out_.append("<th>").append(word(name)).append("</th>");
        out_.append("</tr>\n");
    }
    void end_row() { out_.append("</tr>\n"); }
    void end_table() { out_.append("</table>\n"); }

    void head() {
        out_.append("<!DOCTYPE html>\n<html lang=\"").append(code(tongue_)).append("\"><head><meta charset=\"utf-8\">\n");
        out_.append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<title>");
        const std::string title = std::string(word({"セキュリティ月次報告 ", "Security report "})) + month_text(figures_.period);
        out_.append(shown_html(title)).append("</title>\n<style>").append(kStyle).append("</style></head><body>\n<h1>");
        out_.append(shown_html(title)).append("</h1>\n");
        sentence(figures_.box + " · " + date_text(local_time(figures_.period.from)) + " - " + date_text(local_time(figures_.period.until - 1)) + " · Sekisho " +
                 figures_.version);
    }

    void tile(const char* kind, const std::string& name, std::uint64_t value) {
        out_.append("<div class=\"tile ").append(kind).append("\"><b>").append(number(value)).append("</b>").append(shown_html(name)).append("</div>\n");
    }
    void tiles() {
        out_.append("<div class=\"tiles\">\n");
        constexpr const char* kKinds[] = {"low", "medium", "high"};
        for (std::size_t rank = 3; rank-- > 0;) tile(kKinds[rank], word(kSeverityWords[rank]), figures_.alerts[rank]);
        tile("", word({"止めた通信", "events stopped"}), figures_.stopped);
        std::uint64_t stopped = 0;
        for (const auto& [name, urls] : figures_.urls) stopped += urls.stopped;
        tile("", word({"止めたURLアクセス", "web requests stopped"}), stopped);
        out_.append("</div>\n");
        sentence(verdict());
    }
    std::string verdict() const {
        const std::uint64_t by = figures_.outcomes[static_cast<std::size_t>(event::Outcome::succeeded)];
        if (figures_.alerts[2] == 0) return word({"今月、すぐに対応が必要なアラートはありませんでした。", "Nothing this month called for action at once."});
        if (by == 0) return word({"重大なアラートがありましたが、成立した攻撃は見つかっていません。", "There were High alerts; no attack was seen to have worked."});
        return std::string(word({"相手が応じた通信がありました: ", "Alerts whose traffic went by and was answered: "})) + number(by);
    }

    void days() {
        heading({"日別のアラート", "Alerts by day"});
        constexpr const char* kColours[] = {"#9fb8cc", "#e0a030", "#b02a2a"};
        out_.append("<p class=\"key\">");
        for (std::size_t rank = 3; rank-- > 0;) out_.append("<span style=\"background:").append(kColours[rank]).append("\"></span>").append(word(kSeverityWords[rank]));
        out_.append("</p>\n").append(day_chart(figures_.days, word({"日別のアラート", "Alerts by day"})));
    }

    void bars(std::vector<Bar> all, Words label) {
        if (all.empty()) return nothing();
        std::stable_sort(all.begin(), all.end(), [](const Bar& a, const Bar& b) { return a.value > b.value; });
        if (all.size() > kBarsShown) all.resize(kBarsShown);
        out_.append(bar_chart(all, word(label)));
    }
    std::string class_word(const std::string& name) const {
        for (const ClassWord& one : kClassWords)
            if (one.name == name) return word(one.words);
        return name;
    }
    void classes() {
        constexpr Words kTitle{"種類別のアラート", "Alerts by kind"};
        heading(kTitle);
        std::vector<Bar> all;
        for (const auto& [name, sums] : figures_.classes)
            all.push_back({class_word(name), sums.alerts, number(sums.alerts) + " (" + word({"遮断 ", "stopped: "}) + number(sums.stopped) + ")"});
        bars(std::move(all), kTitle);
    }
    void urls() {
        constexpr Words kTitle{"URLフィルターが止めたアクセス", "Web requests stopped, by category"};
        heading(kTitle);
        std::vector<Bar> all;
        for (const auto& [name, sums] : figures_.urls)
            if (sums.stopped != 0) all.push_back({name, sums.stopped, number(sums.stopped)});
        bars(std::move(all), kTitle);
    }

    void serious() {
        heading({"重大なアラート", "High alerts"});
        if (figures_.alerts[2] == 0) return nothing();
        titles({{"番号", "Number"}, {"日時", "Last seen"}, {"内容", "What"}, {"結果", "Outcome"}});
        std::uint64_t shown = 0;
        for (const event::Alert& alert : figures_.told) {
            if (alert.severity != event::Severity::high) break;  // the worst come first
            out_.append("<tr>");
            cell("#" + std::to_string(alert.id));
            cell(date_time_text(local_time(alert.last_ns)), "date");
            cell(in(tongue_, alert.title), "high");
            cell(outcome_word(alert.outcome, tongue_));
            end_row();
            ++shown;
        }
        end_table();
        if (shown < figures_.alerts[2]) sentence(std::string(word({"このほか ", "and more: "})) + number(figures_.alerts[2] - shown));
    }

    static std::string device_name(const DeviceFigures& device) { return device.name.empty() ? device.address : device.name + " (" + device.address + ")"; }
    void devices() {
        heading({"アラートの多い機器", "Devices with alerts"});
        if (figures_.devices.empty()) return nothing();
        std::vector<const DeviceFigures*> all;
        for (const auto& [address, device] : figures_.devices) all.push_back(&device);
        std::stable_sort(all.begin(), all.end(), [](const auto* a, const auto* b) {
            return std::lexicographical_compare(b->alerts.rbegin(), b->alerts.rend(), a->alerts.rbegin(), a->alerts.rend());
        });
        const std::size_t hidden = all.size() > kDevicesShown ? all.size() - kDevicesShown : 0;
        all.resize(all.size() - hidden);
        titles({{"機器", "Device"}, {"OS", "System"}, kSeverityWords[2], kSeverityWords[1], kSeverityWords[0], {"最後", "Last seen"}});
        for (const DeviceFigures* device : all) {
            out_.append("<tr>");
            cell(device_name(*device));
            cell(device->system.empty() ? device->vendor : device->system);
            cell(number(device->alerts[2]), device->alerts[2] != 0 ? "high" : "");
            cell(number(device->alerts[1]), device->alerts[1] != 0 ? "medium" : "");
            cell(number(device->alerts[0]));
            cell(date_text(local_time(device->last_ns)), "date");
            end_row();
        }
        end_table();
        if (hidden != 0) sentence(std::string(word({"このほかの機器: ", "Further devices: "})) + number(hidden));
    }

    void unsupported() {
        heading({"サポートが終わった機器", "Devices out of support"});
        const auto all = figures_.unsupported();
        if (all.empty()) return nothing();
        titles({{"機器", "Device"}, {"OS", "System"}});
        for (const DeviceFigures* device : all) {
            out_.append("<tr>");
            cell(device_name(*device));
            cell(device->system);
            end_row();
        }
        end_table();
    }

    void soc() {
        heading({"SOCへの通知", "Delivery to the SOC"});
        if (figures_.soc.empty()) return sentence(word({"SOCは設定されていません。", "No SOC is set up."}));
        titles({{"宛先", "Target"}, {"状態", "State"}, {"未送信", "Waiting"}, {"最後のエラー", "Last error"}});
        for (const SocFigures& target : figures_.soc) {
            out_.append("<tr>");
            cell(target.name);
            cell(target.state);
            cell(number(target.waiting));
            cell(target.last_error);
            end_row();
        }
        end_table();
        if (figures_.soc_lost != 0) sentence(std::string(word({"あふれて失われた通知: ", "Lost because the queue was full: "})) + number(figures_.soc_lost));
        if (figures_.events_lost != 0) sentence(std::string(word({"読み取れなかった記録: ", "Records the slow path could not read in time: "})) + number(figures_.events_lost));
    }

    void item(const std::string& text) { out_.append("<li>").append(shown_html(text)).append("</li>\n"); }
    void next_steps() {
        heading({"次にすること", "What to do next"});
        out_.append("<ol>\n");
        std::set<std::string> said;
        for (const event::Alert& alert : figures_.told) {
            const std::string& advice = in(tongue_, alert.advice);
            if (alert.severity != event::Severity::high || said.size() >= kAdviceShown) break;
            if (!advice.empty() && said.insert(advice).second) item("#" + std::to_string(alert.id) + ": " + advice);
        }
        if (!figures_.unsupported().empty())
            item(word({"サポートが終わった機器を入れ替えるか、インターネットから切り離してください。", "Replace the devices that are out of support, or take them off the internet."}));
        for (const SocFigures& target : figures_.soc)
            if (target.waiting != 0) item(std::string(word({"SOCへの通知が滞っています。接続を確認してください: ", "Messages wait for the SOC, check the link: "})) + target.name);
        item(word({"ボックスの更新とルールの更新が届いているか確認してください。", "See that updates of the box and of its rules arrive."}));
        out_.append("</ol>\n");
    }

    const Figures& figures_;
    const Tongue tongue_;
    std::string out_;
};

}  // namespace

std::string month_text(const Period& period) { return date_text(local_time(period.from)).substr(0, 7); }

std::string report_html(const Figures& figures, config::MailLanguage language) {
    return Report(figures, language == config::MailLanguage::en ? Tongue::en : Tongue::ja).html();
}

}  // namespace sekisho::mail
