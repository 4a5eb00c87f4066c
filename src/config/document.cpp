#include "sekisho/config/document.h"

#include "config/schema.h"
#include "config/writer.h"
#include "sekisho/config/load.h"

namespace sekisho::config {
namespace {

bool in_group(const Key& key) { return key.path.find("[]") != std::string_view::npos; }

/// A table cell: no bar may end it.
std::string cell(std::string_view text) {
    std::string out;
    for (const char c : text) out += c == '|' ? std::string("\\|") : std::string(1, c);
    return out;
}

std::string row(const KeyFacts& facts) {
    const std::string unit = facts.unit.empty() ? "" : " (" + facts.unit + ")";
    return "| `" + facts.path + "` | " + cell(facts.allowed) + unit + " | `" +
           cell(facts.default_value) + "` | " + cell(facts.help) + " |\n";
}

std::string_view section_of(std::string_view path) {
    const auto dot = path.find('.');
    return dot == std::string_view::npos ? std::string_view{} : path.substr(0, dot);
}

constexpr std::string_view kTableHead =
    "| setting | allowed | default | meaning |\n|---|---|---|---|\n";

constexpr std::string_view kReferenceHead = R"(# Settings

One YAML file, `/etc/sekisho/sekisho.yaml` on a box, holds every setting; both daemons and `sekisho` read it. What is
not written has its default. A file with a mistake is not taken: each mistake is told with line, key and what is allowed
(`sekisho config check FILE`).

- `sekisho config set PATH VALUE` changes the candidate, `sekisho config diff` shows it, `sekisho config commit` checks
  and takes it. Each commit is kept; `sekisho config rollback [N]` goes back.
- Paths are those of the tables below. `[]` stands for a number: `fastpath.ports[0].device`. Single entries of maps have
  a path of their own: `url.categories.malware`, `rules.variables.HTTP_PORTS`.
- VALUE is YAML: `4`, `true`, `[a, b]`, `{name: lan, device: "net_af_packet0,iface=eth1"}`.

)";

}  // namespace

std::vector<KeyFacts> key_facts() {
    const Settings defaults;
    std::vector<KeyFacts> all;
    for (const Key& key : all_keys())
        all.push_back({std::string(key.path), allowed_values(key), std::string(key.unit),
                       key.required ? "(required)" : inline_value(key, defaults),
                       std::string(key.help)});
    return all;
}

std::string settings_reference() {
    std::string text(kReferenceHead);
    const auto facts = key_facts();
    const auto table = [&](std::string_view section) {
        text += kTableHead;
        for (const auto& one : facts)
            if (section_of(one.path) == section) text += row(one);
    };
    text += "## The box\n\n";
    table({});
    for (const Section& section : all_sections()) {
        text.append("\n## ")
            .append(section.path)
            .append("\n\n")
            .append(section.help)
            .append("\n\n");
        table(section.path);
    }
    return text;
}

Settings shipped_settings() {
    Settings settings;
    settings.rules.files = {"/usr/share/sekisho/rules/*.rules"};
    settings.rules.local_file = "/var/lib/sekisho/local.rules";
    settings.rules.overrides_file = "/var/lib/sekisho/rule-overrides.txt";
    settings.url.lists = {"/usr/share/sekisho/rules/categories"};
    settings.url.admin_file = "/var/lib/sekisho/url-admin.txt";
    settings.url.categories = {{"malware", UrlAction::block},
                               {"phishing", UrlAction::block},
                               {"botnet", UrlAction::block}};
    return settings;
}

std::string example_file() {
    return "# Sekisho's configuration. Every setting stands here, explained, with its value on a "
           "new box.\n"
           "# `sekisho config check FILE` tells what is wrong in it.\n" +
           write_settings(shipped_settings(), Comments::help);
}

std::vector<std::string> changed_keys(const Settings& before, const Settings& after) {
    std::vector<std::string> changed;
    for (const Key& key : all_keys())
        if (!in_group(key) && inline_value(key, before) != inline_value(key, after))
            changed.emplace_back(key.path);
    return changed;
}

}  // namespace sekisho::config
