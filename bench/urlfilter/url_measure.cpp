// The URL database by itself, for bench/url: builds one from a folder of lists, or opens one and answers queries.
//
//   url_measure build FOLDER DATABASE
//   url_measure query DATABASE QUERIES [ROUNDS]     one host name a line
//
// Prints one JSON object. Names are judged as they come from the wire: spelling, all parents, list and category.
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <fstream>
#include <string>
#include <vector>

#include "sekisho/base/file_text.h"
#include "sekisho/base/text.h"
#include "sekisho/urlfilter/database.h"

using namespace sekisho;
using namespace sekisho::urlfilter;

namespace {

constexpr std::size_t kBurst = 32;  // as many frames as a worker takes from a port at once

using Clock = std::chrono::steady_clock;
/// Time that this thread had a core for: neighbours on the machine do not count.
double cpu_seconds() {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}
double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// Largest resident set so far, and the resident set now, in octets.
std::size_t peak_bytes() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return static_cast<std::size_t>(usage.ru_maxrss) * 1024;
}
std::size_t resident_bytes() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmRSS:")) return std::stoul(line.substr(6)) * 1024;
    return 0;
}

int tell(const Error& error) {
    std::fprintf(stderr, "url_measure: %s\n", error.message().c_str());
    return 1;
}

int build(const std::string& folder, const std::string& file) {
    const auto start = Clock::now();
    const auto sources = find_lists(folder);
    if (!sources) return tell(sources.error());
    BuildReport report;
    const auto database = Database::build(*sources, report);
    if (!database) return tell(database.error());
    if (auto written = database->write(file); !written) return tell(written.error());
    std::printf("{\"seconds\":%.2f,\"entries\":%llu,\"rejected\":%llu,\"duplicates\":%llu,\"categories\":%zu,"
                "\"octets\":%zu,\"peak_octets\":%zu}\n",
                seconds_since(start), static_cast<unsigned long long>(database->entries()),
                static_cast<unsigned long long>(report.rejected_total),
                static_cast<unsigned long long>(report.duplicates_total), database->category_count(),
                database->image_bytes(), peak_bytes());
    return 0;
}

int query(const std::string& file, const std::string& queries, unsigned rounds) {
    // In one piece, as names come in a packet that was just read: what is measured is not how a list of texts lies
    // in memory.
    const auto text = read_file(queries, std::size_t{1} << 30);
    if (!text) return tell(text.error());
    std::vector<std::string_view> hosts = split(*text, '\n');
    std::erase(hosts, std::string_view{});
    if (hosts.empty()) return tell({ErrorCode::invalid, "no queries", queries});
    const std::size_t before = resident_bytes();
    auto start = Clock::now();
    const auto database = Database::open(file);
    const double open_seconds = seconds_since(start);
    if (!database) return tell(database.error());
    std::size_t hits = 0;
    std::size_t by_category = 0;
    const auto note = [&](const Match& match) {
        if (!match) return;
        ++hits;
        for (const std::uint32_t line : database->lines(match)) by_category += database->origin(line).category;
    };
    std::vector<Match> matches(hosts.size());
    double single = 1e9;
    double burst = 1e9;
    for (unsigned round = 0; round < rounds; ++round) {
        hits = by_category = 0;
        double begun = cpu_seconds();
        for (const std::string_view host : hosts) note(database->lookup(HostName(host), {}));
        single = std::min(single, cpu_seconds() - begun);
        hits = by_category = 0;
        begun = cpu_seconds();
        for (std::size_t at = 0; at < hosts.size(); at += kBurst) {
            const std::size_t count = std::min(kBurst, hosts.size() - at);
            database->lookup(std::span(hosts).subspan(at, count), std::span(matches).subspan(at, count));
            for (std::size_t i = 0; i < count; ++i) note(matches[at + i]);
        }
        burst = std::min(burst, cpu_seconds() - begun);
    }
    const std::size_t resident = resident_bytes() - before;
    start = Clock::now();
    const auto verified = database->verify();
    if (!verified) return tell(verified.error());
    std::printf("{\"open_seconds\":%.6f,\"verify_seconds\":%.3f,\"queries\":%zu,\"hits\":%zu,\"lookups_per_second\":%.0f,"
                "\"burst_lookups_per_second\":%.0f,"
                "\"resident_octets\":%zu,\"category_sum\":%zu}\n",
                open_seconds, seconds_since(start), hosts.size(), hits, static_cast<double>(hosts.size()) / single,
                static_cast<double>(hosts.size()) / burst, resident,
                by_category);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc == 4 && std::strcmp(argv[1], "build") == 0) return build(argv[2], argv[3]);
    if (argc >= 4 && std::strcmp(argv[1], "query") == 0)
        return query(argv[2], argv[3], argc > 4 ? static_cast<unsigned>(std::atoi(argv[4])) : 3);
    std::fprintf(stderr, "usage: url_measure build FOLDER DATABASE | query DATABASE QUERIES [ROUNDS]\n");
    return 2;
}
