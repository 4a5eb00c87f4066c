#include "config/schema.h"

#include <algorithm>
#include <array>

#include "config/words.h"

namespace sekisho::config {
namespace {

template <class T>
Items items_of(std::vector<T>& list) {
    return {&list, [](const void* all) { return static_cast<const std::vector<T>*>(all)->size(); },
            [](void* all, std::size_t size) { static_cast<std::vector<T>*>(all)->resize(size); }};
}

#define SEKISHO_AT(member) [](Settings& s, std::size_t) -> Slot { return &s.member; }
#define SEKISHO_ITEM(list, member) \
    [](Settings& s, std::size_t item) -> Slot { return &s.list[item].member; }
#define SEKISHO_ITEMS(list) [](Settings& s, std::size_t) -> Slot { return items_of(s.list); }

constexpr std::array kSections{
    Section{"fastpath",
            "The packet path: ports, workers, memory, and what happens when something is full."},
    Section{"rules", "Signatures: which files, and what the admin changed."},
    Section{"url", "The URL-category filter: lists, and what to do with each category."},
    Section{"applications", "What conversations are used for, as nDPI tells it, and what is allowed."},
    Section{"slowpath", "Alerts: how they are judged, kept and sent to the SOC."},
};

constexpr std::array kKeys{
    Key{.path = "version",
        .slot = SEKISHO_AT(version),
        .help = "Version of this file's format.",
        .range = {1, 1}},
    Key{.path = "box_name",
        .slot = SEKISHO_AT(box_name),
        .help = "Name of this box: the host name in syslog, and on the block page.",
        .shape = &kName},
    Key{.path = "run_folder",
        .slot = SEKISHO_AT(run_folder),
        .help =
            "Folder of the control sockets and the event rings; both daemons and the CLI use it.",
        .shape = &kPath},
    Key{.path = "home_net",
        .slot = SEKISHO_AT(home_net),
        .help = "Networks behind the box. What is outside them is foreign.",
        .range = {1, 256},
        .shape = &kNetwork},
    Key{.path = "log_level",
        .slot = SEKISHO_AT(log_level),
        .help = "Least important lines in the daemons' own logs.",
        .shape = &kLogLevel},

    Key{.path = "fastpath.ports",
        .slot = SEKISHO_ITEMS(fastpath.ports),
        .help = "The data ports.",
        .range = {0, 32},
        .example = "[{name: lan, device: \"net_af_packet0,iface=eth1\"}, {name: wan, device: "
                   "\"net_af_packet1,iface=eth2\"}]"},
    Key{.path = "fastpath.ports[].name",
        .slot = SEKISHO_ITEM(fastpath.ports, name),
        .help = "What messages, pairs and mirrors call the port.",
        .shape = &kName,
        .required = true},
    Key{.path = "fastpath.ports[].device",
        .slot = SEKISHO_ITEM(fastpath.ports, device),
        .help = "The DPDK device behind it: a PCI address, or a virtual device over a network "
                "interface.",
        .shape = &kDevice,
        .required = true},
    Key{.path = "fastpath.pairs",
        .slot = SEKISHO_ITEMS(fastpath.pairs),
        .help = "Inline: what comes in by one port of a pair leaves by the other.",
        .range = {0, 16},
        .example = "[{inside: lan, outside: wan}]"},
    Key{.path = "fastpath.pairs[].inside",
        .slot = SEKISHO_ITEM(fastpath.pairs, inside),
        .help = "Port on the LAN side.",
        .shape = &kName,
        .required = true},
    Key{.path = "fastpath.pairs[].outside",
        .slot = SEKISHO_ITEM(fastpath.pairs, outside),
        .help = "Port on the side of the Internet.",
        .shape = &kName,
        .required = true},
    Key{.path = "fastpath.mirrors",
        .slot = SEKISHO_AT(fastpath.mirrors),
        .help = "Ports that only listen (a switch's mirror port).",
        .range = {0, 32},
        .shape = &kName,
        .example = "[mirror]"},
    Key{.path = "fastpath.workers",
        .slot = SEKISHO_AT(fastpath.workers),
        .help = "Packet workers; each has a core, a queue of every port and a share of all tables.",
        .range = {1, 64}},
    Key{.path = "fastpath.cores",
        .slot = SEKISHO_AT(fastpath.cores),
        .help = "Cores of the workers, one each. Empty: chosen by the box.",
        .range = {0, 1023}, .unit = "core number",
        .example = "[2, 3]"},
    Key{.path = "fastpath.memory_mb",
        .slot = SEKISHO_AT(fastpath.memory_mb),
        .help = "Memory that DPDK takes at start.",
        .range = {64, 262'144}, .unit = "MiB"},
    Key{.path = "fastpath.hugepages",
        .slot = SEKISHO_AT(fastpath.hugepages),
        .help = "Whether that memory comes from huge pages (faster; the kernel must have set them "
                "aside)."},
    Key{.path = "fastpath.mbufs",
        .slot = SEKISHO_AT(fastpath.mbufs),
        .help = "Packet buffers over all ports.",
        .range = {1024, 8'388'607}, .unit = "buffers"},
    Key{.path = "fastpath.burst",
        .slot = SEKISHO_AT(fastpath.burst),
        .help = "Frames a worker takes from a queue at once.",
        .range = {1, 256}, .unit = "frames"},
    Key{.path = "fastpath.on_overload",
        .slot = SEKISHO_AT(fastpath.on_overload),
        .help = "When a table is full: open passes traffic uninspected, closed drops it. Both are "
                "counted and told."},
    Key{.path = "fastpath.failure_mode",
        .slot = SEKISHO_AT(fastpath.failure_mode),
        .help = "When the fast path has died: open keeps the wire connected, closed cuts it."},
    Key{.path = "fastpath.flows",
        .slot = SEKISHO_AT(fastpath.flows),
        .help = "Connections followed at once, over all workers.",
        .range = {1024, 16'777'216}, .unit = "flows"},
    Key{.path = "fastpath.stream_memory_mb",
        .slot = SEKISHO_AT(fastpath.stream_memory_mb),
        .help = "Memory for TCP bytes that wait for their turn, over all workers.",
        .range = {1, 65'536}, .unit = "MiB"},
    Key{.path = "fastpath.stream_depth_kb",
        .slot = SEKISHO_AT(fastpath.stream_depth_kb),
        .help = "How far into each direction of a connection signatures look. 0: without end.",
        .range = {0, 4'194'303}, .unit = "KiB"},
    Key{.path = "fastpath.midstream",
        .slot = SEKISHO_AT(fastpath.midstream),
        .help = "Whether connections are followed whose beginning was not seen (after a restart)."},
    Key{.path = "fastpath.verify_checksums",
        .slot = SEKISHO_AT(fastpath.verify_checksums),
        .help = "Whether packets with wrong checksums are kept from the inspection, as the "
                "receiver would discard them."},
    Key{.path = "fastpath.vlan_tracking",
        .slot = SEKISHO_AT(fastpath.vlan_tracking),
        .help = "Whether the same ends in two VLANs are two connections. Off where a connection's "
                "directions carry different tags."},
    Key{.path = "fastpath.teredo_ports",
        .slot = SEKISHO_AT(fastpath.teredo_ports),
        .help = "UDP ports on which Teredo tunnels are looked into. Empty: none.",
        .range = {0, 65535},
        .example = "[3544]"},
    Key{.path = "fastpath.vxlan_ports",
        .slot = SEKISHO_AT(fastpath.vxlan_ports),
        .help = "UDP ports on which VXLAN tunnels are looked into. Empty: none.",
        .range = {0, 65535},
        .example = "[4789, 8472]"},
    Key{.path = "fastpath.geneve_ports",
        .slot = SEKISHO_AT(fastpath.geneve_ports),
        .help = "UDP ports on which Geneve tunnels are looked into. Empty: none.",
        .range = {0, 65535},
        .example = "[6081]"},
    Key{.path = "fastpath.ring_events",
        .slot = SEKISHO_AT(fastpath.ring_events),
        .help = "Events of a worker that wait for the slow path; more are counted as lost. A power "
                "of two.",
        .range = {64, 1'048'576}, .unit = "events"},
    Key{.path = "fastpath.evidence_frames",
        .slot = SEKISHO_AT(fastpath.evidence_frames),
        .help = "Packets of a worker kept as evidence that wait for the slow path; more are counted "
                "as lost. A power of two.",
        .range = {16, 65'536}, .unit = "packets"},
    Key{.path = "fastpath.quarantine_file",
        .slot = SEKISHO_AT(fastpath.quarantine_file),
        .help = "Hosts that are cut off; `sekisho quarantine add|remove` writes it.",
        .shape = &kPath},

    Key{.path = "rules.files",
        .slot = SEKISHO_AT(rules.files),
        .help = "Rule files in the order they are read; '*' and '?' match names.",
        .range = {0, 1024},
        .shape = &kPath,
        .example = "[/usr/share/sekisho/rules/*.rules, /var/lib/sekisho/imported/*.rules]"},
    Key{.path = "rules.local_file",
        .slot = SEKISHO_AT(rules.local_file),
        .help = "Rules that the admin added; `sekisho rules add` writes it, and it is read after "
                "the others.",
        .shape = &kPathOrNone},
    Key{.path = "rules.overrides_file",
        .slot = SEKISHO_AT(rules.overrides_file),
        .help = "What the admin changed about single rules; `sekisho rules "
                "enable|disable|drop|alert` writes it.",
        .shape = &kPathOrNone},
    Key{.path = "rules.classification_file",
        .slot = SEKISHO_AT(rules.classification_file),
        .help = "Classes of rules and their priorities (Suricata's classification.config). Empty: "
                "the built-in table.",
        .shape = &kPathOrNone},
    Key{.path = "rules.reputation_categories",
        .slot = SEKISHO_AT(rules.reputation_categories),
        .help = "Categories of the reputation lists for rules with iprep: number, short name, description.",
        .shape = &kPathOrNone},
    Key{.path = "rules.reputation_files",
        .slot = SEKISHO_AT(rules.reputation_files),
        .help = "Reputation lists: address or network, number of the category, score (0 to 127).",
        .range = {0, 64},
        .shape = &kPath,
        .example = "[/etc/sekisho/reputation/list]"},
    Key{.path = "rules.action_order",
        .slot = SEKISHO_AT(rules.action_order),
        .help = "Which of the rules that match a packet come first: pass, drop, reject, alert. Empty: this order.",
        .range = {0, 4},
        .example = "[drop, pass, reject, alert]"},
    Key{.path = "rules.threshold_file",
        .slot = SEKISHO_AT(rules.threshold_file),
        .help = "Thresholds and suppressions (Suricata's threshold.config). Empty: none.",
        .shape = &kPathOrNone},
    Key{.path = "rules.variables",
        .slot = SEKISHO_AT(rules.variables),
        .help = "Address and port variables of rules, by name. HOME_NET is taken from home_net "
                "unless it stands here.",
        .range = {0, 256},
        .example = "{EXTERNAL_NET: \"!$HOME_NET\", HTTP_PORTS: \"80\"}"},

    Key{.path = "url.enabled",
        .slot = SEKISHO_AT(url.enabled),
        .help = "Whether hosts and URLs are looked up at all."},
    Key{.path = "url.lists",
        .slot = SEKISHO_AT(url.lists),
        .help = "Folders with a folder per category, holding 'domains' and 'urls' (squidGuard's "
                "layout).",
        .range = {0, 64},
        .shape = &kPath,
        .example = "[/usr/share/sekisho/urls]"},
    Key{.path = "url.database",
        .slot = SEKISHO_AT(url.database),
        .help = "Compiled lists; `sekisho url update` and `url import` write it.",
        .shape = &kPathOrNone},
    Key{.path = "url.sources",
        .slot = SEKISHO_ITEMS(url.sources),
        .help = "Lists that `sekisho url update` fetches and compiles into url.database.",
        .range = {0, 64},
        .example = "[{name: ut1, from: \"https://lists.example/blacklists.tar.gz\"}]"},
    Key{.path = "url.sources[].name",
        .slot = SEKISHO_ITEM(url.sources, name),
        .help = "What messages and answers call the list.",
        .shape = &kName,
        .required = true},
    Key{.path = "url.sources[].from",
        .slot = SEKISHO_ITEM(url.sources, from),
        .help = "A file, a folder, an archive (tar, tar.gz, tar.xz, zip) or an https URL of one.",
        .required = true},
    Key{.path = "url.sources[].category",
        .slot = SEKISHO_ITEM(url.sources, category),
        .help = "Category of a list that is one; empty: by the folders inside."},
    Key{.path = "url.sources[].format",
        .slot = SEKISHO_ITEM(url.sources, format),
        .help = "auto, domains (also URLs and hosts files), adblock (||name^), rpz (response policy zone) or "
                "expressions.",
        .shape = &kName},
    Key{.path = "url.sources[].sha256",
        .slot = SEKISHO_ITEM(url.sources, sha256),
        .help = "Digest that the download must have, 64 hex digits. Empty: any."},
    Key{.path = "url.ca_file",
        .slot = SEKISHO_AT(url.ca_file),
        .help = "Certificates (PEM) of those who may sign the servers of lists. Empty: the system's.",
        .shape = &kPathOrNone},
    Key{.path = "url.download_max_mb",
        .slot = SEKISHO_AT(url.download_max_mb),
        .help = "Largest list that is fetched, and the most that an archive may unpack to.",
        .range = {1, 8192}, .unit = "MiB"},
    Key{.path = "url.download_seconds",
        .slot = SEKISHO_AT(url.download_seconds),
        .help = "Longest time that one fetch may take.",
        .range = {1, 7200}, .unit = "seconds"},
    Key{.path = "url.shrink_max_percent",
        .slot = SEKISHO_AT(url.shrink_max_percent),
        .help = "A list that has lost more than this share of its entries is not taken; the last one stays.",
        .range = {0, 100}, .unit = "percent"},
    Key{.path = "url.admin_file",
        .slot = SEKISHO_AT(url.admin_file),
        .help = "Names the admin allows or denies, before any list; `sekisho url allow|deny` "
                "writes it.",
        .shape = &kPathOrNone},
    Key{.path = "url.categories",
        .slot = SEKISHO_AT(url.categories),
        .help = "What to do with each category. A category not named here is allowed.",
        .range = {0, 256},
        .example = "{malware: block, phishing: block, adware: alert}"},
    Key{.path = "url.groups",
        .slot = SEKISHO_ITEMS(url.groups),
        .help = "Groups of clients that url.rules speak of.",
        .range = {0, 64},
        .example = "[{name: office, clients: [192.168.1.0/24, \"vlan 20\", \"mac 00:11:22:33:44:55\"]}]"},
    Key{.path = "url.groups[].name",
        .slot = SEKISHO_ITEM(url.groups, name),
        .help = "What rules call the group.",
        .shape = &kName,
        .required = true},
    Key{.path = "url.groups[].clients",
        .slot = SEKISHO_ITEM(url.groups, clients),
        .help = "Addresses, networks, 'vlan N', 'mac XX:XX:XX:XX:XX:XX'.",
        .range = {0, 1024},
        .required = true},
    Key{.path = "url.rules",
        .slot = SEKISHO_ITEMS(url.rules),
        .help = "What certain clients get of certain categories at certain times. The first rule that fits "
                "counts, before url.categories.",
        .range = {0, 256},
        .example = "[{name: lunch, groups: [office], categories: [games], action: allow, days: mon-fri, hours: "
                   "\"12:00-13:00\"}]"},
    Key{.path = "url.rules[].name",
        .slot = SEKISHO_ITEM(url.rules, name),
        .help = "What answers and the log call the rule.",
        .shape = &kName,
        .required = true},
    Key{.path = "url.rules[].groups",
        .slot = SEKISHO_ITEM(url.rules, groups),
        .help = "Groups it is for. Empty: every client.",
        .range = {0, 64},
        .shape = &kName},
    Key{.path = "url.rules[].categories",
        .slot = SEKISHO_ITEM(url.rules, categories),
        .help = "Categories; '*' for every listed name, 'unlisted' for all others.",
        .range = {1, 256},
        .required = true},
    Key{.path = "url.rules[].action",
        .slot = SEKISHO_ITEM(url.rules, action),
        .help = "What becomes of them.",
        .required = true},
    Key{.path = "url.rules[].days",
        .slot = SEKISHO_ITEM(url.rules, days),
        .help = "Days of the week: mon-fri, sat,sun. Empty: every day."},
    Key{.path = "url.rules[].hours",
        .slot = SEKISHO_ITEM(url.rules, hours),
        .help = "Hours, local time: 09:00-17:30; 22:00-06:00 runs into the next day. Empty: all day."},
    Key{.path = "url.rules[].until",
        .slot = SEKISHO_ITEM(url.rules, until),
        .help = "When the rule ends: 2026-12-01T00:00:00Z. Empty: never."},
    Key{.path = "url.rules[].reason",
        .slot = SEKISHO_ITEM(url.rules, reason),
        .help = "Why it is there, for those who ask later."},
    Key{.path = "url.ech",
        .slot = SEKISHO_AT(url.ech),
        .help = "TLS whose server name is encrypted (ECH). Browsers send a blind of it with most connections, which "
                "looks the same: block only where every client is known. warn is taken as alert."},
    Key{.path = "url.warn_unseen",
        .slot = SEKISHO_AT(url.warn_unseen),
        .help = "What becomes of a category to warn of where no page can be shown (HTTPS, QUIC, DNS)."},
    Key{.path = "url.warn_minutes",
        .slot = SEKISHO_AT(url.warn_minutes),
        .help = "How long a person's 'continue' on a warning counts.",
        .range = {1, 10'080}, .unit = "minutes"},
    Key{.path = "url.block_address",
        .slot = SEKISHO_AT(url.block_address),
        .help = "Address that DNS answers give for blocked names. Empty: the name does not exist "
                "(NXDOMAIN).",
        .shape = &kAddressOrNone},
    Key{.path = "url.block_page",
        .slot = SEKISHO_AT(url.block_page),
        .help = "Template of the block page (docs/block-page.md). Empty: the built-in one.",
        .shape = &kPathOrNone},
    Key{.path = "url.contact",
        .slot = SEKISHO_AT(url.contact),
        .help = "Whom to ask; shown on the block page."},
    Key{.path = "url.count_only",
        .slot = SEKISHO_AT(url.count_only),
        .help = "Categories whose hits are counted (`sekisho url stats`) and kept for `sekisho why`, but raise no alert.",
        .range = {0, 64},
        .shape = &kName},
    Key{.path = "url.keep_days",
        .slot = SEKISHO_AT(url.keep_days),
        .help = "How long counters and decisions of the URL filter are kept.",
        .range = {1, 3650}, .unit = "days"},
    Key{.path = "url.decisions_max",
        .slot = SEKISHO_AT(url.decisions_max),
        .help = "Decisions kept for `sekisho why`; the oldest go first.",
        .range = {1000, 100'000'000}, .unit = "decisions"},

    Key{.path = "applications.enabled",
        .slot = SEKISHO_AT(applications.enabled),
        .help = "Whether applications are recognised: for flow records, rules with ndpi-protocol and what follows here."},
    Key{.path = "applications.groups",
        .slot = SEKISHO_AT(applications.groups),
        .help = "What to do with each group: p2p, remote_access, vpn, mining, messaging, calls, social, games, streaming. A group "
                "not named here is allowed.",
        .range = {0, 64},
        .example = "{p2p: block, vpn: alert}"},
    Key{.path = "applications.named",
        .slot = SEKISHO_AT(applications.named),
        .help = "What to do with single applications, by nDPI's names; counts before the group.",
        .range = {0, 512},
        .example = "{TeamViewer: allow, BitTorrent: block}"},
    Key{.path = "applications.flows",
        .slot = SEKISHO_AT(applications.flows),
        .help = "Connections that nDPI looks at at once, over all workers; about 1 KiB each. Beyond, a connection's application "
                "stays unknown.",
        .range = {64, 1'048'576}, .unit = "flows"},

    Key{.path = "slowpath.database",
        .slot = SEKISHO_AT(slowpath.database),
        .help = "Database of alerts.",
        .shape = &kPath},
    Key{.path = "slowpath.severity_table",
        .slot = SEKISHO_AT(slowpath.severity_table),
        .help = "Table that ranks events High, Medium or Low.",
        .shape = &kPath},
    Key{.path = "slowpath.messages",
        .slot = SEKISHO_AT(slowpath.messages),
        .help = "Texts of alerts and advice, in Japanese and English.",
        .shape = &kPath},
    Key{.path = "slowpath.story_idle_minutes",
        .slot = SEKISHO_AT(slowpath.story_idle_minutes),
        .help = "Silence after which the same cause at the same host is a new alert.",
        .range = {1, 10'080}, .unit = "minutes"},
    Key{.path = "slowpath.notices_per_day",
        .slot = SEKISHO_AT(slowpath.notices_per_day),
        .help = "Alerts a day that people are told at once. Beyond it Medium and Low are counted in "
                "the next notice; High is always told. The SOC hears all.",
        .range = {0, 1000}, .unit = "notices"},
    Key{.path = "slowpath.trusted_proxies",
        .slot = SEKISHO_AT(slowpath.trusted_proxies),
        .help = "Proxies inside whose word (X-Forwarded-For, Forwarded) names the machine behind "
                "them. Empty: any machine inside is heard, with low confidence.",
        .range = {0, 64},
        .shape = &kAddress,
        .example = "[192.168.1.2]"},
    Key{.path = "slowpath.host_table",
        .slot = SEKISHO_AT(slowpath.host_table),
        .help = "Table of operating systems, the end of their support, and makers of network "
                "cards.",
        .shape = &kPath},
    Key{.path = "slowpath.evidence_folder",
        .slot = SEKISHO_AT(slowpath.evidence_folder),
        .help = "Folder for the packets and papers of each alert.",
        .shape = &kPath},
    Key{.path = "slowpath.evidence_max_mb",
        .slot = SEKISHO_AT(slowpath.evidence_max_mb),
        .help = "Size of that folder; when it is full the oldest goes.",
        .range = {1, 1'048'576}, .unit = "MiB"},
    Key{.path = "slowpath.keep_days",
        .slot = SEKISHO_AT(slowpath.keep_days),
        .help = "How long alerts are kept.",
        .range = {1, 3650}, .unit = "days"},
    Key{.path = "slowpath.max_alerts",
        .slot = SEKISHO_AT(slowpath.max_alerts),
        .help = "How many alerts are kept; the oldest Low ones go first.",
        .range = {1000, 100'000'000}, .unit = "alerts"},
    Key{.path = "slowpath.queue_file",
        .slot = SEKISHO_AT(slowpath.queue_file),
        .help = "Queue on disk for messages that the SOC has not taken yet.",
        .shape = &kPath},
    Key{.path = "slowpath.queue_max",
        .slot = SEKISHO_AT(slowpath.queue_max),
        .help = "Messages the queue holds; when it is full the lowest rank goes first.",
        .range = {100, 10'000'000}, .unit = "messages"},
    Key{.path = "slowpath.soc",
        .slot = SEKISHO_ITEMS(slowpath.soc),
        .help = "Syslog servers that get each alert.",
        .range = {0, 8},
        .example = "[{name: soc, host: soc.example.jp, ca_file: /etc/sekisho/soc-ca.pem}]"},
    Key{.path = "slowpath.soc[].name",
        .slot = SEKISHO_ITEM(slowpath.soc, name),
        .help = "What messages call the server.",
        .shape = &kName,
        .required = true},
    Key{.path = "slowpath.soc[].host",
        .slot = SEKISHO_ITEM(slowpath.soc, host),
        .help = "Its name or address.",
        .shape = &kHost,
        .required = true},
    Key{.path = "slowpath.soc[].port",
        .slot = SEKISHO_ITEM(slowpath.soc, port),
        .help = "Its port.",
        .range = {1, 65'535}},
    Key{.path = "slowpath.soc[].transport",
        .slot = SEKISHO_ITEM(slowpath.soc, transport),
        .help = "udp (RFC 5426, may lose), tcp (RFC 6587), tls (RFC 5425)."},
    Key{.path = "slowpath.soc[].format",
        .slot = SEKISHO_ITEM(slowpath.soc, format),
        .help = "rfc5424 with structured data, ArcSight's cef, or json; all in an RFC 5424 frame."},
    Key{.path = "slowpath.soc[].ca_file",
        .slot = SEKISHO_ITEM(slowpath.soc, ca_file),
        .help = "tls: certificates (PEM) of those who may sign the server's; required with tls.",
        .shape = &kPathOrNone},
    Key{.path = "slowpath.soc[].certificate_file",
        .slot = SEKISHO_ITEM(slowpath.soc, certificate_file),
        .help = "tls: our own certificate (PEM), where the server asks for one.",
        .shape = &kPathOrNone},
    Key{.path = "slowpath.soc[].key_file",
        .slot = SEKISHO_ITEM(slowpath.soc, key_file),
        .help = "tls: its private key (PEM).",
        .shape = &kPathOrNone},
    Key{.path = "slowpath.soc[].server_name",
        .slot = SEKISHO_ITEM(slowpath.soc, server_name),
        .help = "tls: name that the server's certificate must carry. Empty: the host.",
        .shape = &kHostOrNone},
    Key{.path = "slowpath.json_log",
        .slot = SEKISHO_AT(slowpath.json_log),
        .help = "Whether every event is also written as a line of JSON (EVE's names)."},
    Key{.path = "slowpath.json_log_file",
        .slot = SEKISHO_AT(slowpath.json_log_file),
        .help = "Where to.",
        .shape = &kPath},
    Key{.path = "slowpath.json_log_max_mb",
        .slot = SEKISHO_AT(slowpath.json_log_max_mb),
        .help = "Size at which a new file is begun; two are kept.",
        .range = {1, 65'536}, .unit = "MiB"},
};

#undef SEKISHO_AT
#undef SEKISHO_ITEM
#undef SEKISHO_ITEMS

std::string number_in(const Range& range) {
    if (range.min == range.max) return std::to_string(range.min);
    return "a number from " + std::to_string(range.min) + " to " + std::to_string(range.max);
}

std::string at_most(std::string_view kind, const Range& range) {
    return std::string(kind) + " with " + std::to_string(range.min) + " to " +
           std::to_string(range.max) + " entries";
}

struct Allowed {
    const Key& key;

    std::string operator()(const bool*) const { return "true or false"; }
    std::string operator()(const std::uint16_t*) const { return number_in(key.range); }
    std::string operator()(const std::uint32_t*) const { return number_in(key.range); }
    std::string operator()(const std::string*) const { return std::string(key.shape->allowed); }
    template <class E>
    std::string operator()(const E*) const {
        return all_words<E>();
    }
    std::string operator()(const std::vector<std::string>*) const {
        return at_most("a list", key.range) + ", each " + std::string(key.shape->allowed);
    }
    std::string operator()(const std::vector<unsigned>*) const {
        return "a list of numbers, each from " + std::to_string(key.range.min) + " to " + std::to_string(key.range.max);
    }
    std::string operator()(const std::map<std::string, std::string>*) const {
        return at_most("NAME: VALUE lines", key.range);
    }
    std::string operator()(const std::map<std::string, UrlAction>*) const {
        return at_most("CATEGORY: ACTION lines", key.range) + ", the action " +
               all_words<UrlAction>();
    }
    std::string operator()(const std::map<std::string, ApplicationAction>*) const {
        return at_most("NAME: ACTION lines", key.range) + ", the action " + all_words<ApplicationAction>();
    }
    std::string operator()(const Items&) const { return at_most("a list of groups", key.range); }
};

}  // namespace

std::span<const Key> all_keys() noexcept { return kKeys; }
std::span<const Section> all_sections() noexcept { return kSections; }

const Key* find_key(std::string_view path) noexcept {
    const auto found = std::find_if(kKeys.begin(), kKeys.end(),
                                    [path](const Key& key) { return key.path == path; });
    return found == kKeys.end() ? nullptr : &*found;
}

const Section* find_section(std::string_view path) noexcept {
    const auto found = std::find_if(kSections.begin(), kSections.end(),
                                    [path](const Section& one) { return one.path == path; });
    return found == kSections.end() ? nullptr : &*found;
}

std::string allowed_values(const Key& key) {
    Settings scratch;
    scratch.fastpath.ports.resize(1);
    scratch.fastpath.pairs.resize(1);
    scratch.slowpath.soc.resize(1);
    scratch.url.sources.resize(1);
    scratch.url.groups.resize(1);
    scratch.url.rules.resize(1);
    return std::visit(Allowed{key}, key.slot(scratch, 0));
}

}  // namespace sekisho::config
