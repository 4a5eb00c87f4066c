#include "slowpath/answers.h"

#include "sekisho/base/file_text.h"
#include "sekisho/base/text.h"
#include "sekisho/event/json_writer.h"
#include "sekisho/mail/report.h"
#include "slowpath/limits.h"

namespace sekisho::slowpath {
namespace {

using control::Reply;
using event::JsonWriter;

constexpr std::string_view kSeverityNames[] = {"low", "medium", "high"};

Reply refuse(std::string why) { return {false, std::move(why)}; }

void put_by_severity(JsonWriter& json, std::string_view key, const std::array<std::uint64_t, 3>& counts) {
    json.begin_object(key);
    for (std::size_t i = counts.size(); i-- > 0;) json.field(kSeverityNames[i], counts[i]);
    json.end_object();
}

void put_ring(JsonWriter& json, const RingCounts& ring) {
    json.begin_object();
    json.field("worker", ring.worker);
    json.field("read", ring.read);
    json.field("lost", ring.lost);
    json.field("damaged", ring.damaged);
    json.field("waiting", ring.waiting);
    json.field("capacity", ring.capacity);
    json.field("restarts", ring.restarts);
    json.end_object();
}

void put_undelivered(JsonWriter& json, const std::optional<std::chrono::steady_clock::time_point>& since) {
    if (!since) return;
    const auto time = std::chrono::steady_clock::now() - *since;
    json.field("undelivered_seconds", static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(time).count()));
}

void put_target(JsonWriter& json, const soc::SenderStatus& target, std::uint64_t waiting) {
    json.begin_object();
    json.field("name", target.name);
    json.field("state", to_string(target.state));
    json.field_if("encryption", target.encryption);
    json.field("sent", target.sent);
    json.field("failed", target.failed);
    json.field("waiting", waiting);
    json.field("confirmed", target.confirmed);
    json.field_if("last_error", target.last_error);
    if (target.refused) json.field("certificate_refused", true);
    put_undelivered(json, target.undelivered_since);
    json.end_object();
}

void put_group(JsonWriter& json, const soc::GroupStatus& group) {
    json.begin_object();
    json.field("name", group.name);
    json.field("active", group.active);
    json.field("switches", group.switches);
    json.field_if("last_switch", group.last_switch);
    put_undelivered(json, group.undelivered_since);
    json.end_object();
}

/// Reads one KEY=VALUE into the filter; false when it is none we know.
bool read_filter(store::AlertFilter& filter, std::string_view word) {
    const auto equals = word.find('=');
    if (equals == std::string_view::npos) {
        const auto limit = parse_int(word, 1, 1000);
        filter.limit = static_cast<std::size_t>(limit.value_or(0));
        return limit.has_value();
    }
    const auto key = word.substr(0, equals);
    const auto value = word.substr(equals + 1);
    if (key == "severity") return (filter.least = event::parse_severity(value)).has_value();
    if (key == "host") return (filter.host = IpAddress::parse(value)).has_value();
    if (key == "open") {
        filter.open = value == "yes";
        return value == "yes" || value == "no";
    }
    constexpr std::int64_t kMost = std::int64_t{1} << 33;
    const auto number = parse_int(value, 0, kMost);
    if (!number) return false;
    if (key == "since") filter.since_ns = static_cast<TimeNs>(*number) * kSecondNs;
    else if (key == "before") filter.before_id = static_cast<std::uint64_t>(*number);
    else if (key == "limit") filter.limit = static_cast<std::size_t>(*number);
    else return false;
    return true;
}

}  // namespace

