// `config set | commit | discard | rollback`: changing settings. A commit that the fast path
// refuses is rolled back by itself.
#include <algorithm>
#include <ostream>

#include "cli/commands/commands.h"
#include "cli/reload.h"
#include "cli/text_table.h"
#include "sekisho/base/text.h"
#include "sekisho/config/store.h"

namespace sekisho::cli {
namespace {

/// What a change of settings needs to take effect. The fast path reads rules and lists again while
/// it runs; ports, memory and the slow path's files are taken at start.
struct Effect {
    bool reload = false;
    bool restart_fastpath = false;
    bool restart_slowpath = false;
};

Effect effect_of(const std::vector<std::string>& changed) {
    Effect effect;
    for (const auto& path : changed) {
        const bool fast = path.starts_with("fastpath."), slow = path.starts_with("slowpath.");
        const bool policy =
            path.starts_with("rules.") || path.starts_with("url.") || path == "home_net" ||
            path.starts_with("applications.groups") || path.starts_with("applications.named");
        effect.reload |= policy;
        effect.restart_fastpath |= fast || (!slow && !policy);
        effect.restart_slowpath |= slow || path == "home_net" || (!fast && !policy);
    }
    return effect;
}

void tell_restart(Context& context, const Effect& effect) {
    std::string units;
    if (effect.restart_fastpath) units += " sekisho-fastpathd";
    if (effect.restart_slowpath) units += " sekisho-slowpathd";
    if (!units.empty())
        context.out << "some of it takes effect after: systemctl restart" << units << "\n";
}

std::string named(const std::vector<std::string>& changed) {
    std::string names;
    for (const auto& path : changed) names += (names.empty() ? "" : ", ") + path;
    return names.empty() ? "no setting, only text" : names;
}

/// @param back  the revision to return to when the fast path refuses; empty: there is none
Exit apply(Context& context, config::Store& store, const config::Committed& committed,
           std::optional<std::uint32_t> back) {
    context.forget_settings();
    const auto* settings = context.settings();
    if (!settings) return Exit::failed;
    const Effect effect = effect_of(committed.changed);
    context.out << "revision " << committed.number
                << " is in force; changed: " << named(committed.changed) << "\n";
    if (effect.reload) {
        if (auto reloaded = reload_fastpath(context, *settings); !reloaded) {
            context.refuse(reloaded.error());
            if (!back)
                return context.refuse(
                    "there is no earlier revision to go back to; mend the settings and commit "
                    "again");
            const auto refused = store.live();
            if (const auto undone = store.rollback(back); !undone)
                return context.refuse(undone.error());
            // What was refused is the candidate again: a mistake must not cost the admin his other
            // changes.
            if (refused)
                if (auto kept = store.set_candidate(*refused); !kept) context.refuse(kept.error());
            return context.refuse("rolled back to revision " + std::to_string(*back) +
                                  "; the candidate is kept, mend it and commit again");
        }
    }
    tell_restart(context, effect);
    return Exit::done;
}

/// The revision that the newest one replaced.
std::optional<std::uint32_t> revision_before(const config::Store& store, std::uint32_t number) {
    std::optional<std::uint32_t> before;
    if (const auto history = store.history())
        for (const auto& one : *history)
            if (one.number < number) before = one.number;
    return before;
}

}  // namespace

Exit set_config(Context& context, const Words& args) {
    config::Store store(context.config_file);
    if (auto set = store.set(args[0], args[1]); !set) return context.refuse(set.error());
    context.out << "candidate: " << printable(args[0]) << " = " << printable(args[1])
                << "; `sekisho config commit` applies it\n";
    return Exit::done;
}

Exit commit_config(Context& context, const Words&) {
    config::Store store(context.config_file);
    const auto committed = store.commit();
    if (!committed) return context.refuse(committed.error());
    return apply(context, store, *committed, revision_before(store, committed->number));
}

Exit discard_config(Context& context, const Words&) {
    config::Store store(context.config_file);
    if (!store.has_candidate()) return context.refuse("there is no candidate");
    if (auto gone = store.discard(); !gone) return context.refuse(gone.error());
    context.out << "the candidate is gone; the settings in force are as they were\n";
    return Exit::done;
}

Exit rollback_config(Context& context, const Words& args) {
    std::optional<std::uint32_t> number;
    if (!args.empty()) {
        const auto asked = parse_int(args[0], 1, UINT32_MAX);
        if (!asked)
            return context.refuse("'" + args[0] +
                                  "' is not a revision; `sekisho config history` lists them"),
                   Exit::usage;
        number = static_cast<std::uint32_t>(*asked);
    }
    config::Store store(context.config_file);
    const auto committed = store.rollback(number);
    if (!committed) return context.refuse(committed.error());
    return apply(context, store, *committed, revision_before(store, committed->number));
}

}  // namespace sekisho::cli
