#include "slowpath/url_answers.h"

#include "sekisho/base/text.h"
#include "sekisho/event/json_writer.h"

namespace sekisho::slowpath {
namespace {

using control::Reply;
using event::JsonWriter;

constexpr std::size_t kDecisionsTold = 20;
constexpr std::size_t kCountsTold = 2000;
constexpr std::int64_t kLatest = std::int64_t{1} << 33;

Reply refuse(std::string why) { return {false, std::move(why)}; }

std::string_view word_of(std::uint8_t decided) {
    constexpr std::string_view kWords[] = {"allow", "alert", "warn", "block"};
    return kWords[decided < 4 ? decided : 0];
}

void put(std::string& text, const store::UrlDecision& one) {
    JsonWriter json(text);
    json.begin_object();
    json.time("time", one.at_ns);
    json.field("incident", one.incident);
    json.field("client", one.client.to_string());
    if (one.mac != MacAddress{}) json.field("mac", one.mac.to_string());
    json.field("host", one.host);
    json.field_if("url", one.url);
    json.field("port", one.port);
    json.field("decision", word_of(one.decided));
    json.field("outcome", to_string(one.action));
    json.field("category", one.category);
    json.field_if("list", one.list);
    json.field_if("rule", one.rule);
    json.field_if("reason", one.reason);
    json.end_object();
    text += "\n";
}

}  // namespace

Reply UrlAnswers::why(const std::vector<std::string>& words) {
    Result<std::vector<store::UrlDecision>> found = std::vector<store::UrlDecision>{};
    if (words.size() == 1) {
        const auto number = parse_int(words[0], 1, UINT32_MAX);
        if (!number) return refuse("'" + words[0] + "' is no incident number");
        found = book_.find_incident(static_cast<std::uint32_t>(*number), kDecisionsTold);
    } else if (words.size() == 2 || words.size() == 3) {
        const auto client = IpAddress::parse(words[0]);
        if (!client) return refuse("'" + words[0] + "' is no address");
        const auto at = words.size() == 3 ? parse_int(words[2], 0, kLatest) : std::optional<std::int64_t>(0);
        if (!at) return refuse("'" + words[2] + "' is no time");
        found = book_.find(*client, words[1], static_cast<TimeNs>(*at) * kSecondNs, kDecisionsTold);
    } else {
        return refuse("why CLIENT SITE [SECONDS] | why NUMBER");
    }
    if (!found) return refuse(found.error().message());
    Reply reply;
    for (const auto& one : *found) put(reply.text, one);
    return reply;
}

Reply UrlAnswers::stats(const std::vector<std::string>& words) {
    const auto days = words.empty() ? std::nullopt : parse_int(words[0], 1, 3650);
    if (!days || words.size() > 2) return refuse("url-stats DAYS [CLIENT]");
    std::optional<IpAddress> client;
    if (words.size() == 2) {
        client = IpAddress::parse(words[1]);
        if (!client) return refuse("'" + words[1] + "' is no address");
    }
    const TimeNs back = static_cast<TimeNs>(*days - 1) * 86'400 * kSecondNs;
    const auto counts = book_.counts(store::day_of(SystemClock().now() - back, day_offset_ns_), client ? &*client : nullptr, kCountsTold);
    if (!counts) return refuse(counts.error().message());
    Reply reply;
    for (const auto& one : *counts) {
        JsonWriter json(reply.text);
        json.begin_object();
        json.field("day", one.day);
        json.field("client", one.client.to_string());
        json.field("category", one.category);
        json.field("stopped", one.stopped);
        json.field("passed", one.passed);
        json.end_object();
        reply.text += "\n";
    }
    return reply;
}

}  // namespace sekisho::slowpath