Reply Answers::answer(const control::Request& request) {
    std::vector<std::string> words;
    for (const auto word : split(request.command, ' '))
        if (!word.empty()) words.emplace_back(word);
    words.insert(words.end(), request.args.begin(), request.args.end());
    if (words.size() == 1 && words[0] == "status") return status();
    if (words.size() == 1 && words[0] == "counters") return counters();
    if (words.size() == 2 && words[0] == "alert") return show(words[1]);
    if (words.size() == 3 && words[0] == "alerts" && words[1] == "show") return show(words[2]);
    if (words.size() == 2 && words[0] == "evidence") return evidence(words[1]);
    if (words.size() == 1 && words[0] == "verify") return verify();
    if (words.size() == 3 && words[0] == "report") return report(words[1], words[2]);
    if (!words.empty() && words[0] == "alerts") {
        const bool named = words.size() > 1 && words[1] == "list";
        return list({words.begin() + (named ? 2 : 1), words.end()});
    }
    if (!words.empty() && words[0] == "why") return urls_.why({words.begin() + 1, words.end()});
    if (!words.empty() && words[0] == "url-stats") return urls_.stats({words.begin() + 1, words.end()});
    return refuse("the slow path answers: status, counters, alerts [FILTER...], alert ID, evidence ID, verify, report MONTH LANGUAGE, why CLIENT SITE, url-stats DAYS");
}

Reply Answers::status() {
    const Published now = published_.with([](const Published& p) { return p; });
    const auto queue = telling_.queue_counts();
    if (!queue) return refuse(queue.error().message());
    const auto alerts = journal_.counts();
    if (!alerts) return refuse(alerts.error().message());
    std::uint64_t lost = 0;
    for (const auto& ring : now.rings) lost += ring.lost;
    Reply reply;
    JsonWriter json(reply.text);
    json.begin_object();
    json.field("box", box_);
    json.field("version", SEKISHO_VERSION);
    json.time("started", started_);
    json.field("events", now.judge.events);
    json.field("events_lost", lost);
    json.field("open_stories", now.open_stories);
    put_by_severity(json, "alerts", *alerts);
    json.begin_array("rings");
    for (const auto& ring : now.rings) put_ring(json, ring);
    json.end_array();
    json.begin_object("soc_queue");
    json.field("held", queue->held);
    put_by_severity(json, "queued", queue->queued);
    put_by_severity(json, "dropped", queue->dropped);
    json.field_if("trouble", now.trouble);
    json.end_object();
    json.begin_array("soc");
    for (const auto& [target, waiting] : telling_.targets()) put_target(json, target, waiting);
    json.end_array();
    if (const auto groups = telling_.groups(); !groups.empty()) {
        json.begin_array("soc_groups");
        for (const auto& group : groups) put_group(json, group);
        json.end_array();
    }
    if (post_) post_->put_status(json);
    if (now.logs) put_logs(json, *now.logs);
    json.end_object();
    return reply;
}

Reply Answers::counters() {
    const Published now = published_.with([](const Published& p) { return p; });
    const judge::JudgeCounts& j = now.judge;
    Reply reply;
    JsonWriter json(reply.text);
    json.begin_object();
    const std::pair<std::string_view, std::uint64_t> flat[] = {
        {"events", j.events},        {"events_ignored", j.ignored},       {"events_counted_only", j.count_only},
        {"events_judged", j.judged}, {"stories_opened", j.opened},        {"stories_escalated", j.escalated},
        {"sightings", j.sightings}, {"stories_folded", j.folded}, {"stories_closed", j.closed}, {"stories_evicted", j.evicted},     {"stories_open", now.open_stories},
        {"evidence_packets", now.evidence.packets}, {"evidence_packets_lost", now.evidence.lost},
        {"evidence_written", now.evidence.written}, {"evidence_refused", now.evidence.refused},
        {"evidence_passed_over", now.evidence.passed_over},
        {"alerts_retired", now.retired}, {"json_log_lines", now.json_lines}, {"json_log_octets_refused", now.json_refused}};
    for (const auto& [name, value] : flat) json.field(name, value);
    for (const auto& ring : now.rings) {
        const std::string prefix = "ring_" + std::to_string(ring.worker) + "_";
        json.field(prefix + "read", ring.read);
        json.field(prefix + "lost", ring.lost);
        json.field(prefix + "damaged", ring.damaged);
    }
    json.begin_object("classes");
    for (const auto& [name, count] : now.classes) json.named(name, count);
    json.end_object();
    json.end_object();
    return reply;
}

