#include "cli/quarantine_file.h"

#include <algorithm>
#include <ostream>

#include "cli/daemon.h"
#include "cli/text_table.h"
#include "sekisho/base/clock.h"
#include "sekisho/base/file_text.h"
#include "sekisho/base/text.h"

namespace sekisho::cli {
namespace {

constexpr std::size_t kFileMax = 1U << 20;
constexpr unsigned kFileMode = 0644;
constexpr std::int64_t kLongest = 366LL * 24 * 3600;

Status tell_fastpath(Context& context, const config::Settings& settings) {
    const auto answer = ask(settings, Daemon::fastpath, {"quarantine", {}});
    if (answer) return {};
    if (!not_running(answer.error())) return fail(answer.error());
    context.err << "sekisho: kept, and applied when the fast path starts: " << printable(answer.error().message()) << "\n";
    return {};
}

}  // namespace

std::int64_t now_seconds() { return static_cast<std::int64_t>(SystemClock().now() / kSecondNs); }

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

Result<std::vector<QuarantineLine>> read_quarantine(const std::string& path) {
    std::vector<QuarantineLine> lines;
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

Status save_quarantine(Context& context, const config::Settings& settings, const std::vector<QuarantineLine>& lines) {
    const std::string& path = settings.fastpath.quarantine_file;
    const auto before = read_file(path, kFileMax);
    std::string text = "# Hosts that are cut off: ADDRESS UNTIL(seconds since the epoch, 0: no end) REASON. Written by `sekisho quarantine`.\n";
    for (const QuarantineLine& line : lines) text += line.host.to_string() + " " + std::to_string(line.until) + " " + line.reason + "\n";
    if (auto written = write_file_atomic(path, text, kFileMode); !written) return written;
    auto told = tell_fastpath(context, settings);
    if (!told && before) static_cast<void>(write_file_atomic(path, *before, kFileMode));
    return told;
}

std::string time_text(std::int64_t until) {
    return until == 0 ? "until removed" : "until " + format_time(static_cast<TimeNs>(until) * kSecondNs, true).substr(0, 19) + " UTC";
}

}  // namespace sekisho::cli
