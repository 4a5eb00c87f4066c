#include "records.h"

#include <algorithm>
#include <cstdio>

#include "sekisho/app/flow_risk.h"
#include "sekisho/appid/app_id.h"
#include "sekisho/base/text.h"
#include "sekisho/crypto/digest.h"

namespace sekisho::engine {
namespace {

using app::Direction;
using app::Fact;
using app::Field;
using event::Event;
using event::Text;

/// Alerts of application control count in a group of their own: the sid is nDPI's number of the application.
constexpr std::uint32_t kApplicationGid = 9;
static_assert(std::size(app::kFlowRisks) == appid::kRiskCount);

struct FieldText {
    Field field;
    Direction direction;
    Text text;
};

constexpr FieldText kHttpTexts[] = {
    {Field::http_host, Direction::to_server, Text::host},
    {Field::http_uri_raw, Direction::to_server, Text::url},
    {Field::http_method, Direction::to_server, Text::method},
    {Field::http_user_agent, Direction::to_server, Text::user_agent},
    {Field::http_content_type, Direction::to_client, Text::content_type},
};
constexpr FieldText kTlsTexts[] = {
    {Field::tls_sni, Direction::to_server, Text::name},
    {Field::tls_cert_subject, Direction::to_client, Text::tls_subject},
    {Field::tls_cert_issuer, Direction::to_client, Text::tls_issuer},
    {Field::tls_cert_fingerprint, Direction::to_client, Text::tls_fingerprint},
    {Field::ja3_hash, Direction::to_server, Text::ja3},
    {Field::ja3s_hash, Direction::to_client, Text::ja3s},
    {Field::tls_alpn, Direction::to_server, Text::alpn},
};
constexpr FieldText kSmtpTexts[] = {
    {Field::smtp_helo, Direction::to_server, Text::host},
    {Field::smtp_mail_from, Direction::to_server, Text::name},
    {Field::email_subject, Direction::to_server, Text::url},
};
constexpr FieldText kFtpTexts[] = {
    {Field::ftp_command, Direction::to_server, Text::method},
    {Field::ftp_command_data, Direction::to_server, Text::url},
};
constexpr FieldText kQuicTexts[] = {
    {Field::quic_sni, Direction::to_server, Text::name},
    {Field::quic_ua, Direction::to_server, Text::user_agent},
    {Field::ja3_hash, Direction::to_server, Text::ja3},
    {Field::tls_alpn, Direction::to_server, Text::alpn},
};
constexpr FieldText kDnsTexts[] = {
    {Field::dns_query, Direction::to_server, Text::name},
    {Field::dns_query, Direction::to_client, Text::name},
};

void set_texts(Event& out, const detect::Message& message, std::span<const FieldText> texts) noexcept {
    for (const FieldText& text : texts)
        if (const auto* value = message.find(text.field, text.direction)) out.set(text.text, as_text(value->bytes));
}

std::uint64_t fact(const detect::Message& message, Fact name) noexcept {
    return message.facts[static_cast<std::size_t>(name)];
}
bool has_fact(const detect::Message& message, Fact name) noexcept {
    return (message.facts_set >> static_cast<unsigned>(name) & 1) != 0;
}

std::string_view tls_version_name(std::uint64_t version) noexcept {
    switch (version) {
        case 0x0002: return "SSLv2";
        case 0x0300: return "SSLv3";
        case 0x0301: return "TLSv1";
        case 0x0302: return "TLS 1.1";
        case 0x0303: return "TLS 1.2";
        case 0x0304: return "TLS 1.3";
        default: return "UNDETERMINED";
    }
}

/// Value of a request header that no field of its own carries.
std::string_view header_value(const detect::Message& message, std::string_view name) noexcept {
    const auto* headers = message.find(Field::http_header, Direction::to_server);
    if (headers == nullptr) return {};
    std::string_view rest = as_text(headers->bytes);
    while (!rest.empty()) {
        const auto end = rest.find('\n');
        const auto line = rest.substr(0, end);
        if (starts_with_nocase(line, name) && line.size() > name.size() && line[name.size()] == ':')
            return trim(line.substr(name.size() + 1));
        if (end == std::string_view::npos) break;
        rest.remove_prefix(end + 1);
    }
    return {};
}

void set_http(Event& out, const detect::Message& message) noexcept {
    set_texts(out, message, kHttpTexts);
    out.set(Text::forwarded, header_value(message, "x-forwarded-for"));
    out.status = static_cast<std::uint32_t>(fact(message, Fact::http_status));
    out.length = fact(message, Fact::http_response_length);
}

void set_tls(Event& out, const detect::Message& message) noexcept {
    set_texts(out, message, kTlsTexts);
    if (has_fact(message, Fact::tls_version)) out.set(Text::tls_version, tls_version_name(fact(message, Fact::tls_version)));
    out.tls_not_before = fact(message, Fact::tls_not_before);
    out.tls_not_after = fact(message, Fact::tls_not_after);
}

/// All values of a multi field, separated by commas; what does not fit is left out.
void set_list(Event& out, Text text, const detect::Message& message, Field field) noexcept {
    char list[1024];
    std::size_t used = 0;
    for (const auto& value : message.fields) {
        if (value.field != field || used + value.bytes.size() + 1 > sizeof list) continue;
        if (used != 0) list[used++] = ',';
        for (const std::uint8_t octet : value.bytes) list[used++] = static_cast<char>(octet);
    }
    out.set(text, {list, used});
}

/// EVE's names of QUIC versions; any other is written as it stands in the packet.
void set_quic_version(Event& out, std::uint32_t version) noexcept {
    char text[16];
    int size = 0;
    if (version == 1) size = std::snprintf(text, sizeof text, "1");
    else if (version == 0x6b3343cf) size = std::snprintf(text, sizeof text, "2");
    else if (version >> 8 == 0xff0000) size = std::snprintf(text, sizeof text, "draft-%u", static_cast<unsigned>(version & 0xff));
    else if (version >> 24 == 'Q' || version >> 24 == 'T')
        size = std::snprintf(text, sizeof text, "%c%c%c%c", static_cast<int>(version >> 24), static_cast<int>(version >> 16 & 0x7f),
                             static_cast<int>(version >> 8 & 0x7f), static_cast<int>(version & 0x7f));
    else size = std::snprintf(text, sizeof text, "0x%08x", static_cast<unsigned>(version));
    out.set(Text::tls_version, {text, static_cast<std::size_t>(size)});
}

void set_quic(Event& out, const detect::Message& message) noexcept {
    set_texts(out, message, kQuicTexts);
    set_quic_version(out, static_cast<std::uint32_t>(fact(message, Fact::quic_version)));
}

void set_dns(Event& out, const detect::Message& message) noexcept {
    set_texts(out, message, kDnsTexts);
    out.id = static_cast<std::uint32_t>(fact(message, Fact::dns_id));
    out.type = static_cast<std::uint32_t>(fact(message, Fact::dns_type));
    out.status = static_cast<std::uint32_t>(fact(message, Fact::dns_rcode));
    out.flags_dns = static_cast<std::uint32_t>(fact(message, Fact::dns_flags));
    if (fact(message, Fact::dns_is_answer) != 0) out.flags |= Event::kDnsAnswer;
    char answers[1024];
    std::size_t used = 0;
    for (const auto& value : message.fields) {
        if (value.field != Field::dns_answer || used + value.bytes.size() + 1 > sizeof answers) continue;
        if (used != 0) answers[used++] = '\n';
        for (const std::uint8_t octet : value.bytes) answers[used++] = octet < 0x20 && octet != '\t' ? '.' : static_cast<char>(octet);
    }
    out.set(Text::answer, {answers, used});
}

/// "TLS.TeamViewer" in `name`, the category in `category`, the risks' names in `metadata`.
void set_application(Event& out, const FlowApplication& application) noexcept {
    if (application.protocol.empty()) return;
    char text[1024];
    std::size_t used = 0;
    const auto put = [&](std::string_view piece) {
        const std::size_t n = std::min(piece.size(), sizeof text - used);
        piece.copy(text + used, n);
        used += n;
    };
    put(application.protocol);
    if (!application.application.empty()) {
        put(".");
        put(application.application);
    }
    out.set(Text::name, {text, used});
    out.set(Text::category, application.category);
    used = 0;
    for (std::size_t risk = 1; risk < std::size(app::kFlowRisks); ++risk) {
        if ((application.risks >> risk & 1) == 0) continue;
        if (used != 0) put(",");
        put(app::kFlowRisks[risk]);
    }
    out.set(Text::metadata, {text, used});
}

void set_smtp(Event& out, const detect::Message& message) noexcept {
    set_texts(out, message, kSmtpTexts);
    set_list(out, Text::answer, message, Field::smtp_rcpt_to);
}

void set_ftp(Event& out, const detect::Message& message) noexcept {
    set_texts(out, message, kFtpTexts);
    set_list(out, Text::answer, message, Field::ftp_reply);
    out.status = static_cast<std::uint32_t>(fact(message, Fact::ftp_reply_code));
}

void set_transfer(Event& out, const detect::Message& message) noexcept {
    if (message.protocol == app::Protocol::ftp_data)
        out.set(Text::method, fact(message, Fact::ftp_data_command) == 2 ? "STOR" : "RETR");
    for (const auto direction : {Direction::to_server, Direction::to_client})
        if (!message.file(direction, false).name.empty()) out.set(Text::name, as_text(message.file(direction, false).name));
    if (const auto* file = message.find(Field::tftp_file, Direction::to_server)) {
        out.set(Text::method, fact(message, Fact::ftp_data_command) == 2 ? "write" : "read");
        out.set(Text::name, as_text(file->bytes));
    }
}

void set_message(Event& out, const detect::Message& message) noexcept {
    switch (message.protocol) {
        case app::Protocol::http:
        case app::Protocol::http2:
        case app::Protocol::doh2: return set_http(out, message);
        case app::Protocol::quic: return set_quic(out, message);
        case app::Protocol::tls: return set_tls(out, message);
        case app::Protocol::dns: return set_dns(out, message);
        case app::Protocol::smtp: return set_smtp(out, message);
        case app::Protocol::ftp: return set_ftp(out, message);
        case app::Protocol::ftp_data:
        case app::Protocol::tftp: return set_transfer(out, message);
        default: return;
    }
}

event::Kind kind_of(app::Protocol protocol) noexcept {
    switch (protocol) {
        case app::Protocol::http:
        case app::Protocol::http2:
        case app::Protocol::doh2: return event::Kind::http;
        case app::Protocol::quic: return event::Kind::quic;
        case app::Protocol::tls: return event::Kind::tls;
        case app::Protocol::dns: return event::Kind::dns;
        case app::Protocol::smtp: return event::Kind::smtp;
        case app::Protocol::ftp: return event::Kind::ftp;
        case app::Protocol::ftp_data: return event::Kind::ftp_data;
        case app::Protocol::tftp: return event::Kind::tftp;
        case app::Protocol::unknown: return event::Kind::none;
        default: return event::Kind::app;
    }
}

/// The parser's own words on a transaction, one a line, for the record of a protocol without fields of its own.
void set_details(Event& out, const detect::Message& message) noexcept {
    char lines[1536];
    std::size_t used = 0;
    for (const auto& value : message.fields) {
        if (value.field != Field::detail || used + value.bytes.size() + 1 > sizeof lines) continue;
        if (used != 0) lines[used++] = '\n';
        for (const std::uint8_t octet : value.bytes) lines[used++] = octet < 0x20 ? '.' : static_cast<char>(octet);
    }
    out.set(Text::extra, {lines, used});
}

}  // namespace

event::Event& Records::fresh(event::Kind kind, const flow::Flow* flow, TimeNs time) noexcept {
    event_ = Event();
    Event& out = event_;
    out.kind = kind;
    out.worker = static_cast<std::uint8_t>(worker_);
    out.time_ns = time;
    if (packet_ != nullptr) {
        out.frame_number = packet_->number;
        out.src = packet_->src;
        out.dst = packet_->dst;
        const bool icmp = packet_->is_icmp();
        out.src_port = icmp ? packet_->icmp_type : packet_->src_port;
        out.dst_port = icmp ? packet_->icmp_code : packet_->dst_port;
        out.vlan = packet_->vlan;
        out.in_port = packet_->port;
        out.ip_protocol = packet_->ip_protocol;
    }
    if (flow != nullptr) {
        out.flow_id = flow->id;
        out.ip_protocol = flow->ip_protocol;
        out.client = flow->client;
        out.server = flow->server;
        out.client_port = flow->client_port;
        out.server_port = flow->server_port;
        out.vlan = flow->vlan;
        out.packets_to_server = flow->packets[0];
        out.packets_to_client = flow->packets[1];
        out.bytes_to_server = flow->bytes[0];
        out.bytes_to_client = flow->bytes[1];
        out.flow_start_ns = flow->first_ns;
        // Of the flow's ends, turned to the packet's view where there is one.
        const bool forward = packet_ == nullptr || flow->direction_of(*packet_) == flow::Direction::to_server;
        out.src_mac = forward ? flow->client_mac : flow->server_mac;
        out.dst_mac = forward ? flow->server_mac : flow->client_mac;
    }
    return out;
}

void Records::write() noexcept {
    event_.sequence = ++written_;
    sink_.write(event_);
}

void Records::alert(const signature::CompiledRule& compiled, const detect::Hit& hit, const flow::Flow* flow,
                    const flow::Session* session, flow::Direction direction, event::Action action) noexcept {
    const signature::Rule& rule = compiled.rule;
    Event& out = fresh(event::Kind::alert, flow, packet_ != nullptr ? packet_->time_ns : 0);
    out.direction = direction == flow::Direction::to_server ? event::Direction::to_server : event::Direction::to_client;
    out.action = action;
    out.sid = rule.sid;
    out.gid = rule.gid;
    out.rev = rule.rev;
    out.priority = rule.priority;
    out.set(Text::signature, rule.msg);
    out.set(Text::classtype, rule.classtype);
    const auto& classes = signature::default_classifications();
    if (const auto found = classes.find(rule.classtype); found != classes.end())
        out.set(Text::category, found->second.description);
    char metadata[512];
    std::size_t used = 0;
    for (const auto& [key, value] : rule.metadata) {
        if (key == "signature_severity") out.set(Text::severity, value);
        const int n = std::snprintf(metadata + used, sizeof metadata - used, "%s%s %s", used != 0 ? ", " : "",
                                    key.c_str(), value.c_str());
        if (n < 0 || used + static_cast<std::size_t>(n) >= sizeof metadata) break;
        used += static_cast<std::size_t>(n);
    }
    out.set(Text::metadata, {metadata, used});
    if (session != nullptr && session->protocol != app::Protocol::unknown)
        out.set(Text::app, app::to_string(session->protocol));
    else if (session != nullptr && session->app_state == AppState::failed)
        out.set(Text::app, "failed");
    if (hit.message != nullptr) {
        out.tx_id = hit.message->id;
        set_message(out, *hit.message);
    }
    write();
}

/// Whether a transaction is worth a record: frames of an HTTP/2 connection and packets of a QUIC handshake are
/// transactions too, most without anything to tell.
namespace {
bool tells_something(const detect::Message& message) noexcept {
    const auto has = [&](Field field, Direction direction) { return message.find(field, direction) != nullptr; };
    switch (message.protocol) {
        case app::Protocol::http2:
        case app::Protocol::doh2: return has(Field::http_method, Direction::to_server) || has_fact(message, Fact::http_status);
        case app::Protocol::quic: return has(Field::quic_sni, Direction::to_server) || has(Field::ja3_hash, Direction::to_server);
        default: return true;
    }
}
}  // namespace

void Records::transaction(const flow::Flow& flow, const detect::Message& message, TimeNs now) noexcept {
    const event::Kind kind = kind_of(message.protocol);
    if (!protocol_events_ || kind == event::Kind::none || !tells_something(message)) return;
    if (kind == event::Kind::app && message.find(Field::detail, Direction::to_server) == nullptr &&
        message.find(Field::detail, Direction::to_client) == nullptr)
        return;
    Event& out = fresh(kind, &flow, now);
    out.src = flow.client;
    out.dst = flow.server;
    out.src_port = flow.client_port;
    out.dst_port = flow.server_port;
    out.src_mac = flow.client_mac;
    out.dst_mac = flow.server_mac;
    out.tx_id = message.id;
    set_message(out, message);
    if (app::covers(app::Protocol::http2, message.protocol)) out.set(Text::app, app::to_string(message.protocol));
    if (kind == event::Kind::app) {
        out.set(Text::app, app::to_string(message.protocol));
        set_details(out, message);
    }
    write();
}

void Records::file(const flow::Flow& flow, const detect::Message& message, Direction direction, TimeNs now) noexcept {
    if (!protocol_events_) return;
    const detect::FileView& file = message.file(direction, false);
    Event& out = fresh(event::Kind::fileinfo, &flow, now);
    const bool to_server = direction == Direction::to_server;
    out.src = to_server ? flow.client : flow.server;
    out.dst = to_server ? flow.server : flow.client;
    out.src_port = to_server ? flow.client_port : flow.server_port;
    out.dst_port = to_server ? flow.server_port : flow.client_port;
    out.direction = to_server ? event::Direction::to_server : event::Direction::to_client;
    out.tx_id = message.id;
    out.length = file.size;
    out.set(Text::app, app::to_string(message.protocol));
    out.set(Text::name, as_text(file.name));
    out.set(Text::content_type, as_text(file.magic));
    constexpr Text kDigestTexts[] = {Text::ja3, Text::tls_fingerprint, Text::ja3s};
    for (std::size_t i = 0; i < file.digests.size(); ++i) {
        std::uint8_t text[2 * crypto::kDigestMax + crypto::kDigestMax];
        const std::size_t size = crypto::write_hex(file.digests[i], '\0', false, text);
        out.set(kDigestTexts[i], as_text(Bytes(text).first(size)));
    }
    write();
}

void Records::flow_end(const flow::Flow& flow, const flow::Session* session, flow::FlowEnd why,
                       const FlowApplication& application) noexcept {
    if (!protocol_events_) return;
    constexpr std::string_view kReasons[] = {"timeout", "tcp_closed", "evicted", "shutdown"};
    constexpr std::string_view kStates[] = {"new", "established", "closing", "closed"};
    Event& out = fresh(event::Kind::flow, &flow, flow.last_ns);
    out.src = flow.client;
    out.dst = flow.server;
    out.src_port = flow.client_port;
    out.dst_port = flow.server_port;
    out.src_mac = flow.client_mac;
    out.dst_mac = flow.server_mac;
    out.frame_number = 0;
    if (flow.settled && flow.verdict == static_cast<std::uint8_t>(Verdict::drop)) out.flags |= Event::kDropped;
    out.set(Text::reason, kReasons[static_cast<std::size_t>(why)]);
    out.set(Text::extra, kStates[static_cast<std::size_t>(flow.state)]);
    if (session != nullptr && session->protocol != app::Protocol::unknown)
        out.set(Text::app, app::to_string(session->protocol));
    set_application(out, application);
    write();
}

void Records::application(const flow::Flow& flow, flow::Direction direction, std::uint32_t number, std::string_view name,
                          std::string_view group, event::Action action) noexcept {
    Event& out = fresh(event::Kind::alert, &flow, packet_ != nullptr ? packet_->time_ns : 0);
    out.direction = direction == flow::Direction::to_server ? event::Direction::to_server : event::Direction::to_client;
    out.action = action;
    out.gid = kApplicationGid;
    out.sid = number;
    out.rev = 1;
    char text[128];
    const int size = std::snprintf(text, sizeof text, "Application %.*s%s%.*s%s", static_cast<int>(name.size()), name.data(),
                                   group.empty() ? "" : " (", static_cast<int>(group.size()), group.data(), group.empty() ? "" : ")");
    if (size > 0) out.set(Text::signature, {text, std::min(static_cast<std::size_t>(size), sizeof text - 1)});
    constexpr std::string_view kClass = "policy-violation";
    out.set(Text::classtype, kClass);
    const auto& classes = signature::default_classifications();
    if (const auto found = classes.find(std::string(kClass)); found != classes.end()) {
        out.set(Text::category, found->second.description);
        out.priority = found->second.priority;
    }
    out.set(Text::app, name);
    write();
}

void Records::drop(const flow::Flow* flow, Cause cause, std::uint32_t sid) noexcept {
    Event& out = fresh(event::Kind::drop, flow, packet_ != nullptr ? packet_->time_ns : 0);
    out.action = event::Action::blocked;
    out.sid = sid;
    out.set(Text::reason, to_string(cause));
    write();
}

void Records::anomaly(const flow::Flow* flow, app::Protocol protocol, std::string_view what) noexcept {
    if (!protocol_events_) return;
    Event& out = fresh(event::Kind::anomaly, flow, packet_ != nullptr ? packet_->time_ns : 0);
    out.set(Text::app, app::to_string(protocol));
    out.set(Text::reason, what);
    write();
}

void Records::host(const sign::Sign& sign, const std::array<std::uint8_t, 6>& mac) noexcept {
    if (!protocol_events_) return;
    Event& out = fresh(event::Kind::host, nullptr, packet_ != nullptr ? packet_->time_ns : 0);
    if (sign.address) out.src = *sign.address;
    if (sign.mac) out.src_mac = sign.mac->octets;
    else out.src_mac = mac;
    out.client = out.src;
    out.server = out.dst;
    out.set(Text::reason, sign::to_string(sign.kind));
    out.set(Text::name, sign.name.view());
    out.set(Text::extra, sign.system.view());
    write();
}

std::uint64_t Records::url(const flow::Flow& flow, const UrlFinding& finding, event::Action action) noexcept {
    Event& out = fresh(event::Kind::url, &flow, packet_ != nullptr ? packet_->time_ns : 0);
    out.src = flow.client;
    out.dst = flow.server;
    out.src_port = flow.client_port;
    out.dst_port = flow.server_port;
    out.src_mac = flow.client_mac;
    out.dst_mac = flow.server_mac;
    out.action = action;
    // Eight digits that a person can read out: the worker, and its running number.
    // The number begins where the time of day says: after a restart it does not soon repeat.
    if (incidents_ == 0) incidents_ = out.time_ns / kSecondNs * 11;
    out.id = static_cast<std::uint32_t>((worker_ + 1) * 1'000'000 + ++incidents_ % 1'000'000);
    out.type = finding.decided;
    out.set(Text::host, finding.host);
    out.set(Text::url, finding.path);
    out.set(Text::category, finding.category);
    out.set(Text::list, finding.origin);
    out.set(Text::reason, finding.reason);
    out.set(Text::extra, finding.rule);
    const std::uint64_t incident = out.id;
    write();
    return incident;
}

}  // namespace sekisho::engine