Reply Answers::list(const std::vector<std::string>& args) {
    store::AlertFilter filter;
    for (const std::string& word : args)
        if (!read_filter(filter, word))
            return refuse("'" + word + "' is no filter; allowed: N severity=high|medium|low host=IP open=yes|no since=SECONDS before=ID limit=N");
    const auto alerts = journal_.list(filter);
    if (!alerts) return refuse(alerts.error().message());
    Reply reply;
    for (const auto& alert : *alerts) {
        append_json(reply.text, alert);
        reply.text += '\n';
    }
    return reply;
}

Reply Answers::show(std::string_view word) {
    const auto id = parse_int(word, 1, INT64_MAX);
    if (!id) return refuse("'" + std::string(word) + "' is no alert's number");
    const auto alert = journal_.find(static_cast<std::uint64_t>(*id));
    if (!alert) return refuse(alert.error().message());
    const auto history = journal_.history(static_cast<std::uint64_t>(*id));
    if (!history) return refuse(history.error().message());
    Reply reply;
    append_json(reply.text, *alert);
    reply.text.pop_back();  // the object goes on with its history
    JsonWriter json(reply.text);
    json.begin_array("history");
    for (const auto& row : *history) {
        json.begin_object();
        json.time("at", row.at_ns);
        json.field("telling", row.telling);
        json.field("severity", to_string(row.severity));
        json.field("outcome", to_string(row.outcome));
        json.field("count", row.count);
        json.field("reason_en", row.reason.en);
        json.field("reason_ja", row.reason.ja);
        json.end_object();
    }
    json.end_array();
    const auto links = journal_.evidence_of(static_cast<std::uint64_t>(*id));
    if (!links) return refuse(links.error().message());
    json.begin_array("evidence");
    for (const auto& link : *links) {
        json.begin_object();
        json.field("link", link.number);
        json.field("file", link.file);
        json.field("sha256", link.digest);
        json.end_object();
    }
    json.end_array();
    json.end_object();
    return reply;
}

Reply Answers::evidence(std::string_view word) {
    const auto id = parse_int(word, 1, INT64_MAX);
    if (!id) return refuse("'" + std::string(word) + "' is no alert's number");
    const auto links = journal_.evidence_of(static_cast<std::uint64_t>(*id));
    if (!links) return refuse(links.error().message());
    Reply reply;
    for (const auto& link : *links) {
        const auto file = read_file(evidence_folder_ + "/" + link.file, kEvidenceFileMax);
        if (file && reply.text.size() + file->size() <= kEvidenceFileMax) reply.text += *file;
    }
    if (reply.text.empty())
        return refuse(links->empty() ? "alert " + std::string(word) + " has no evidence" : "the evidence of alert " + std::string(word) + " is no longer kept");
    return reply;
}

Reply Answers::report(std::string_view month, std::string_view language) {
    const auto period = mail::month(month);
    if (!period) return refuse("'" + std::string(month) + "' is no month; allowed: such as 2026-10");
    if (language != "ja" && language != "en") return refuse("'" + std::string(language) + "' is no language; allowed: ja, en");
    const auto figures = figures_.make(*period);
    if (!figures) return refuse(figures.error().message());
    return {true, mail::report_html(*figures, language == "en" ? config::MailLanguage::en : config::MailLanguage::ja)};
}

Reply Answers::verify() {
    const auto key = crypto::VerifyingKey::load(evidence_folder_ + "/key.pem.pub");
    if (!key) return refuse(key.error().message());
    const auto report = verify_chain(journal_, evidence_folder_, *key);
    if (!report) return refuse(report.error().message());
    Reply reply;
    JsonWriter json(reply.text);
    json.begin_object();
    json.field("holds", report->faults.empty());
    json.field("links", report->links);
    json.field("good", report->good);
    json.field("files_no_longer_kept", report->retired);
    json.begin_array("faults");
    for (const auto& fault : report->faults) json.item(fault);
    json.end_array();
    if (report->faults_more != 0) json.field("faults_more", report->faults_more);
    json.end_object();
    return reply;
}

}  // namespace sekisho::slowpath
