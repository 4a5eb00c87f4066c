#include "slowpath/foreign_logs.h"

namespace sekisho::slowpath {

Result<ForeignLogs> ForeignLogs::open(const config::LogSettings& settings) {
    ForeignLogs logs;
    if (settings.udp.empty() && settings.tcp.empty() && settings.tls.empty()) return logs;
    auto makers = foreign::Makers::load(settings.makers);
    if (!makers) return fail(makers.error());
    auto listener = foreign::Listener::open(settings, std::move(*makers));
    if (!listener) return fail(listener.error());
    logs.listener_ = std::move(*listener);
    return logs;
}

std::size_t ForeignLogs::read(std::size_t most, const std::function<void(const event::Event&)>& take) {
    return listener_ ? listener_->read(most, take) : 0;
}

std::optional<foreign::ListenerCounts> ForeignLogs::counts() const {
    if (!listener_) return std::nullopt;
    return listener_->counts();
}

void put_logs(event::JsonWriter& json, const foreign::ListenerCounts& counts) {
    json.begin_object("logs");
    const std::pair<std::string_view, std::uint64_t> numbers[] = {{"connections", counts.connections},
                                                                  {"connections_refused", counts.connections_refused},
                                                                  {"refused", counts.refused},
                                                                  {"tls_refused", counts.tls_refused},
                                                                  {"too_long", counts.too_long},
                                                                  {"queue_full", counts.queue_full}};
    for (const auto& [name, number] : numbers) json.field(name, number);
    json.field_if("trouble", counts.trouble);
    json.begin_array("senders");
    for (const auto& sender : counts.senders) {
        json.begin_object();
        json.field("address", sender.address);
        json.field_if("maker", sender.maker);
        const std::pair<std::string_view, std::uint64_t> lines[] = {{"messages", sender.messages}, {"events", sender.events},
                                                                    {"traffic", sender.traffic},   {"ignored", sender.ignored},
                                                                    {"unreadable", sender.unreadable}, {"unknown", sender.unknown},
                                                                    {"over_rate", sender.over_rate}};
        for (const auto& [name, number] : lines) json.field(name, number);
        json.end_object();
    }
    json.end_array();
    json.end_object();
}

}  // namespace sekisho::slowpath
