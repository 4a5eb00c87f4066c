// `url update | import | forget`: lists from elsewhere into url.database.
#include <filesystem>
#include <fstream>
#include <ostream>

#include "cli/commands/commands.h"
#include "cli/reload.h"
#include "cli/text_table.h"
#include "cli/url_sources.h"
#include "sekisho/event/json_writer.h"

namespace sekisho::cli {
namespace {

constexpr std::size_t kRejectedShown = 10;

std::string state_of(const SourceOutcome& outcome) {
    if (!outcome.trouble.empty()) return outcome.entries != 0 ? "kept the last good one: " + outcome.trouble : "not taken: " + outcome.trouble;
    return outcome.unchanged ? "unchanged" : "taken";
}

void show(Context& context, const std::vector<SourceOutcome>& outcomes) {
    TextTable table({"LIST", "ENTRIES", "BEFORE", "REFUSED LINES", "STATE"});
    for (const SourceOutcome& one : outcomes) {
        if (context.json) {
            std::string line;
            event::JsonWriter json(line);
            json.begin_object();
            json.field("list", one.name);
            json.field("entries", one.entries);
            json.field("before", one.before);
            json.field("rejected", one.rejected);
            json.field("taken", one.taken);
            json.field("unchanged", one.unchanged);
            json.field_if("trouble", one.trouble);
            json.end_object();
            context.out << line << "\n";
        }
        table.add({one.name, std::to_string(one.entries), std::to_string(one.before), std::to_string(one.rejected), printable(state_of(one))});
    }
    if (!context.json) context.out << table.text();
}

/// Compiles what is there and has the fast path take it. Every refused line is written beside the database.
Exit compile(Context& context, const config::Settings& settings, const UrlSources& sources) {
    const std::string told = settings.url.database + ".rejected";
    std::ofstream lines(told);
    std::size_t shown = 0;
    const auto report = sources.compile([&](const urlfilter::RejectedLine& line) {
        lines << line.to_string() << "\n";
        if (shown++ < kRejectedShown) context.err << "sekisho: left out: " << printable(line.to_string()) << "\n";
    });
    if (!report) return context.refuse(report.error());
    if (!lines.flush()) return context.refuse({ErrorCode::io, "cannot be written", told});
    if (shown > kRejectedShown) context.err << "sekisho: ... " << shown << " lines in all: " << told << "\n";
    if (!context.json)
        context.out << report->entries << " names and URLs of " << report->sources.size() << " lists in "
                    << settings.url.database << ", " << report->image_bytes << " octets\n";
    if (auto taken = reload_fastpath(context, settings); !taken) return context.refuse(taken.error());
    return Exit::done;
}

const config::Settings* settings_with_database(Context& context) {
    const auto* settings = context.settings();
    if (!settings) return nullptr;
    if (!settings->url.database.empty()) return settings;
    context.refuse("url.database is not set; `sekisho config set url.database PATH`, then commit");
    return nullptr;
}

Exit finish(Context& context, const config::Settings& settings, const UrlSources& sources, const std::vector<SourceOutcome>& outcomes) {
    show(context, outcomes);
    bool taken = !std::filesystem::exists(settings.url.database);
    bool trouble = false;
    for (const auto& one : outcomes) {
        taken = taken || one.taken;
        trouble = trouble || !one.trouble.empty();
        if (!one.trouble.empty()) context.err << "sekisho: " << printable(one.name + ": " + state_of(one)) << "\n";
    }
    if (taken && !sources.names().empty())
        if (const Exit done = compile(context, settings, sources); done != Exit::done) return done;
    return trouble ? Exit::failed : Exit::done;
}

}  // namespace

Exit update_urls(Context& context, const Words& args) {
    const auto* settings = settings_with_database(context);
    if (!settings) return Exit::failed;
    const UrlSources sources(settings->url);
    std::vector<SourceOutcome> outcomes;
    for (const auto& source : settings->url.sources)
        if (args.empty() || source.name == args[0]) outcomes.push_back(sources.update(source));
    if (outcomes.empty() && !args.empty()) return context.refuse("url.sources names no list '" + printable(args[0]) + "'");
    if (outcomes.empty()) {  // the timer's case on a box that has only its folders
        if (!context.json) context.out << "url.sources names no list: nothing to fetch\n";
        return Exit::done;
    }
    return finish(context, *settings, sources, outcomes);
}

Exit import_urls(Context& context, const Words& args) {
    const auto* settings = settings_with_database(context);
    if (!settings) return Exit::failed;
    config::UrlSource source;
    source.from = args[0];
    source.name = args.size() > 1 ? args[1] : std::filesystem::path(args[0]).filename().string();
    source.category = context.option("--category");
    source.format = context.options.contains("--format") ? context.option("--format") : "auto";
    const UrlSources sources(settings->url);
    return finish(context, *settings, sources, {sources.update(source)});
}

Exit forget_urls(Context& context, const Words& args) {
    const auto* settings = settings_with_database(context);
    if (!settings) return Exit::failed;
    const UrlSources sources(settings->url);
    const auto forgotten = sources.forget(args[0]);
    if (!forgotten) return context.refuse(forgotten.error());
    if (!*forgotten) return context.refuse("there is no list '" + printable(args[0]) + "'");
    return compile(context, *settings, sources);
}

}  // namespace sekisho::cli
