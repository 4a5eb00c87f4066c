// `quarantine`: hosts that are cut off. The file is the record, the fast path reads it: at its start, and when it
// is asked to. One host a line: ADDRESS UNTIL REASON (see engine/quarantine.h).
#include <algorithm>
#include <ostream>

#include "cli/commands/commands.h"
#include "cli/quarantine_file.h"
#include "cli/text_table.h"
#include "sekisho/base/text.h"
#include "sekisho/event/json_writer.h"

namespace sekisho::cli {
namespace {

using Line = QuarantineLine;

struct Wish {
    Line line;
    std::string mistake;  ///< empty: none
};

Wish read_wish(const Context& context, const Words& args) {
    Wish wish;
    const auto host = IpAddress::parse(args[0]);
    if (!host) return {{}, "'" + args[0] + "' is no IP address"};
    wish.line.host = *host;
    if (const std::string lasting = context.option("--for"); !lasting.empty()) {
        const auto seconds = parse_duration(lasting);
        if (!seconds) return {{}, "behind --for stands a time such as 30m, 8h or 2d, at most 366d"};
        wish.line.until = now_seconds() + *seconds;
    }
    wish.line.reason = context.option("--reason");
    for (std::size_t i = 1; i < args.size(); ++i) wish.line.reason += " " + args[i];  // a reason without quotes
    std::replace_if(wish.line.reason.begin(), wish.line.reason.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
    if (trim(wish.line.reason).empty()) return {{}, "a reason is needed: --reason WORDS; people at the host read it"};
    if (wish.line.reason.size() > kQuarantineReasonMax) return {{}, "the reason is longer than 200 octets"};
    return wish;
}

}  // namespace

Exit add_quarantine(Context& context, const Words& args) {
    const auto* settings = context.settings();
    if (!settings) return Exit::failed;
    Wish wish = read_wish(context, args);
    if (!wish.mistake.empty()) {
        context.err << "sekisho: " << printable(wish.mistake) << "\n";
        return Exit::usage;
    }
    auto lines = read_quarantine(settings->fastpath.quarantine_file);
    if (!lines) return context.refuse(lines.error());
    std::erase_if(*lines, [&](const Line& line) { return line.host == wish.line.host; });
    if (lines->size() >= kQuarantineHostsMax) return context.refuse("1024 hosts are cut off already; remove some first");
    lines->push_back(wish.line);
    if (auto saved = save_quarantine(context, *settings, *lines); !saved) return context.refuse(saved.error());
    context.out << wish.line.host.to_string() << " is cut off " << time_text(wish.line.until) << "; undo: sekisho quarantine remove "
                << wish.line.host.to_string() << "\n";
    return Exit::done;
}

Exit remove_quarantine(Context& context, const Words& args) {
    const auto* settings = context.settings();
    if (!settings) return Exit::failed;
    const auto host = IpAddress::parse(args[0]);
    auto lines = read_quarantine(settings->fastpath.quarantine_file);
    if (!lines) return context.refuse(lines.error());
    if (!host || std::erase_if(*lines, [&](const Line& line) { return line.host == *host; }) == 0)
        return context.refuse("'" + args[0] + "' is not cut off; `sekisho quarantine list` shows who is");
    if (auto saved = save_quarantine(context, *settings, *lines); !saved) return context.refuse(saved.error());
    context.out << host->to_string() << " is free again\n";
    return Exit::done;
}

Exit list_quarantine(Context& context, const Words&) {
    const auto* settings = context.settings();
    if (!settings) return Exit::failed;
    const auto lines = read_quarantine(settings->fastpath.quarantine_file);
    if (!lines) return context.refuse(lines.error());
    if (context.json) {
        std::string text;
        event::JsonWriter json(text);
        json.begin_array();
        for (const Line& line : *lines) {
            json.begin_object();
            json.field("host", line.host.to_string());
            json.field("until", line.until);
            json.field("reason", line.reason);
            json.end_object();
        }
        json.end_array();
        context.out << text << "\n";
        return Exit::done;
    }
    TextTable table({"HOST", "ENDS", "REASON"});
    for (const Line& line : *lines) table.add({line.host.to_string(), time_text(line.until), printable(line.reason)});
    context.out << (table.empty() ? "nobody is cut off\n" : table.text());
    return Exit::done;
}

}  // namespace sekisho::cli
