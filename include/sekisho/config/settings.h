// Every setting as a typed value. The schema (config/schema.h) names each key, its type, range, unit,
// default and help; only the config room reads the YAML tree. Defaults here are the product's defaults.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sekisho/base/address.h"

namespace sekisho::config {

/// How a data port is used. `device` is a DPDK device: a PCI address, or a vdev such as
/// "net_af_packet0,iface=eth1" / "net_tap0,iface=t0".
struct PortSettings {
    std::string name;    ///< "lan", "wan": used in messages and events
    std::string device;
};
struct PairSettings {    ///< inline: what comes in by one leaves by the other
    std::string inside;  ///< port name on the LAN side
    std::string outside;
};

enum class OnOverload : std::uint8_t { open, closed };

struct FastpathSettings {
    std::vector<PortSettings> ports;
    std::vector<PairSettings> pairs;
    std::vector<std::string> mirrors;  ///< port names that only listen
    std::uint32_t workers = 1;
    std::vector<unsigned> cores;       ///< empty: chosen
    std::uint32_t memory_mb = 1024;    ///< DPDK memory
    bool hugepages = true;
    std::uint32_t mbufs = 65535;
    std::uint32_t burst = 32;
    OnOverload on_overload = OnOverload::open;
    OnOverload failure_mode = OnOverload::open;
    std::uint32_t flows = 1'000'000;          ///< over all workers
    std::uint32_t stream_memory_mb = 256;     ///< stream windows, over all workers
    std::uint32_t stream_depth_kb = 1024;
    bool midstream = true;
    bool verify_checksums = true;
    bool vlan_tracking = true;         ///< the same ends in two VLANs are two conversations
    std::vector<unsigned> teredo_ports{3544};  ///< UDP ports on which tunnels are looked for; empty: nowhere
    std::vector<unsigned> vxlan_ports{4789};
    std::vector<unsigned> geneve_ports{6081};
    std::vector<std::string> protocols_off;         ///< by the names that rules use: not even recognised
    std::vector<std::string> protocols_recognised;  ///< recognised and not parsed
    std::vector<std::string> host_systems;    ///< "old-linux 10.1.0.0/16": base/host_system.h
    std::uint32_t ring_events = 8192;         ///< per worker
    std::uint32_t evidence_frames = 2048;     ///< per worker: packets for evidence that wait for the slow path
    std::string quarantine_file = "/etc/sekisho/quarantine";  ///< hosts cut off (CLI: quarantine add ...)
};

struct RuleSettings {
    std::vector<std::string> files;           ///< rule files, in order; globs allowed
    std::string local_file;                   ///< rules the admin added (CLI: rules add)
    std::string overrides_file;               ///< enable / disable / action per sid (CLI: rules disable ...)
    std::string classification_file;          ///< empty: built-in table
    std::string threshold_file;
    std::string reputation_categories;           ///< "1,BadHosts,description" lines (iprep); empty: none
    std::vector<std::string> reputation_files;   ///< "address,category,score" lines
    std::string geoip_database;                  ///< MaxMind DB of countries (geoip); empty: none
    std::vector<std::string> action_order;    ///< "pass", "drop", "reject", "alert"; what is not named follows in that order
    std::map<std::string, std::string> variables;  ///< "HOME_NET": "[10.0.0.0/8,...]", "HTTP_PORTS": "80"
};

/// What to do with a URL category.
enum class UrlAction : std::uint8_t { allow, alert, warn, block };

struct UrlGroup {
    std::string name;
    std::vector<std::string> clients;     ///< addresses, networks, "vlan 20", "mac 00:11:22:33:44:55"
};

/// For these clients, of these categories, at these times. The first that fits counts.
struct UrlRule {
    std::string name;
    std::vector<std::string> groups;      ///< empty: every client
    std::vector<std::string> categories;  ///< "*": every listed one; "unlisted"
    UrlAction action = UrlAction::block;
    std::string days;                     ///< "mon-fri"; empty: every day
    std::string hours;                    ///< "09:00-17:30"; empty: all day
    std::string until;                    ///< "2026-12-01T00:00:00Z"; empty: without end
    std::string reason;
};

/// Where lists come from (CLI: url update).
struct UrlSource {
    std::string name;
    std::string from;                     ///< file, folder, archive or https URL
    std::string category;                 ///< of a list that is one category; empty: by its folders
    std::string format = "auto";
    std::string sha256;                   ///< what the download must be; empty: not checked
};

struct UrlSettings {
    bool enabled = true;
    std::vector<std::string> lists;                ///< folders of category lists (squidGuard layout)
    std::string database = "/var/lib/sekisho/urls.db";  ///< compiled lists (CLI: url update)
    std::vector<UrlSource> sources;
    std::string ca_file;                           ///< who may sign the lists' servers; empty: the system's
    std::uint32_t download_max_mb = 512;
    std::uint32_t download_seconds = 300;
    std::uint32_t shrink_max_percent = 30;         ///< a list that lost more than this is not taken
    std::string admin_file;                        ///< allow / deny entries of the admin (CLI: url allow ...)
    std::map<std::string, UrlAction> categories;   ///< by category name; not named: allow
    std::vector<UrlGroup> groups;
    std::vector<UrlRule> rules;
    UrlAction ech = UrlAction::allow;              ///< TLS whose server name is encrypted
    UrlAction warn_unseen = UrlAction::alert;      ///< a warning where no page can be shown (HTTPS)
    std::uint32_t warn_minutes = 60;               ///< how long "continue" is remembered
    std::string block_address;                     ///< DNS answers for blocked names; empty: NXDOMAIN
    std::string block_page;                        ///< template file; empty: the built-in page
    std::string contact;                           ///< shown on the block page
    std::vector<std::string> count_only{"adware", "ads", "advertising", "publicite"};  ///< counted, not alerted
    std::uint32_t keep_days = 90;                  ///< of counters and decisions
    std::uint32_t decisions_max = 1'000'000;       ///< decisions kept; the oldest go first
};

/// What to do with an application or a group of them.
enum class ApplicationAction : std::uint8_t { allow, alert, block };

struct ApplicationSettings {
    bool enabled = true;                           ///< whether nDPI is asked at all
    std::map<std::string, ApplicationAction> groups{{"p2p", ApplicationAction::alert}};  ///< by group name; not named: allow
    std::map<std::string, ApplicationAction> named;  ///< by nDPI's name of the application; counts before its group
    std::uint32_t flows = 8192;                    ///< looked at at the same time, over all workers
};

enum class SyslogTransport : std::uint8_t { udp, tcp, tls, relp, relp_tls };
enum class SyslogFormat : std::uint8_t { rfc5424, cef, json };

struct SyslogTarget {
    std::string name;
    std::string group;             ///< targets of a group stand in for each other, in the order of the list; empty: told all
    std::string host;
    std::uint16_t port = 6514;
    SyslogTransport transport = SyslogTransport::tls;
    SyslogFormat format = SyslogFormat::rfc5424;
    std::string ca_file;           ///< tls: who may sign the SOC's certificate; required
    std::string certificate_file;  ///< tls: our own (mutual); may be empty
    std::string key_file;
    std::string server_name;       ///< tls: name to verify; empty: host
};

struct SlowpathSettings {
    std::string database = "/var/lib/sekisho/alerts.db";
    std::string severity_table = "/usr/share/sekisho/rules/severity.yaml";
    std::string messages = "/usr/share/sekisho/rules/messages.yaml";
    std::uint32_t story_idle_minutes = 1500;  ///< silence after which the same cause is a new story
    std::uint32_t notices_per_day = 5;        ///< what people hear at once; High is never held back
    std::vector<std::string> trusted_proxies; ///< inner proxies whose X-Forwarded-For is believed
    std::string host_table = "/usr/share/sekisho/rules/hosts.yaml";  ///< operating systems and card makers
    std::string evidence_folder = "/var/lib/sekisho/evidence";
    std::uint32_t evidence_max_mb = 1024;     ///< the oldest goes first
    std::uint32_t keep_days = 90;
    std::uint32_t max_alerts = 1'000'000;     ///< rows kept; the oldest Low go first
    std::string queue_file = "/var/lib/sekisho/soc-queue.db";
    std::uint32_t queue_max = 200'000;        ///< messages; High is last to go
    std::vector<SyslogTarget> soc;
    std::uint32_t soc_silence_minutes = 15;   ///< a target that takes nothing for so long is an alert of the box itself
    std::uint32_t soc_fail_over_seconds = 10;  ///< of a group: silence after which the next takes over
    std::uint32_t soc_return_seconds = 60;     ///< of a group: how long an earlier one must be well to be told again
    bool json_log = true;                     ///< every event as EVE-like JSON lines
    std::string json_log_file = "/var/log/sekisho/events.json";
    std::uint32_t json_log_max_mb = 512;      ///< rotated by size, two files kept
};

/// Another maker's box or proxy whose logs are judged like our own events.
struct LogSender {
    std::string network;                      ///< who may send: an address or network
    std::string maker;                        ///< as in rules/log-makers.yaml; empty: guessed line by line
    bool traffic = false;                     ///< also its connections and requests, for what many records show
};
struct LogSettings {
    std::string udp, tcp, tls;                ///< "address:port" to listen on; empty: not
    std::vector<LogSender> senders;           ///< everybody else is refused
    std::string makers = "/usr/share/sekisho/rules/log-makers.yaml";
    std::string certificate_file, key_file;   ///< tls: our own
    std::string ca_file;                      ///< tls: who may sign the senders' certificates; empty: none is asked for
    std::uint32_t connections = 64;
    std::uint32_t rate = 5000;                ///< messages a second of one sender; more are thrown away and counted
};

enum class MailTls : std::uint8_t { required, implicit, none };  ///< STARTTLS or nothing; TLS from the start; in the clear
enum class MailLanguage : std::uint8_t { both, ja, en };
enum class MailDigest : std::uint8_t { none, daily, weekly };
enum class Weekday : std::uint8_t { sun, mon, tue, wed, thu, fri, sat };

struct MailRecipient {
    std::string address;
    bool alerts = true;                       ///< High at once, Medium and Low within the day's notices
    bool digest = true;
    bool sign_of_life = true;
    bool report = true;
};

/// Mail to people. Off unless a server is named.
struct MailSettings {
    std::string host;                         ///< mail server for submission; empty: no mail
    std::uint16_t port = 587;
    MailTls tls = MailTls::required;
    std::string ca_file;                      ///< who may sign the server's certificate; empty: the system's
    std::string user;                         ///< empty: no authentication
    std::string password_file;                ///< one line; readable by its owner alone
    std::string from;                         ///< sender's address
    std::vector<MailRecipient> recipients;
    MailLanguage language = MailLanguage::both;
    MailDigest digest = MailDigest::daily;
    std::uint32_t hour = 8;                   ///< local; of digest, sign of life and report
    Weekday weekday = Weekday::mon;           ///< of a weekly digest and of the sign of life
    bool sign_of_life = true;                 ///< weekly, also when nothing happened
    bool report = true;                       ///< of each month, on the first of the next
    std::string quiet_from, quiet_to;         ///< "22:00", local: all but High waits until the end; empty: never
    std::string queue_file = "/var/lib/sekisho/mail.db";
    std::uint32_t queue_max = 500;            ///< letters; High is last to go
    std::uint32_t give_up_hours = 120;        ///< a letter that could not be delivered for so long goes
};

/// Signed orders of the SOC to cut a host off. Off unless a key is named.
struct OrderSettings {
    std::string key_file;                     ///< the SOC's public key (PEM, Ed25519); empty: no order is obeyed
    std::string state_file = "/var/lib/sekisho/orders";  ///< sequence of the last order that was obeyed
    std::vector<std::string> never;           ///< who is never cut off: gateway, servers the firm cannot be without
    std::uint32_t window_minutes = 10;        ///< an order older than that is refused
    std::uint32_t longest_hours = 24;
    std::uint32_t hosts_max = 8;              ///< cut off by the SOC at the same time
};

struct Settings {
    std::uint32_t version = 1;
    std::string box_name = "sekisho";         ///< host name in syslog
    std::string run_folder = "/run/sekisho";  ///< sockets and event rings
    std::vector<std::string> home_net{"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "fe80::/10"};
    std::string log_level = "info";
    FastpathSettings fastpath;
    RuleSettings rules;
    UrlSettings url;
    ApplicationSettings applications;
    SlowpathSettings slowpath;
    LogSettings logs;
    OrderSettings orders;
    MailSettings mail;
};

}  // namespace sekisho::config
