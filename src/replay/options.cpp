#include "options.h"

#include <algorithm>
#include <functional>

#include "sekisho/app/parser_selection.h"
#include "sekisho/appid/app_id.h"
#include "sekisho/base/file_text.h"
#include "sekisho/base/host_system.h"
#include "sekisho/base/text.h"
#include "sekisho/config/load.h"

namespace sekisho::replay {
namespace {

bool is_true(std::string_view value) { return value == "true" || value == "yes" || value == "1" || value == "on"; }

/// Octets with Suricata's suffixes: "512kb", "1 MiB", "0".
std::optional<std::uint64_t> parse_octets(std::string_view text) {
    std::uint64_t unit = 1;
    const std::string lower = to_lower(trim(text));
    std::string_view number = lower;
    const std::pair<std::string_view, std::uint64_t> units[] = {
        {"kib", 1u << 10}, {"kb", 1u << 10}, {"mib", 1u << 20}, {"mb", 1u << 20}, {"gib", 1u << 30}, {"gb", 1u << 30}};
    for (const auto& [suffix, size] : units) {
        if (!number.ends_with(suffix)) continue;
        number.remove_suffix(suffix.size());
        unit = size;
        break;
    }
    const auto value = parse_int(trim(number), 0, 1LL << 40);
    if (!value) return std::nullopt;
    return static_cast<std::uint64_t>(*value) * unit;
}

/// "[3544, 3545]", "$TEREDO_PORTS" (the usual ones), "any", "none".
bool take_ports(packet::TunnelPorts& ports, std::string_view text) {
    text = trim(text);
    if (text.starts_with('$')) return true;
    ports.ports.clear();
    ports.any = text == "any";
    if (ports.any || text == "none") return true;
    if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
    for (const std::string_view word : split(text, ',')) {
        const auto port = parse_int(trim(word), 1, 65535);
        if (!port || !ports.ports.push_back(static_cast<std::uint16_t>(*port))) return false;
    }
    return true;
}
bool take_enabled(packet::TunnelPorts& ports, std::string_view value) {
    if (!is_true(value)) ports = {};
    return true;
}

/// Suricata's words of an exception policy. "auto" is what a box at the edge does: it goes on.
bool take_policy(std::string_view word, engine::ExceptionPolicy& policy) {
    using enum engine::ExceptionPolicy;
    constexpr std::pair<std::string_view, engine::ExceptionPolicy> kWords[] = {
        {"ignore", ignore},           {"auto", ignore},           {"pass-packet", pass_packet}, {"pass-flow", pass_flow},
        {"bypass", pass_flow},        {"drop-packet", drop_packet}, {"drop-flow", drop_flow},   {"reject", reject}};
    for (const auto& [name, value] : kWords) {
        if (name != word) continue;
        policy = value;
        return true;
    }
    return false;
}

/// Keys of --set. Suricata's dotted names where they mean the same, so that its configurations can be replayed.
struct Key {
    std::string_view name;
    std::function<bool(Options&, std::string_view)> take;
    std::string_view help;
};

const std::vector<Key>& keys() {
    static const std::vector<Key> table{
        {"mode",
         [](Options& o, std::string_view v) {
             o.ips = v == "ips";
             return v == "ips" || v == "ids";
         },
         "ids (default) or ips: drop, reject and pass act on packets"},
        {"checksum",
         [](Options& o, std::string_view v) {
             o.pipeline.verify_checksums = v == "auto" || v == "all" || v == "yes";
             return true;
         },
         "none (default) or auto: packets with a wrong checksum are not trusted"},
        {"bpf",
         [](Options& o, std::string_view v) {
             o.bpf = v;
             return true;
         },
         "capture filter"},
        {"stream.midstream",
         [](Options& o, std::string_view v) {
             o.pipeline.midstream = is_true(v);
             return true;
         },
         "take up conversations whose handshake was not seen"},
        {"stream.async-oneside",
         [](Options& o, std::string_view v) {
             o.pipeline.async_oneside = is_true(v);
             return true;
         },
         "only one direction is visible"},
        {"stream.reassembly.depth",
         [](Options& o, std::string_view v) {
             const auto octets = parse_octets(v);
             if (octets) o.pipeline.stream_depth_bytes = static_cast<std::uint32_t>(std::min<std::uint64_t>(*octets, 1u << 31));
             return octets.has_value();
         },
         "octets of each direction that are reassembled; 0: no end"},
        {"vlan.use-for-tracking",
         [](Options& o, std::string_view v) {
             o.pipeline.by_vlan = is_true(v);
             return true;
         },
         "the same ends in two VLANs are two conversations"},
        {"decoder.teredo.ports", [](Options& o, std::string_view v) { return take_ports(o.pipeline.decode.teredo, v); },
         "UDP ports of Teredo: numbers, any or none"},
        {"decoder.teredo.enabled", [](Options& o, std::string_view v) { return take_enabled(o.pipeline.decode.teredo, v); },
         "false: Teredo is not looked into"},
        {"decoder.vxlan.ports", [](Options& o, std::string_view v) { return take_ports(o.pipeline.decode.vxlan, v); },
         "UDP ports of VXLAN"},
        {"decoder.vxlan.enabled", [](Options& o, std::string_view v) { return take_enabled(o.pipeline.decode.vxlan, v); },
         "false: VXLAN is not looked into"},
        {"decoder.geneve.ports", [](Options& o, std::string_view v) { return take_ports(o.pipeline.decode.geneve, v); },
         "UDP ports of Geneve"},
        {"decoder.geneve.enabled", [](Options& o, std::string_view v) { return take_enabled(o.pipeline.decode.geneve, v); },
         "false: Geneve is not looked into"},
        {"stream.midstream-policy",
         [](Options& o, std::string_view v) { return take_policy(v, o.pipeline.midstream_policy); },
         "ignore, pass-packet, pass-flow, bypass, drop-packet, drop-flow, reject, auto"},
        {"app-layer.error-policy",
         [](Options& o, std::string_view v) { return take_policy(v, o.pipeline.app_error_policy); },
         "the same words, for bytes that their parser refuses"},
        {"exception-policy",
         [](Options& o, std::string_view v) {
             engine::ExceptionPolicy policy{};
             if (!take_policy(v, policy)) return false;
             for (auto* one : {&o.pipeline.midstream_policy, &o.pipeline.app_error_policy})
                 if (*one == engine::ExceptionPolicy::ignore) *one = policy;
             return true;
         },
         "the same, where no policy of its own is given"},
        {"reputation-categories-file",
         [](Options& o, std::string_view v) {
             o.settings.rules.reputation_categories = v;
             return true;
         },
         "categories of iprep"},
        {"geoip-database",
         [](Options& o, std::string_view v) {
             o.settings.rules.geoip_database = v;
             return true;
         },
         "database of countries for geoip (MaxMind's format)"},
        {"packet-alert-max",
         [](Options& o, std::string_view v) {
             const auto most = parse_int(v, 1, detect::kHitsMax);
             if (most) o.pipeline.alerts_per_packet = static_cast<std::size_t>(*most);
             return most.has_value();
         },
         "alerts told of one packet"},
        {"threshold-file",
         [](Options& o, std::string_view v) {
             o.settings.rules.threshold_file = v;
             return true;
         },
         "suppressions and thresholds by rule"},
        {"classification-file",
         [](Options& o, std::string_view v) {
             o.settings.rules.classification_file = v;
             return true;
         },
         "classtypes with description and priority"},
        {"output.protocols",
         [](Options& o, std::string_view v) {
             o.pipeline.write_protocol_events = is_true(v);
             return true;
         },
         "false: alerts only, no http, tls, dns and flow records"},
        {"applications",
         [](Options& o, std::string_view v) {
             o.settings.applications.enabled = is_true(v);
             o.pipeline.application_flows = is_true(v) ? 4096 : 0;
             return true;
         },
         "true: nDPI is asked; for flow records, ndpi-protocol and --application"},
        {"flows",
         [](Options& o, std::string_view v) {
             const auto flows = parse_int(v, 1024, 16'000'000);
             if (flows) o.pipeline.flows = static_cast<std::uint32_t>(*flows);
             return flows.has_value();
         },
         "conversations at a time"},
    };
    return table;
}

/// Whether a protocol is followed: "yes", "no" or "detection-only". One that is not known here has nothing to switch.
/// @param name  of the protocol, and of the transport where only one is meant: "nfs.udp"
bool take_following(Options& options, std::string_view name, std::string_view value) {
    constexpr std::string_view kNo[] = {"no", "false", "0", "off"};
    const bool off = std::find(std::begin(kNo), std::end(kNo), value) != std::end(kNo);
    if (!off && !is_true(value) && value != "detection-only") return false;
    app::Transport transport = app::Transport::both;
    for (const auto& [ending, only] : {std::pair{std::string_view(".tcp"), app::Transport::tcp}, std::pair{std::string_view(".udp"), app::Transport::udp}}) {
        if (!name.ends_with(ending)) continue;
        name.remove_suffix(ending.size());
        transport = only;
    }
    const auto following = off ? app::Following::off : is_true(value) ? app::Following::parsed : app::Following::recognised;
    if (const auto protocol = app::followed_protocol(name)) options.pipeline.protocols.follow(*protocol, transport, following);
    return true;
}

Status take_set(Options& options, std::string_view word) {
    const auto equals = word.find('=');
    if (equals == std::string_view::npos) return fail(ErrorCode::invalid, "--set wants KEY=VALUE, not '" + std::string(word) + "'");
    const std::string_view key = word.substr(0, equals), value = word.substr(equals + 1);
    if (key.starts_with("vars.")) {
        options.settings.rules.variables[std::string(key.substr(5))] = value;
        return {};
    }
    if (key.starts_with("host-os-policy.")) {   // "host-os-policy.old-linux.0=10.1.0.0/16"
        const std::string_view rest = key.substr(15);
        const auto row = HostSystems::parse_row(std::string(rest.substr(0, rest.find('.'))) + " " + std::string(value));
        if (!row) return fail(ErrorCode::invalid, "--set " + std::string(word) + ": wants a kind of host in the key and a network as the value");
        options.pipeline.hosts.add(*row);
        return {};
    }
    if (key.starts_with("app-layer.protocols.") && key.ends_with(".enabled") && key.size() > 28) {   // "app-layer.protocols.nfs.udp.enabled=no"
        const std::string_view name = key.substr(20, key.size() - 20 - 8);
        if (take_following(options, name, value)) return {};
        return fail(ErrorCode::invalid, "--set " + std::string(word) + ": wants yes, no or detection-only");
    }
    if (key.starts_with("reputation-files.")) {
        options.settings.rules.reputation_files.emplace_back(value);
        return {};
    }
    if (key.starts_with("action-order.")) {
        options.settings.rules.action_order.emplace_back(value);
        return {};
    }
    for (const Key& known : keys()) {
        if (known.name != key) continue;
        if (known.take(options, value)) return {};
        return fail(ErrorCode::invalid, "--set " + std::string(word) + ": not a value for this key (" + std::string(known.help) + ")");
    }
    return {};  // a key of another engine that means nothing here
}

}  // namespace

Result<Options> parse_options(int argc, char** argv) {
    Options options;
    options.settings.url.enabled = false;
    options.settings.applications.enabled = false;
    options.settings.applications.groups.clear();
    options.pipeline.flows = 65536;  // a capture's; each is replayed from a fresh state
    options.pipeline.stream_memory_bytes = MiB(256);
    int i = 1;
    const auto value = [&](std::string_view word) -> Result<std::string> {
        if (i + 1 >= argc) return fail(ErrorCode::invalid, std::string(word) + " wants a value");
        return std::string(argv[++i]);
    };
    const std::pair<std::string_view, std::function<Status(const std::string&)>> valued[] = {
        {"--rules", [&](const std::string& v) { return options.settings.rules.files.push_back(v), Status{}; }},
        {"--urls",
         [&](const std::string& v) {
             options.settings.url.lists.push_back(v);
             options.settings.url.enabled = true;
             return Status{};
         }},
        {"--application",
         [&](const std::string& v) -> Status {
             const auto equals = v.find('=');
             const std::string action = equals == std::string::npos ? "" : v.substr(equals + 1);
             if (action != "allow" && action != "alert" && action != "block")
                 return fail(ErrorCode::invalid, "--application wants NAME=allow|alert|block, not '" + v + "'");
             const auto groups = appid::groups();
             const std::string name = v.substr(0, equals);
             const bool is_group = std::any_of(groups.begin(), groups.end(), [&](const auto& group) { return group.name == name; });
             auto& wanted = is_group ? options.settings.applications.groups : options.settings.applications.named;
             wanted[name] = action == "block"   ? config::ApplicationAction::block
                            : action == "alert" ? config::ApplicationAction::alert
                                                : config::ApplicationAction::allow;
             options.settings.applications.enabled = true;
             options.pipeline.application_flows = 4096;
             return Status{};
         }},
        {"--url-action",
         [&](const std::string& v) -> Status {
             const auto equals = v.find('=');
             const std::string action = equals == std::string::npos ? "" : v.substr(equals + 1);
             if (action != "allow" && action != "alert" && action != "block")
                 return fail(ErrorCode::invalid, "--url-action wants CATEGORY=allow|alert|block, not '" + v + "'");
             options.settings.url.categories[v.substr(0, equals)] = action == "block"   ? config::UrlAction::block
                                                                    : action == "alert" ? config::UrlAction::alert
                                                                                        : config::UrlAction::allow;
             return {};
         }},
        {"--home-net", [&](const std::string& v) { return options.settings.rules.variables["HOME_NET"] = v, Status{}; }},
        {"--set", [&](const std::string& v) { return take_set(options, v); }},
        {"--list",
         [&](const std::string& v) -> Status {
             const auto text = read_file(v, MiB(16));
             if (!text) return fail(text.error());
             for (const std::string_view line : split(*text, '\n'))
                 if (!trim(line).empty()) options.captures.emplace_back(trim(line));
             return {};
         }},
        {"--config",
         [&](const std::string& v) -> Status {
             auto settings = config::load_settings(v);
             if (!settings) return fail(settings.error());
             options.settings = std::move(*settings);
             return {};
         }},
        {"--profile",
         [&](const std::string& v) -> Status {
             const auto rows = parse_int(v, 1, 100'000);
             if (!rows) return fail(ErrorCode::invalid, "--profile wants the number of rules to tell, not '" + v + "'");
             options.profile = static_cast<unsigned>(*rows);
             return {};
         }},
        {"--repeat",
         [&](const std::string& v) -> Status {
             const auto times = parse_int(v, 1, 1000);
             if (!times) return fail(ErrorCode::invalid, "--repeat wants 1 to 1000, not '" + v + "'");
             options.repeat = static_cast<unsigned>(*times);
             return {};
         }},
    };
    const std::pair<std::string_view, bool*> flags[] = {{"--json", &options.json}, {"--trace", &options.trace},
                                                        {"--stats", &options.stats}, {"--help", &options.help},
                                                        {"-h", &options.help}};
    for (; i < argc; ++i) {
        const std::string_view word = argv[i];
        bool taken = false;
        for (const auto& [name, flag] : flags) {
            if (word != name) continue;
            *flag = true;
            taken = true;
        }
        for (const auto& [name, take] : valued) {
            if (word != name) continue;
            const auto given = value(word);
            if (!given) return fail(given.error());
            if (auto done = take(*given); !done) return fail(done.error());
            taken = true;
        }
        if (taken) continue;
        if (word.starts_with("-")) return fail(ErrorCode::invalid, "unknown option " + std::string(word));
        options.captures.emplace_back(word);
    }
    if (options.ips) {
        options.pipeline.enforcement = engine::Enforcement::enforce;
        options.pipeline.write_drop_events = true;
    }
    return options;
}

const char* usage() noexcept {
    return "usage: sekisho replay [--rules FILE]... [--urls FOLDER]... [--url-action CATEGORY=ACTION]...\n"
           "                      [--application NAME=ACTION]...\n"
           "                      [--json] [--trace] [--stats] [--home-net NETS] [--set KEY=VALUE]...\n"
           "                      [--config FILE] [--list FILE] [--repeat N] [--profile ROWS] CAPTURE...\n"
           "\n"
           "Runs captures through the inspection pipeline, each from a fresh state, and prints one JSON object a\n"
           "line (--json) or one line a finding. --set takes mode=ids|ips, checksum=none|auto, bpf=EXPRESSION,\n"
           "vars.NAME=VALUE, threshold-file=FILE, stream.midstream=true and further keys of docs/cli.md.\n";
}

}  // namespace sekisho::replay
