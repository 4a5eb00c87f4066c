// Builds what workers read: rule files and URL lists, as the settings name them, into one immutable object.
#include "sekisho/engine/policy.h"

#include <glob.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>

#include "application.h"
#include "policy_scratch.h"
#include "sekisho/app/parser_selection.h"
#include "sekisho/base/file_text.h"
#include "sekisho/config/rule_overrides.h"
#include "sekisho/signature/compile.h"
#include "sekisho/signature/dataset.h"
#include "sekisho/signature/countries.h"
#include "sekisho/signature/reputation.h"
#include "sekisho/urlfilter/from_settings.h"

namespace sekisho::engine {
namespace {

constexpr std::size_t kRuleFileMax = MiB(512);
constexpr std::size_t kErrorsTold = 1000;

std::uint64_t next_version() {
    static std::atomic<std::uint64_t> version{0};
    return ++version;
}

void note(PolicyReport& report, const std::string& message) {
    if (report.errors.size() < kErrorsTold) report.errors.push_back(message);
}

/// The files a pattern names, sorted; a name without wildcards must exist.
Result<std::vector<std::string>> expand(const std::string& pattern) {
    glob_t found{};
    const int answer = ::glob(pattern.c_str(), 0, nullptr, &found);
    std::vector<std::string> files(found.gl_pathv, found.gl_pathv + (answer == 0 ? found.gl_pathc : 0));
    ::globfree(&found);
    const bool wildcard = pattern.find_first_of("*?[") != std::string::npos;
    if (files.empty() && !wildcard) return fail(ErrorCode::not_found, "no such rule file", pattern);
    return files;
}

/// The lists of iprep; null when none are set.
Result<std::shared_ptr<const signature::Reputation>> read_reputation(const config::RuleSettings& settings) {
    if (settings.reputation_categories.empty()) return std::shared_ptr<const signature::Reputation>();
    auto reputation = std::make_shared<signature::Reputation>();
    const auto categories = read_file(settings.reputation_categories, kRuleFileMax);
    if (!categories) return fail(categories.error());
    if (auto done = reputation->add_categories(*categories, settings.reputation_categories); !done) return fail(done.error());
    for (const std::string& file : settings.reputation_files) {
        const auto text = read_file(file, kRuleFileMax);
        if (!text) return fail(text.error());
        if (auto done = reputation->add_entries(*text, file); !done) return fail(done.error());
    }
    reputation->finish();
    return std::shared_ptr<const signature::Reputation>(std::move(reputation));
}

Result<signature::ParseContext> parse_context(const config::Settings& settings) {
    signature::ParseContext context;
    std::string home;
    for (const std::string& network : settings.home_net) home += (home.empty() ? "[" : ",") + network;
    if (!home.empty()) context.variables["HOME_NET"] = home + "]";
    for (const auto& [name, value] : settings.rules.variables) context.variables[name] = value;
    context.datasets = std::make_shared<signature::Datasets>();
    auto reputation = read_reputation(settings.rules);
    if (!reputation) return fail(reputation.error());
    context.reputation = std::move(*reputation);
    if (!settings.rules.geoip_database.empty()) {
        auto countries = signature::CountryDatabase::open(settings.rules.geoip_database);
        if (!countries) return fail(countries.error());
        context.countries = std::move(*countries);
    }
    if (settings.rules.classification_file.empty()) return context;
    const auto text = read_file(settings.rules.classification_file, kRuleFileMax);
    if (!text) return fail(text.error());
    auto classes = signature::parse_classifications(*text, settings.rules.classification_file);
    if (!classes) return fail(classes.error());
    context.classifications = std::move(*classes);
    return context;
}

Result<signature::CompileOptions> compile_options(const config::RuleSettings& settings) {
    using signature::Action;
    constexpr std::pair<std::string_view, Action> kActions[] = {
        {"pass", Action::pass}, {"drop", Action::drop}, {"reject", Action::reject}, {"alert", Action::alert}};
    signature::CompileOptions options;
    auto place = options.action_order.begin();
    for (const std::string& word : settings.action_order) {
        const auto known = std::find_if(std::begin(kActions), std::end(kActions), [&](const auto& a) { return a.first == word; });
        const auto at = known == std::end(kActions) ? options.action_order.end()
                                                    : std::find(place, options.action_order.end(), known->second);
        if (at == options.action_order.end())
            return fail(ErrorCode::invalid, "'" + word + "' is not pass, drop, reject or alert, or is named twice",
                        "rules.action_order");
        std::rotate(place, at, at + 1);
        ++place;
    }
    return options;
}

/// What the admin decided about single rules. Those in comments were woken when the file was read.
void apply_overrides(const config::RuleOverrides& overrides, std::vector<signature::Rule>& rules, PolicyReport& report) {
    const auto disabled = [&](const signature::Rule& rule) {
        const auto found = overrides.find(rule.sid);
        return found != overrides.end() && found->second == config::Override::disable;
    };
    const auto kept = std::remove_if(rules.begin(), rules.end(), disabled);
    report.rules_disabled += static_cast<std::size_t>(rules.end() - kept);
    rules.erase(kept, rules.end());
    for (signature::Rule& rule : rules) {
        const auto found = overrides.find(rule.sid);
        if (found == overrides.end()) continue;
        if (found->second == config::Override::drop) rule.header.action = signature::Action::drop;
        if (found->second == config::Override::alert) rule.header.action = signature::Action::alert;
    }
}

}  // namespace

Policy::Policy() = default;
Policy::~Policy() = default;
Policy::Policy(Policy&&) noexcept = default;

/// The steps of build_policy; each adds to the policy or to the report.
struct PolicyBuilder {
    PolicyBuilder(const PolicyInput& in, PolicyReport& out) : input(in), report(out), policy(new Policy) {}

