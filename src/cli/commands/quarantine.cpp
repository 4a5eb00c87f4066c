// `quarantine`: hosts that are cut off. The file is the record, the fast path reads it: at its start, and when it
// is asked to. One host a line: ADDRESS UNTIL REASON (see engine/quarantine.h).
#include <algorithm>
#include <ostream>

#include "cli/commands/commands.h"
#include "cli/daemon.h"
#include "cli/text_table.h"
#include "sekisho/base/address.h"
#include "sekisho/base/clock.h"
#include "sekisho/base/file_text.h"
#include "sekisho/base/text.h"
#include "sekisho/event/json_writer.h"

namespace sekisho::cli {
namespace {

constexpr std::size_t kFileMax = 1U << 20, kHostsMax = 1024, kReasonMax = 200;
constexpr unsigned kFileMode = 0644;
constexpr std::int64_t kLongest = 366LL * 24 * 3600;

struct Line {
    IpAddress host;
    std::int64_t until = 0;  ///< seconds since the epoch; 0: no end
    std::string reason;
};

std::int64_t now_seconds() { return static_cast<std::int64_t>(SystemClock().now() / kSecondNs); }

/// "30m", "8h", "2d" in seconds.
std::optional<std::int64_t> parse_duration(std::string_view text) {
    constexpr std::pair<char, std::int64_t> kUnits[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86'400}};
    if (text.size() < 2) return std::nullopt;
    for (const auto& [letter, seconds] : kUnits) {
        if (text.back() != letter) continue;
        const auto number = parse_int(text.substr(0, text.size() - 1), 1, kLongest / seconds);
        return number ? std::optional(*number * seconds) : std::nullopt;
    }
    return std::nullopt;
}

/// The hosts still cut off. Lines that do not read are kept out: the fast path would refuse the whole file.
Result<std::vector<Line>> read_lines(const std::string& path) {
    std::vector<Line> lines;
    const auto text = read_file(path, kFileMax);
    if (!text && text.error().code == ErrorCode::not_found) return lines;
    if (!text) return fail(text.error());
    for (const auto raw : split(*text, '\n')) {
        const auto words = split(trim(raw), ' ');
        if (words.size() < 2) continue;
        const auto host = IpAddress::parse(words[0]);
        const auto until = parse_int(words[1], 0, std::int64_t{1} << 33);
        if (!host || !until || (*until != 0 && *until <= now_seconds())) continue;
        const std::size_t head = std::min(words[0].size() + words[1].size() + 2, trim(raw).size());
        lines.push_back({*host, *until, std::string(trim(raw).substr(head))});
    }
    return lines;
}

Status tell_fastpath(Context& context, const config::Settings& settings) {
    const auto answer = ask(settings, Daemon::fastpath, {"quarantine", {}});
    if (answer) return {};
    if (!not_running(answer.error())) return fail(answer.error());
    context.err << "sekisho: kept, and applied when the fast path starts: " << printable(answer.error().message()) << "\n";
    return {};
}

/// Writes the file and lets the fast path take it; put back when it refuses.
Status save(Context& context, const config::Settings& settings, const std::vector<Line>& lines) {
    const std::string& path = settings.fastpath.quarantine_file;
    const auto before = read_file(path, kFileMax);
    std::string text = "# Hosts that are cut off: ADDRESS UNTIL(seconds since the epoch, 0: no end) REASON. Written by `sekisho quarantine`.\n";
    for (const Line& line : lines) text += line.host.to_string() + " " + std::to_string(line.until) + " " + line.reason + "\n";
    if (auto written = write_file_atomic(path, text, kFileMode); !written) return written;
    auto told = tell_fastpath(context, settings);
    if (!told && before) static_cast<void>(write_file_atomic(path, *before, kFileMode));
    return told;
}

std::string time_text(std::int64_t until) {
    return until == 0 ? "until removed" : "until " + format_time(static_cast<TimeNs>(until) * kSecondNs, true).substr(0, 19) + " UTC";
}

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
    if (wish.line.reason.size() > kReasonMax) return {{}, "the reason is longer than 200 octets"};
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
    auto lines = read_lines(settings->fastpath.quarantine_file);
    if (!lines) return context.refuse(lines.error());
    std::erase_if(*lines, [&](const Line& line) { return line.host == wish.line.host; });
    if (lines->size() >= kHostsMax) return context.refuse("1024 hosts are cut off already; remove some first");
    lines->push_back(wish.line);
    if (auto saved = save(context, *settings, *lines); !saved) return context.refuse(saved.error());
    context.out << wish.line.host.to_string() << " is cut off " << time_text(wish.line.until) << "; undo: sekisho quarantine remove "
                << wish.line.host.to_string() << "\n";
    return Exit::done;
}

Exit remove_quarantine(Context& context, const Words& args) {
    const auto* settings = context.settings();
    if (!settings) return Exit::failed;
    const auto host = IpAddress::parse(args[0]);
    auto lines = read_lines(settings->fastpath.quarantine_file);
    if (!lines) return context.refuse(lines.error());
    if (!host || std::erase_if(*lines, [&](const Line& line) { return line.host == *host; }) == 0)
        return context.refuse("'" + args[0] + "' is not cut off; `sekisho quarantine list` shows who is");
    if (auto saved = save(context, *settings, *lines); !saved) return context.refuse(saved.error());
    context.out << host->to_string() << " is free again\n";
    return Exit::done;
}

Exit list_quarantine(Context& context, const Words&) {
    const auto* settings = context.settings();
    if (!settings) return Exit::failed;
    const auto lines = read_lines(settings->fastpath.quarantine_file);
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
