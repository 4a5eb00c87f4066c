#include "judge/behaviour/service.h"

#include "judge/limits.h"
#include "sekisho/base/text.h"

namespace sekisho::judge {
namespace {

constexpr TimeNs kLearn = 3 * kDayNs;
constexpr std::uint16_t kFirstEphemeral = 32'768;
constexpr std::uint8_t kTcp = 6, kUdp = 17;

}  // namespace

ServiceDetector::ServiceDetector() : services_(kServicesMax), seed_(process_hash_seed()) {}

void ServiceDetector::see(const FlowView& flow, Sightings& out) {
    const event::Event& e = flow.e;
    if (!flow.server_ours || !flow.answered || (e.ip_protocol != kTcp && e.ip_protocol != kUdp)) return;
    if (began_ == 0) began_ = e.time_ns;
    const bool stranger = !flow.client_ours;
    if (e.server_port >= kFirstEphemeral && !stranger) return;
    // A table that pushes services out would call each of them new when it comes back.
    const bool certain = services_.evicted() == 0;
    Service& service = services_.at(key(e.server, e.ip_protocol, e.server_port), e.time_ns);
    const bool known = service.port != 0 && (service.outside || !stranger);
    service = {e.server, e.server_port, e.ip_protocol, service.outside || stranger};
    if (known || !certain || e.time_ns < began_ + kLearn) return;
    out.push_back({Behaviour::new_service, event::Outcome::succeeded,
                   "new service: " + e.server.to_string() + " answers at " + event::protocol_name(e.ip_protocol) + " port " +
                       std::to_string(e.server_port) + (stranger ? ", and to the outside" : "")});
}

std::string ServiceDetector::remember() {
    std::string text = "began " + std::to_string(began_) + "\n";
    services_.for_each([&text](const Service& s) {
        text += s.host.to_string() + " " + std::to_string(s.protocol) + " " + std::to_string(s.port) + (s.outside ? " outside\n" : " inside\n");
    });
    return text;
}

void ServiceDetector::recall(std::string_view text) {
    for (const auto line : split(text, '\n')) {
        const auto words = split(line, ' ');
        if (words.size() == 2 && words[0] == "began") {
            const auto at = parse_int(words[1], 0, INT64_MAX);
            if (at) began_ = static_cast<TimeNs>(*at);
        }
        if (words.size() != 4) continue;
        const auto host = IpAddress::parse(words[0]);
        const auto protocol = parse_int(words[1], 0, 255);
        const auto port = parse_int(words[2], 1, 65'535);
        if (!host || !protocol || !port) continue;
        const auto number = static_cast<std::uint16_t>(*port);
        const auto proto = static_cast<std::uint8_t>(*protocol);
        services_.at(key(*host, proto, number), began_) = {*host, number, proto, words[3] == "outside"};
    }
}

}  // namespace sekisho::judge
