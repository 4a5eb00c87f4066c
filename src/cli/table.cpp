#include "cli/table.h"

#include <algorithm>
#include <array>
#include <ostream>

#include "cli/audit.h"
#include "cli/commands/commands.h"
#include "cli/text_table.h"
#include "sekisho/base/text.h"

namespace sekisho::cli {
namespace {

constexpr std::size_t kMany = 1000;

constinit const std::array kCommands{
    Command{"status", "", "what the box does: ports, workers, rules, alerts, SOC", 0, 0,
            show_status},
    Command{"counters", "[fastpath|slowpath]", "every counter by name", 0, 1, show_counters},

    Command{"alerts", "[LIMIT] [FILTER...]",
            "the newest alerts; filters: severity=high, host=IP, open=yes, since=SECONDS", 0, 8,
            list_alerts},
    Command{"alerts show", "ID", "one alert: what happened, which device, what to do", 1, 1,
            show_alert},

    Command{"alerts evidence", "ID", "the packets and papers of an alert, as a capture: > FILE.pcapng", 1, 1,
            get_evidence},
    Command{"alerts verify", "", "whether all evidence is as the box signed it", 0, 0, verify_evidence},

    Command{"quarantine add", "ADDRESS [--for 8h] --reason WORDS",
            "cut a host off: it reaches nothing but a notice; for a time, or until removed", 1, kMany,
            add_quarantine, true, Complete::nothing, false, "--for --reason"},
    Command{"quarantine remove", "ADDRESS", "let a host go on", 1, 1, remove_quarantine, true},
    Command{"quarantine list", "", "hosts that are cut off", 0, 0, list_quarantine},
    Command{"quarantine apply", "FILE|-", "obey a signed order of the SOC, where settings name its key", 1, 1, apply_order, true,
            Complete::file},
    Command{"soc-order key", "FILE", "make the SOC's signing key; FILE.pub is for the boxes", 1, 1, make_order_key},
    Command{"soc-order make", "--key FILE --box NAME --host IP --action add|remove [--for 8h] --reason WORDS [--sequence N]",
            "at the SOC: sign an order for one box and print it", 0, 0, make_order, false, Complete::nothing, false,
            "--key --box --host --action --for --reason --sequence"},

    Command{"rules list", "[WORD...]", "the rules, or those whose line has all the words", 0, kMany,
            list_rules},
    Command{"rules show", "SID", "one rule", 1, 1, show_rule},
    Command{"rules add", "'RULE'", "check a rule, keep it, apply it", 1, 1, add_rule, true},
    Command{"rules remove", "SID", "take back a rule that was added", 1, 1, remove_rule, true},
    Command{"rules enable", "SID", "use a rule that is switched off", 1, 1, enable_rule, true},
    Command{"rules disable", "SID", "do not use a rule", 1, 1, disable_rule, true},
    Command{"rules drop", "SID", "let a rule stop what it finds", 1, 1, drop_rule, true},
    Command{"rules alert", "SID", "let a rule only tell what it finds", 1, 1, alert_rule, true},
    Command{"rules check", "FILE...", "tell every mistake in rule files; changes nothing", 1, kMany,
            check_rules, false, Complete::file},
    Command{"rules explain", "SID", "how a rule is compiled: how it is found, what is verified, what it costs", 1, 1,
            explain_rule},
    Command{"rules import", "SOURCE... [name=NAME] [enable|disable|drop|modify=FILE]",
            "take rules in Suricata's format from files, folders and archives", 1, kMany, import_rules, true,
            Complete::file},
    Command{"rules reload", "", "read rule files and URL lists again", 0, 0, reload_rules, true},

    Command{"url test", "NAME [--client IP]", "what the URL filter says of a host or URL, and why", 1, 1,
            test_url, false, Complete::nothing, false, "--client"},
    Command{"url allow", "NAME [--for 1h] [--reason TEXT]", "let a host or URL pass, always or for a time", 1, 1,
            allow_url, true, Complete::nothing, false, "--for --reason"},
    Command{"url deny", "NAME [--for 1h] [--reason TEXT]", "stop a host or URL, always or for a time", 1, 1,
            deny_url, true, Complete::nothing, false, "--for --reason"},
    Command{"url remove", "NAME", "take back an allow or deny", 1, 1, remove_url, true},
    Command{"url list", "", "what was allowed and denied here", 0, 0, list_urls},
    Command{"url update", "[LIST]", "fetch the lists of url.sources, compile and apply them", 0, 1, update_urls, true},
    Command{"url import", "FILE|FOLDER|URL [NAME] [--category C] [--format F]",
            "take a list once, compile and apply it", 1, 2, import_urls, true, Complete::file, false, "--category --format"},
    Command{"url forget", "NAME", "leave a list out again", 1, 1, forget_urls, true},
    Command{"url stats", "[CLIENT] [--days N]", "hits of the URL filter by client, category and day", 0, 1,
            show_url_stats, false, Complete::nothing, false, "--days"},
    Command{"why", "CLIENT SITE [TIME] | NUMBER", "why a site was stopped: list, line, date, rule, and how to allow it", 1, 3,
            why},
    Command{"url categories", "[WORD]", "every category: what is done with it, lines, date", 0, 1, list_categories},

    Command{"report", "[--month 2026-10] [--language ja|en] [--output FILE]", "the report of a month (the last one, if none is named) as HTML", 0, 0,
            make_report, false, Complete::nothing, false, "--month --language --output"},
    Command{"mail test", "[ADDRESS]", "send a test mail to all recipients or one, and tell the server's answer", 0, 1, test_mail},

    Command{"config show", "[PATH]", "the settings in force, or one of them", 0, 1, show_config,
            false, Complete::setting},
    Command{"config check", "[FILE]",
            "tell every mistake in a settings file (the candidate, if no file is named)", 0, 1,
            check_config, false, Complete::file},
    Command{"config set", "PATH VALUE", "change one setting in the candidate", 2, 2, set_config,
            true, Complete::setting},
    Command{"config diff", "[N]", "what the candidate (or revision N) would change", 0, 1,
            diff_config},
    Command{"config commit", "", "check the candidate and apply it", 0, 0, commit_config, true},
    Command{"config discard", "", "forget the candidate", 0, 0, discard_config, true},
    Command{"config rollback", "[N]", "go back to the revision before, or to revision N", 0, 1,
            rollback_config, true},
    Command{"config history", "", "every revision that is kept", 0, 0, show_history},
    Command{"config keys", "[WORD]", "every setting: allowed values, default, meaning", 0, 1,
            show_keys, false, Complete::setting},

    Command{"version", "", "version of this program", 0, 0, show_version},
    Command{"help", "[COMMAND]", "this text", 0, 2, show_help},
    Command{"shell", "", "type commands one after another; Tab completes", 0, 0, run_shell},
    Command{"docs settings", "", "docs/configuration.md", 0, 0, print_settings_reference, false,
            Complete::nothing, true},
    Command{"docs config-example", "", "firmware/sekisho.yaml", 0, 0, print_config_example, false,
            Complete::nothing, true},
    Command{"docs cli", "", "docs/cli.md", 0, 0, print_command_reference, false, Complete::nothing,
            true},
};

std::string usage_of(const Command& command) {
    std::string line = "sekisho " + std::string(command.name);
    if (!command.args.empty()) line.append(" ").append(command.args);
    return line;
}

std::string first_word(std::string_view name) {
    return std::string(name.substr(0, name.find(' ')));
}

Exit not_understood(Context& context, const Words& words) {
    const bool group = std::any_of(kCommands.begin(), kCommands.end(), [&](const Command& command) {
        return first_word(command.name) == words.front();
    });
    std::string named = words.front();
    if (group && words.size() > 1) named += " " + words[1];
    context.err << "sekisho: '" << printable(named) << "' is not a command; these are:\n\n"
                << help_text(group ? std::string_view(words.front()) : std::string_view{});
    return Exit::usage;
}

}  // namespace

std::span<const Command> all_commands() noexcept { return kCommands; }

Found find_command(const Words& words) {
    for (std::size_t count = std::min<std::size_t>(2, words.size()); count > 0; --count) {
        const std::string name = count == 2 ? words[0] + " " + words[1] : words[0];
        const auto found = std::find_if(kCommands.begin(), kCommands.end(),
                                        [&](const Command& one) { return one.name == name; });
        if (found != kCommands.end())
            return {&*found,
                    Words(words.begin() + static_cast<std::ptrdiff_t>(count), words.end())};
    }
    return {};
}

Exit run_words(Context& context, const Words& words) {
    if (words.empty()) {
        context.err << help_text();
        return Exit::usage;
    }
    const Found found = find_command(words);
    if (!found.command) return not_understood(context, words);
    const Command& command = *found.command;
    if (found.args.size() < command.least_args || found.args.size() > command.most_args) {
        context.err << "usage: " << usage_of(command) << "\n       " << command.help << "\n";
        return Exit::usage;
    }
    for (const auto& [name, value] : context.options) {
        const auto words_of = split(command.options, ' ');
        if (std::find(words_of.begin(), words_of.end(), name) != words_of.end()) continue;
        context.err << "sekisho: '" << name << "' is no option of '" << command.name << "'\n";
        return Exit::usage;
    }
    const Exit result = command.run(context, found.args);
    if (command.changes) {
        Words told = found.args;
        for (const auto& [name, value] : context.options) told.push_back(name + "=" + value);
        write_audit(context, command, told, result);
    }
    return result;
}

std::string help_text(std::string_view only) {
    TextTable table({"usage: sekisho [--config FILE] [--json] COMMAND", ""});
    for (const Command& command : kCommands)
        if (!command.hidden && (only.empty() || first_word(command.name) == only))
            table.add({"  " + std::string(command.name) + (command.args.empty() ? "" : " ") +
                           std::string(command.args),
                       std::string(command.help)});
    if (only.empty() || only == "rules")
        table.add({"  rules profile CAPTURE...", "the rules that cost most on captures; see sekisho replay --help"});
    if (only.empty())
        table.add({"  replay FILE...",
                   "judge captures (pcap) as the box would; see sekisho replay --help"});
    return table.text();
}

std::string command_reference() {
    std::string text = R"(# Commands

`sekisho [--config FILE] [--json] COMMAND`, by default with `/etc/sekisho/sekisho.yaml`. Members of the group `sekisho`
and root may ask the daemons. `--json` gives the answer for machines. Exit code: 0 done, 1 refused or failed (standard
error says why), 2 not understood. Commands that change something leave a line in `audit.log` beside the local rules.

| command | what it does |
|---|---|
)";
    for (const Command& command : kCommands) {
        if (command.hidden) continue;
        std::string usage(command.name);
        if (!command.args.empty()) usage.append(" ").append(command.args);
        std::string escaped;
        for (const char c : usage) escaped += c == '|' ? std::string("\\|") : std::string(1, c);
        text.append("| `")
            .append(escaped)
            .append("` | ")
            .append(command.help)
            .append(command.changes ? " (audited)" : "")
            .append(" |\n");
    }
    text += "| `rules profile CAPTURE...` | the box's rules that cost most on captures (pcap), dearest first |\n";
    text +=
        "| `replay FILE...` | judge captures (pcap) as the box would; `sekisho replay --help` |\n";
    return text;
}

}  // namespace sekisho::cli