    const PolicyInput& input;
    PolicyReport& report;
    std::unique_ptr<Policy> policy;
    std::vector<signature::Rule> rules;
    config::RuleOverrides overrides;

    void take(signature::ParseReport&& parsed) {
        report.rules_failed += parsed.errors.size();
        report.rules_disabled += parsed.disabled;
        for (const auto& error : parsed.errors) note(report, error.message());
        for (signature::Rule& rule : parsed.rules) rules.push_back(std::move(rule));
    }

    Status read_rules(const signature::ParseContext& context) {
        const config::RuleSettings& settings = input.settings.rules;
        if (!settings.overrides_file.empty()) {
            auto read = config::load_overrides(settings.overrides_file);
            if (!read) return fail(read.error());
            for (const Error& error : read->errors) note(report, error.message());
            overrides = std::move(read->overrides);
        }
        std::vector<std::string> patterns = settings.files;
        if (!settings.local_file.empty() && std::filesystem::exists(settings.local_file))
            patterns.push_back(settings.local_file);
        for (const std::string& pattern : patterns) {
            auto files = expand(pattern);
            if (!files) return fail(files.error());
            for (const std::string& file : *files) {
                const auto text = read_file(file, kRuleFileMax);
                if (!text) return fail(text.error());
                signature::ParseContext here = context;
                here.rules_folder = std::filesystem::path(file).parent_path().string();
                take(signature::parse_rules(config::uncomment_overridden(*text, overrides), file, here));
            }
        }
        if (!input.rules_text.empty()) take(signature::parse_rules(input.rules_text, "rules", context));
        return {};
    }

    /// Of rules with the same id the highest revision counts, of equal ones the first (Suricata's way).
    void drop_duplicates() {
        std::map<std::pair<std::uint32_t, std::uint32_t>, std::size_t> best;
        std::vector<bool> keep(rules.size(), true);
        for (std::size_t i = 0; i < rules.size(); ++i) {
            const auto [place, fresh] = best.try_emplace({rules[i].gid, rules[i].sid}, i);
            if (fresh) continue;
            const std::size_t loser = rules[i].rev > rules[place->second].rev ? place->second : i;
            if (loser != i) place->second = i;
            keep[loser] = false;
            ++report.rules_failed;
            note(report, rules[loser].place.file + ":" + std::to_string(rules[loser].place.line) + ": sid " +
                             std::to_string(rules[loser].sid) + " is there twice; the higher revision is taken");
        }
        std::size_t at = 0;
        std::erase_if(rules, [&](const signature::Rule&) { return !keep[at++]; });
    }

    Status apply_files(const signature::ParseContext& context) {
        const config::RuleSettings& settings = input.settings.rules;
        apply_overrides(overrides, rules, report);
        if (!settings.threshold_file.empty()) {
            const auto text = read_file(settings.threshold_file, kRuleFileMax);
            if (!text) return fail(text.error());
            for (const auto& error : signature::apply_threshold_file(*text, settings.threshold_file, rules, context))
                note(report, error.message());
        }
        return {};
    }

