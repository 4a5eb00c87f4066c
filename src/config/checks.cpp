#include "config/checks.h"

#include <algorithm>
#include <bit>
#include <set>

namespace sekisho::config {
namespace {

std::string at(std::string_view list, std::size_t i, std::string_view member = {}) {
    std::string path = std::string(list) + "[" + std::to_string(i) + "]";
    if (!member.empty()) path.append(".").append(member);
    return path;
}

/// Tells each value that stands in a list of groups a second time.
template <class Item>
void unique(const std::vector<Item>& list, std::string Item::*member, std::string_view path,
            std::string_view name, Report& report) {
    std::set<std::string> seen;
    for (std::size_t i = 0; i < list.size(); ++i) {
        const std::string& value = list[i].*member;
        if (!value.empty() && !seen.insert(value).second)
            report.add(at(path, i, name),
                       "is '" + value + "', which another item has; allowed: each only once");
    }
}

/// Each end of a pair and each mirror is a known port, and each port has one job.
class PortUse {
  public:
    PortUse(const FastpathSettings& settings, Report& report) : report_(report) {
        for (const auto& port : settings.ports) {
            known_.insert(port.name);
            names_ += (names_.empty() ? "" : ", ") + port.name;
        }
    }
    void take(const std::string& port, const std::string& path) {
        if (port.empty()) return;  // told as missing
        if (!known_.contains(port))
            report_.add(path, "is '" + port + "', which fastpath.ports does not name; allowed: " +
                                  (names_.empty() ? "none, for there are no ports" : names_));
        else if (!used_.insert(port).second)
            report_.add(
                path,
                "is '" + port +
                    "', which is in use already; allowed: a port is in one pair or is one mirror");
    }

  private:
    Report& report_;
    std::set<std::string> known_;
    std::set<std::string> used_;
    std::string names_;
};

void check_ports(const FastpathSettings& settings, Report& report) {
    unique(settings.ports, &PortSettings::name, "fastpath.ports", "name", report);
    unique(settings.ports, &PortSettings::device, "fastpath.ports", "device", report);
    PortUse use(settings, report);
    for (std::size_t i = 0; i < settings.pairs.size(); ++i) {
        use.take(settings.pairs[i].inside, at("fastpath.pairs", i, "inside"));
        use.take(settings.pairs[i].outside, at("fastpath.pairs", i, "outside"));
    }
    for (std::size_t i = 0; i < settings.mirrors.size(); ++i)
        use.take(settings.mirrors[i], at("fastpath.mirrors", i));
}

void check_workers(const FastpathSettings& settings, Report& report) {
    const std::set<unsigned> cores(settings.cores.begin(), settings.cores.end());
    if (!settings.cores.empty() && settings.cores.size() != settings.workers)
        report.add("fastpath.cores", "names " + std::to_string(settings.cores.size()) +
                                         " cores for " + std::to_string(settings.workers) +
                                         " workers; allowed: one core each, or none");
    const std::pair<const char*, const std::vector<unsigned>&> tunnels[] = {{"fastpath.teredo_ports", settings.teredo_ports},
                                                                            {"fastpath.vxlan_ports", settings.vxlan_ports},
                                                                            {"fastpath.geneve_ports", settings.geneve_ports}};
    for (const auto& [path, ports] : tunnels)
        if (ports.size() > 8) report.add(path, "names " + std::to_string(ports.size()) + " ports; allowed: at most 8");
    if (cores.size() != settings.cores.size())
        report.add("fastpath.cores", "names a core twice; allowed: each only once");
    if (!std::has_single_bit(settings.ring_events))
        report.add("fastpath.ring_events", "is " + std::to_string(settings.ring_events) +
                                               "; allowed: a power of two, such as " +
                                               std::to_string(std::bit_ceil(settings.ring_events)));
}

void check_soc(const std::vector<SyslogTarget>& targets, Report& report) {
    unique(targets, &SyslogTarget::name, "slowpath.soc", "name", report);
    for (std::size_t i = 0; i < targets.size(); ++i) {
        const auto& target = targets[i];
        const bool tls = target.transport == SyslogTransport::tls || target.transport == SyslogTransport::relp_tls;
        if (tls && target.ca_file.empty())
            report.add(at("slowpath.soc", i, "ca_file"),
                       "is missing; tls needs the certificates of those who may sign the server's");
        if (target.certificate_file.empty() != target.key_file.empty())
            report.add(
                at("slowpath.soc", i, target.key_file.empty() ? "key_file" : "certificate_file"),
                "is missing; allowed: certificate_file and key_file together, or neither");
        const auto of_the_group = [&](const SyslogTarget& other) { return other.group == target.group; };
        if (!target.group.empty() && std::count_if(targets.begin(), targets.end(), of_the_group) == 1)
            report.add(at("slowpath.soc", i, "group"),
                       "is '" + target.group + "', which nobody else is in; allowed: two servers or more in a group, or no group");
    }
}

void check_logs(const LogSettings& logs, Report& report) {
    unique(logs.senders, &LogSender::network, "logs.senders", "network", report);
    if (!logs.tls.empty() && (logs.certificate_file.empty() || logs.key_file.empty()))
        report.add(logs.certificate_file.empty() ? "logs.certificate_file" : "logs.key_file", "is missing; logs.tls needs our certificate and its key");
    const bool listens = !logs.udp.empty() || !logs.tcp.empty() || !logs.tls.empty();
    if (listens && logs.senders.empty()) report.add("logs.senders", "names nobody; allowed: who may send the logs that are listened for");
}

void check_mail(const MailSettings& mail, Report& report) {
    unique(mail.recipients, &MailRecipient::address, "mail.recipients", "address", report);
    if (mail.quiet_from.empty() != mail.quiet_to.empty())
        report.add(mail.quiet_from.empty() ? "mail.quiet_to" : "mail.quiet_from", "stands alone; allowed: quiet_from and quiet_to together, or neither");
    if (mail.user.empty() != mail.password_file.empty())
        report.add(mail.user.empty() ? "mail.password_file" : "mail.user", "stands alone; allowed: user and password_file together, or neither");
    if (mail.host.empty()) return;
    if (mail.from.empty()) report.add("mail.host", "needs mail.from, a sender's address");
    if (mail.recipients.empty()) report.add("mail.host", "needs mail.recipients, who gets the mail");
    if (mail.tls == MailTls::none && !mail.user.empty())
        report.add("mail.tls", "is 'none', and mail.user would send its password in the clear; allowed: required, implicit");
}

/// Files that the CLI rewrites must not be one and the same.
void check_admin_files(const Settings& settings, Report& report) {
    const std::pair<std::string_view, const std::string&> files[] = {
        {"rules.local_file", settings.rules.local_file},
        {"rules.overrides_file", settings.rules.overrides_file},
        {"url.admin_file", settings.url.admin_file}};
    std::set<std::string> seen;
    for (const auto& [path, file] : files)
        if (!file.empty() && !seen.insert(file).second)
            report.add(path,
                       "is '" + file + "', which is in use already; allowed: a file of its own");
}

}  // namespace

void check_together(const Settings& settings, Report& report) {
    check_ports(settings.fastpath, report);
    check_workers(settings.fastpath, report);
    check_admin_files(settings, report);
    check_soc(settings.slowpath.soc, report);
    check_logs(settings.logs, report);
    check_mail(settings.mail, report);
    if (!settings.orders.key_file.empty() && settings.orders.never.empty())
        report.add("orders.never", "names nobody; allowed: at least the gateway, so that an order cannot cut the firm off");
}

}  // namespace sekisho::config
