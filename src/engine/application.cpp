#include "application.h"

#include <algorithm>

#include "sekisho/base/log.h"
#include "sekisho/base/text.h"
#include "sekisho/signature/rule.h"

namespace sekisho::engine {
namespace {

/// Protocols that nDPI would tell no more about than our own parsers do: it is not asked. So DNS and the like, which
/// are most conversations of an office, cost nothing.
struct Own {
    app::Protocol protocol;
    std::string_view name;  ///< nDPI's
};
constexpr Own kOwn[] = {
    {app::Protocol::dns, "DNS"},         {app::Protocol::mdns, "MDNS"},       {app::Protocol::llmnr, "LLMNR"},
    {app::Protocol::dhcp, "DHCP"},       {app::Protocol::ntp, "NTP"},         {app::Protocol::snmp, "SNMP"},
    {app::Protocol::modbus, "Modbus"},   {app::Protocol::dnp3, "DNP3"},       {app::Protocol::enip, "EthernetIP"},
    {app::Protocol::mqtt, "MQTT"},       {app::Protocol::pgsql, "PostgreSQL"}, {app::Protocol::rfb, "VNC"},
    {app::Protocol::rdp, "RDP"},         {app::Protocol::ssh, "SSH"},         {app::Protocol::sip, "SIP"},
    {app::Protocol::telnet, "Telnet"},   {app::Protocol::krb5, "Kerberos"},   {app::Protocol::tftp, "TFTP"},
    {app::Protocol::bittorrent_dht, "BitTorrent"},
};

constexpr std::uint8_t kPacketsAsked = 8;  // with payload; a TLS certificate has come by then

}  // namespace

Result<std::unique_ptr<const ApplicationControl>> ApplicationControl::build(const config::ApplicationSettings& settings,
                                                                            std::vector<std::string>& unknown) {
    auto control = std::make_unique<ApplicationControl>();
    if (settings.groups.empty() && settings.named.empty()) return control;
    const auto library = appid::AppId::create({1, 1});
    if (!library) return fail(library.error());
    const auto groups = appid::groups();
    control->by_number_.resize((*library)->applications());
    for (const auto& [name, action] : settings.groups)
        if (std::none_of(groups.begin(), groups.end(), [&known = name](const appid::Group& group) { return group.name == known; }))
            unknown.push_back("applications.groups: there is no group '" + name + "'");
    for (std::size_t number = 1; number < control->by_number_.size(); ++number) {
        const std::size_t group = (*library)->group_of(static_cast<std::uint16_t>(number));
        if (group == appid::kNoGroup) continue;
        Rule& rule = control->by_number_[number];
        rule.group = static_cast<std::uint8_t>(group);
        const auto wanted = settings.groups.find(std::string(groups[group].name));
        if (wanted != settings.groups.end()) rule.action = wanted->second;
    }
    for (const auto& [name, action] : settings.named) {
        if (const auto number = (*library)->find(name)) control->by_number_[*number].action = action;
        else unknown.push_back("applications.named: nDPI knows no application '" + name + "'");
    }
    return control;
}

ApplicationControl::Rule ApplicationControl::of(const appid::Answer& answer) const noexcept {
    const auto at = [this](std::uint16_t number) { return number < by_number_.size() ? by_number_[number] : Rule{}; };
    const Rule application = at(answer.application);
    return application.action != config::ApplicationAction::allow ? application : at(answer.protocol);
}

ApplicationWatch::ApplicationWatch(std::size_t records) {
    if (records == 0) return;
    auto library = appid::AppId::create({records, kPacketsAsked});
    if (!library) {
        log::warning("applications are not recognised: " + library.error().message());
        return;
    }
    library_ = std::move(*library);
    for (const Own& own : kOwn)
        own_[static_cast<std::size_t>(own.protocol)] = library_->find(own.name).value_or(0);
    name_ids_.resize(library_->applications());
    for (std::size_t number = 1; number < name_ids_.size(); ++number)
        name_ids_[number] = signature::name_id(to_lower(library_->name_of(static_cast<std::uint16_t>(number))));
}

bool ApplicationWatch::see(const packet::Packet& packet, flow::Direction direction, flow::Session& session) noexcept {
    if (session.application_phase >= ApplicationPhase::known || packet.payload_size == 0) return false;
    if (const std::uint16_t own = own_[static_cast<std::size_t>(session.protocol)]; own != 0) {
        library_->end(session.application_record);
        session.application_record = {};
        session.application = {};
        session.application.protocol = own;
        session.application.category = library_->category_of(own);
        session.application.decided = true;
        session.application_phase = ApplicationPhase::known;
        return true;
    }
    if (session.application_phase == ApplicationPhase::unseen) {
        session.application_record = library_->begin(packet.ip_protocol);
        session.application_phase = session.application_record ? ApplicationPhase::asking : ApplicationPhase::given_up;
        if (!session.application_record) return false;
    }
    session.application = library_->feed(session.application_record, packet.data.subspan(packet.l3), packet.time_ns,
                                         static_cast<appid::Direction>(direction));
    if (!session.application.decided) return false;
    library_->end(session.application_record);
    session.application_record = {};
    session.application_phase = session.application.known() ? ApplicationPhase::known : ApplicationPhase::given_up;
    return session.application.known();
}

void ApplicationWatch::end(flow::Session& session) noexcept {
    if (!running() || !session.application_record) return;
    session.application = library_->give_up(session.application_record);
    library_->end(session.application_record);
    session.application_record = {};
    session.application_phase = session.application.known() ? ApplicationPhase::known : ApplicationPhase::given_up;
}

void ApplicationWatch::tell(const flow::Session& session, bool fresh, detect::PacketContext& context) const noexcept {
    if (session.application_phase != ApplicationPhase::known) return;
    const auto id = [this](std::uint16_t number) { return number < name_ids_.size() ? name_ids_[number] : 0; };
    context.applications = {id(session.application.protocol), id(session.application.application)};
    context.flow_risks = session.application.risks;
    context.application_known = true;
    context.application_fresh = fresh;
}

}  // namespace sekisho::engine