    Status read_lists() {
        const config::UrlSettings& settings = input.settings.url;
        if (!settings.enabled) return {};
        const auto config = urlfilter::filter_config(settings);
        if (!config) return fail(config.error());
        urlfilter::BuildReport built;
        auto filter = urlfilter::Filter::build(*config, built);
        if (!filter) return fail(filter.error());
        report.url_entries = (*filter)->entries();
        report.url_rejected = built.rejected_total;
        for (const auto& line : built.rejected)
            note(report, line.to_string());
        for (const std::string& name : built.unknown_categories)
            note(report, "url.categories: no list has the category '" + name + "'");
        policy->urls_ = std::move(*filter);
        policy->ech_ = urlfilter::to_action(settings.ech);
        policy->warn_unseen_ = urlfilter::to_action(settings.warn_unseen);
        policy->warn_minutes_ = settings.warn_minutes;
        if (auto done = read_page(settings.block_page); !done) return done;
        if (const auto address = IpAddress::parse(settings.block_address))
            (address->is_v4() ? policy->dns_block_.v4 : policy->dns_block_.v6) = *address;
        return {};
    }

    Status read_page(const std::string& path) {
        policy->page_ = urlfilter::PageTemplate::built_in();
        if (path.empty()) return {};
        const auto text = read_file(path, urlfilter::kTemplateMaxBytes);
        if (!text) return fail(text.error());
        auto page = urlfilter::PageTemplate::parse(*text);
        if (!page) return fail(page.error().code, page.error().message(), path);
        policy->page_ = std::move(*page);
        return {};
    }

    Status read_applications() {
        if (!input.settings.applications.enabled) return {};
        std::vector<std::string> unknown;
        auto control = ApplicationControl::build(input.settings.applications, unknown);
        if (!control) return fail(control.error());
        for (const std::string& line : unknown) note(report, line);
        policy->applications_ = std::move(*control);
        return {};
    }

    void check_protocols() {
        const config::FastpathSettings& fastpath = input.settings.fastpath;
        for (const auto& [key, names] : {std::pair{"protocols_off", &fastpath.protocols_off},
                                         std::pair{"protocols_recognised", &fastpath.protocols_recognised}})
            for (const std::string& name : *names)
                if (!app::followed_protocol(name))
                    note(report, std::string("fastpath.") + key + ": there is no protocol '" + name + "'");
    }

    Status make_scratch() {
        const auto databases = policy->rules_->databases();
        for (unsigned worker = 0; worker < input.workers; ++worker) {
            auto scratch = std::make_unique<WorkerScratch>();
            for (const auto* db : databases)
                if (auto made = scratch->patterns.add(*db); !made) return made;
            if (policy->urls_ && policy->urls_->patterns() != nullptr)
                if (auto made = scratch->patterns.add(*policy->urls_->patterns()); !made) return made;
            policy->scratch_.push_back(std::move(scratch));
        }
        return {};
    }

    Status run() {
        auto context = parse_context(input.settings);
        if (!context) return fail(context.error());
        if (auto done = read_rules(*context); !done) return done;
        drop_duplicates();
        if (auto done = apply_files(*context); !done) return done;
        report.rules_loaded = rules.size();
        auto options = compile_options(input.settings.rules);
        if (!options) return fail(options.error());
        auto compiled = signature::compile(std::move(rules), *options);
        if (!compiled) return fail(compiled.error());
        policy->rules_ = std::move(*compiled);
        if (auto done = read_lists(); !done) return done;
        if (auto done = read_applications(); !done) return done;
        check_protocols();
        policy->contact_ = input.settings.url.contact;
        policy->box_name_ = input.settings.box_name;
        policy->drop_on_overload_ = input.settings.fastpath.on_overload == config::OnOverload::closed;
        policy->version_ = next_version();
        return make_scratch();
    }
};

Result<std::unique_ptr<const Policy>> build_policy(const PolicyInput& input, PolicyReport& report) {
    const auto start = std::chrono::steady_clock::now();
    PolicyBuilder builder(input, report);
    const Status done = builder.run();
    report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (!done) return fail(done.error());
    return std::unique_ptr<const Policy>(std::move(builder.policy));
}

std::unique_ptr<const Policy> empty_policy(unsigned workers) {
    PolicyInput input;
    input.settings.url.enabled = false;
    input.settings.applications.enabled = false;
    input.workers = workers;
    PolicyReport report;
    auto built = build_policy(input, report);
    return built ? std::move(*built) : nullptr;
}

}  // namespace sekisho::engine
