#include "fastpath/commands.h"

#include <algorithm>

#include "fastpath/limits.h"
#include "fastpath/rule_json.h"
#include "sekisho/base/clock.h"
#include "sekisho/base/file_text.h"
#include "sekisho/base/text.h"
#include "sekisho/event/json_writer.h"
#include "sekisho/urlfilter/answer_text.h"

namespace sekisho::fastpath {

using control::Reply;

/// A command word, how many arguments it takes, and one sentence.
struct CommandTable {
    struct Entry {
        std::string_view word;
        std::size_t least, most;
        std::string_view usage;
        Reply (Commands::*run)(const Commands::Args&);
    };
    static constexpr Entry kEntries[] = {
        {"status", 0, 0, "status: the box at a glance, JSON", &Commands::status},
        {"counters", 0, 0, "counters: every counter, summed and for each worker, JSON", &Commands::counters},
        {"reload", 0, 1, "reload [nowait]: read settings, rules and lists again and put them in force, JSON",
         &Commands::reload},
        {"rules", 0, 0, "rules: the running rules, a JSON object a line", &Commands::rules},
        {"rule", 1, 1, "rule SID: one running rule, JSON", &Commands::rule},
        {"url-test", 1, 3, "url-test NAME [PATH [CLIENT]]: what the URL filter says, JSON", &Commands::url_test},
        {"url-categories", 0, 0, "url-categories: each category, a JSON object a line", &Commands::url_categories},
        {"quarantine", 0, 0, "quarantine: read the file of hosts that are cut off again and put it in force; JSON",
         &Commands::quarantine},
        {"stop", 0, 0, "stop: end the daemon", &Commands::stop},
        {"help", 0, 0, "help: these lines", &Commands::help},
    };
};

namespace {

Reply refusal(std::string why) { return {false, std::move(why)}; }

}  // namespace

Commands::Commands(Sight sight, Policies& policies, PolicyKeeper* keeper, Quarantines& quarantines, std::function<void()> stop)
    : sight_(sight), reader_(policies.add_reader()), keeper_(keeper), quarantines_(quarantines), stop_(std::move(stop)) {}

Reply Commands::answer(const control::Request& request) {
    for (const auto& entry : CommandTable::kEntries) {
        if (entry.word != request.command) continue;
        if (request.args.size() < entry.least || request.args.size() > entry.most)
            return refusal("usage: " + std::string(entry.usage));
        return (this->*entry.run)(request.args);
    }
    return refusal("unknown command '" + request.command + "'; try help");
}

template <class Use>
Reply Commands::with_policy(Use&& use) {
    if (!keeper_) return refusal("the box only forwards (--forward-only): no policy is loaded");
    const engine::Policy& policy = *reader_.acquire();
    Reply reply = use(policy);
    reader_.release();
    return reply;
}

Reply Commands::status(const Args&) { return {true, status_json(sight_)}; }

Reply Commands::counters(const Args&) { return {true, counters_json(sight_)}; }

Reply Commands::reload(const Args& args) {
    if (!keeper_) return refusal("the box only forwards (--forward-only): nothing to reload");
    if (!args.empty() && args[0] != "nowait") return refusal("usage: reload [nowait]");
    const std::uint64_t number = keeper_->request();
    if (!args.empty()) return {true, "{\"requested\":" + std::to_string(number) + "}"};
    const auto state = keeper_->wait(number);
    if (state.finished < number) return refusal("the daemon is stopping");
    return {state.error.empty(), state.error.empty() ? reload_json(state) : state.error};
}

Reply Commands::rules(const Args&) {
    return with_policy([](const engine::Policy& policy) { return Reply{true, rules_json(policy.rules())}; });
}

Reply Commands::rule(const Args& args) {
    const auto sid = parse_int(args[0], 0, UINT32_MAX);
    if (!sid) return refusal("'" + args[0] + "' is no rule number");
    return with_policy([&](const engine::Policy& policy) {
        const auto* found = policy.rules().find(static_cast<std::uint32_t>(*sid));
        return found ? Reply{true, rule_json(*found)} : refusal("no running rule has sid " + args[0]);
    });
}

Reply Commands::url_test(const Args& args) {
    return with_policy([&](const engine::Policy& policy) {
        const auto* filter = policy.urls();
        if (!filter) return refusal("the URL filter is off, or its lists are not loaded yet");
        const std::string path = args.size() > 1 ? args[1] : "";
        urlfilter::Query query{args[0], path};
        query.now_s = SystemClock().now() / kSecondNs;
        if (args.size() > 2) {
            const auto client = IpAddress::parse(args[2]);
            if (!client) return refusal("'" + args[2] + "' is no address");
            query.client.address = *client;
        }
        // Scratch of its own: those of the policy belong to the workers.
        signature::PatternScratch scratch;
        if (filter->patterns() != nullptr && scratch.add(*filter->patterns())) query.scratch = &scratch;
        return Reply{true, urlfilter::answer_json(*filter, query)};
    });
}

Reply Commands::url_categories(const Args&) {
    return with_policy([](const engine::Policy& policy) {
        return policy.urls() ? Reply{true, urlfilter::categories_json(*policy.urls())} : refusal("the URL filter is off");
    });
}

Result<std::size_t> Commands::load_quarantine() {
    const std::string& path = sight_.settings.fastpath.quarantine_file;
    const auto text = read_file(path, kQuarantineFileMax);
    if (!text && text.error().code != ErrorCode::not_found) return fail(text.error());
    auto hosts = engine::Quarantine::parse(text.value_or(std::string()), path, sight_.settings.url.contact);
    if (!hosts) return fail(hosts.error());
    const std::size_t count = hosts->entries().size();
    quarantines_.publish(std::make_unique<const engine::Quarantine>(std::move(*hosts)));
    return count;
}

Reply Commands::quarantine(const Args&) {
    if (!keeper_) return refusal("the box only forwards (--forward-only): nobody can be cut off");
    const auto count = load_quarantine();
    if (!count) return refusal(count.error().message());
    return {true, "{\"hosts\":" + std::to_string(*count) + "}"};
}

Reply Commands::stop(const Args&) {
    stop_();
    return {true, "stopping"};
}

Reply Commands::help(const Args&) {
    std::string text = "ping: answered with pong\n";
    for (const auto& entry : CommandTable::kEntries) text += std::string(entry.usage) + "\n";
    return {true, text};
}

}  // namespace sekisho::fastpath
