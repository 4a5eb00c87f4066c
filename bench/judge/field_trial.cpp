// The field trials through the judge: 360,000,000 events of 36 firms over 103 days in their mix, four High
// stories planted among them. Shows events a second on one core, memory, and whether exactly the four come out
// High, each within a second of its cause.
//
//   build/judge_field_trial [MILLIONS] [RULES_FOLDER]      360 and ../rules by default
//
// The mix is that of the two public reports of the trials (numbers at kMix); what they do not break down, firewall
// and proxy records, is made of flow, HTTP, DNS and TLS records. A firm is a box, so there are 36 judges on
// one core; their events come in turn, in batches as a ring gives them. A smaller number of events is a shorter time at the same density, with the mix's
// rare events in proportion; the four are always there. Exit code 0: all as promised.
#include <sys/resource.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "sekisho/judge/judge.h"

namespace {

using namespace sekisho;
using event::Action;
using event::Event;
using event::Kind;
using event::Severity;
using event::Text;

constexpr std::uint64_t kTrialEvents = 360'000'000;
constexpr std::uint32_t kFirms = 36, kHosts = 40;
constexpr std::uint64_t kBatch = 1024;
constexpr TimeNs kStart = 1'600'000'000ULL * kSecondNs;
constexpr TimeNs kTrialTime = 103ULL * 24 * 3600 * kSecondNs;

/// Events of one sort among the 360 million.
struct Sort {
    const char* what;
    std::uint64_t of_trial;
    Kind kind;
    const char* classtype_or_category;
    bool fetched = false;
};
constexpr Sort kMix[] = {
    {"advertising blocked", 19'300'086, Kind::url, "advertising"},
    {"adware blocked", 3'885, Kind::url, "adware"},
    {"compromised sites blocked", 1'705, Kind::url, "compromised"},
    {"botnet sites blocked", 843, Kind::url, "botnet"},
    {"other categories blocked", 1'612, Kind::url, "gambling"},
    {"IPS: Office memory use", 164, Kind::alert, "attempted-user", true},
    {"IPS: LNK", 109, Kind::alert, "attempted-admin", true},
    {"IPS: PDF", 67, Kind::alert, "file-format", true},
    {"IPS: others", 171, Kind::alert, "attempted-recon", true},
    {"malware files stopped", 32, Kind::alert, "trojan-activity", true},
    {"P2P", 3'587, Kind::alert, "policy-violation"},
};

struct Trial {
    Trial(std::uint64_t events, const std::string& rules) : total(events) {
        for (std::uint32_t f = 0; f < kFirms; ++f) {
            judge::JudgeSettings settings;
            settings.home = {*Network::parse("10.0.0.0/8"), *Network::parse("172.16.0.0/12"), *Network::parse("192.168.0.0/16")};
            judges.emplace_back(std::move(settings), must(judge::SeverityTable::load(rules + "/severity.yaml")),
                                must(judge::Messages::load(rules + "/messages.yaml")));
        }
        // Where each rare event stands: an even stride, each sort with its own beginning.
        for (std::size_t i = 0; i < std::size(kMix); ++i) {
            const double share = static_cast<double>(kMix[i].of_trial) / kTrialEvents;
            strides.push_back(std::max<std::uint64_t>(1, static_cast<std::uint64_t>(1.0 / share)));
            due.push_back((i * 7919 + 3) % strides.back());
        }
        for (std::size_t i = 0; i < std::size(kMix); ++i) sorts.push_back(made(kMix[i]));
        for (const Kind kind : {Kind::flow, Kind::http, Kind::dns, Kind::tls}) records.push_back(record(kind));
    }

    template <class T>
    static T must(Result<T> result) {
        if (result) return std::move(*result);
        std::fprintf(stderr, "%s\n", result.error().message().c_str());
        std::exit(2);
    }

    static Event made(const Sort& sort) {
        Event e;
        e.kind = sort.kind;
        e.action = Action::blocked;
        e.ip_protocol = 6;
        if (sort.fetched) e.direction = event::Direction::to_client;
        e.set(sort.kind == Kind::alert ? Text::classtype : Text::category, sort.classtype_or_category);
        e.set(Text::signature, sort.what);
        e.set(Text::severity, "High");  // what rules claim of themselves must not decide
        e.set(Text::host, "www.site.example");
        e.sid = 9'000'900;
        return e;
    }
    static Event record(Kind kind) {
        Event e;
        e.kind = kind;
        e.ip_protocol = kind == Kind::dns ? 17 : 6;
        e.server_port = e.dst_port = kind == Kind::http ? 80 : kind == Kind::dns ? 53 : 443;
        e.packets_to_server = e.packets_to_client = 12;
        e.bytes_to_server = 2'000;
        e.bytes_to_client = 30'000;
        e.status = kind == Kind::http ? 200 : 0;
        e.set(Text::host, kind == Kind::http ? "www.site.example" : "");
        e.set(Text::user_agent, kind == Kind::http ? "Mozilla/5.0 (Windows NT 10.0; Win64; x64)" : "");
        return e;
    }

    std::uint64_t next() noexcept {  // xorshift: the same events in each run
        random ^= random << 13;
        random ^= random >> 7;
        return random ^= random << 17;
    }

    static std::uint32_t firm_of(std::uint64_t n) noexcept { return static_cast<std::uint32_t>(n / kBatch % kFirms); }

    /// The event number `n`, without the planted ones.
    Event& event_at(std::uint64_t n) noexcept {
        for (std::size_t i = 0; i < strides.size(); ++i)
            if (n == due[i]) {
                due[i] += strides[i];
                return with_ends(sorts[i], n);
            }
        const std::uint64_t dice = n * 0x9e3779b97f4a7c15ULL >> 60;  // 0..15: 11 flows, 2 HTTP, 2 DNS, 1 TLS
        Event& e = with_ends(records[dice < 11 ? 0 : dice < 13 ? 1 : dice < 15 ? 2 : 3], n);
        if (dice == 0 && n % 8 == 0) scanned(e);
        return e;
    }
    Event& with_ends(Event& e, std::uint64_t n) noexcept {
        const std::uint64_t dice = next();
        e.time_ns = time_of(n);
        e.flow_id = n + 1;
        e.src = e.client = host(static_cast<std::uint32_t>(dice % kHosts));
        e.dst = e.server = IpAddress::v4(0xcb000000U + static_cast<std::uint32_t>(dice >> 20 & 0xffU));
        e.flow_start_ns = e.time_ns - (dice >> 40 & 0xfffU) * 1'000'000;
        e.packets_to_client = 12;
        e.bytes_to_client = 30'000;
        if (e.kind == Kind::flow) e.server_port = e.dst_port = 443;
        return e;
    }
    /// The internet's noise: somebody tries a door of the firm's router.
    void scanned(Event& e) noexcept {
        const std::uint64_t dice = next();
        e.src = e.client = IpAddress::v4(0x2d000000U + static_cast<std::uint32_t>(dice & 0xffffffU));
        e.dst = e.server = host(1);
        e.server_port = e.dst_port = static_cast<std::uint16_t>(dice >> 32);
        e.packets_to_client = e.bytes_to_client = 0;
    }
    TimeNs time_of(std::uint64_t n) const noexcept { return kStart + n * (kTrialTime / kTrialEvents); }
    static IpAddress host(std::uint32_t n) noexcept { return IpAddress::v4(0xc0a80100U + n); }

    struct High {
        std::uint64_t event = 0;
        IpAddress host;
        TimeNs behind = 0;
    };

    void take(std::uint32_t firm, const Event& e, std::uint64_t n) {
        for (auto change = judges[firm].judge(e); change; change = judges[firm].next()) {
            const event::Alert& a = *change->alert;
            ++told[static_cast<std::size_t>(a.severity)];
            if (a.notice) ++notices;
            if (a.severity == Severity::high) highs.push_back({n, a.host, e.time_ns - planted_at});
        }
    }

    /// A call to a listed site that got through (the one of the trials); three that were stopped.
    void plant(std::size_t which, std::uint64_t n) {
        const std::uint32_t firm = firm_of(n);
        planted_at = time_of(n);
        Event e = made({"planted", 0, Kind::alert, "command-and-control"});
        with_ends(e, n);
        e.client = e.src = host(200 + static_cast<std::uint32_t>(which));
        if (which == 0) {
            e = made({"planted", 0, Kind::url, "botnet"});
            with_ends(e, n);
            e.client = e.src = host(200);
            e.action = Action::allowed;
        } else if (which == 2) {
            e.set(Text::classtype, "web-application-attack");
            std::swap(e.client, e.server), std::swap(e.src, e.dst);
        } else if (which == 3) {  // a worm: 40 machines, none answers
            for (std::uint32_t i = 0; i < 39; ++i) take(firm, worm(e, i), n);
            e = worm(e, 39);
        }
        take(firm, e, n);
        planted_at = 0;
    }
    static Event worm(const Event& like, std::uint32_t i) {
        Event e = record(Kind::flow);
        e.time_ns = e.flow_start_ns = like.time_ns;
        e.flow_id = like.flow_id;
        e.client = e.src = like.client;
        e.server = e.dst = IpAddress::v4(0xc0a80200U + i);
        e.server_port = e.dst_port = 445;
        e.packets_to_client = e.bytes_to_client = 0;
        return e;
    }

    const std::uint64_t total;
    std::vector<judge::Judge> judges;
    std::vector<std::uint64_t> strides, due;
    std::vector<Event> sorts, records;
    std::uint64_t random = 88172645463325252ULL;
    std::uint64_t told[3] = {};
    std::uint64_t notices = 0;
    TimeNs planted_at = 0;  ///< of the planted event at hand; 0: none
    std::vector<High> highs;
};

/// Seconds this process had a core: the machine may have others to serve.
double core_seconds() {
    timespec now{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

long peak_mib() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss / 1024;
}

}  // namespace

int main(int argc, char** argv) {
    const std::uint64_t millions = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 360;
    const std::string rules = argc > 2 ? argv[2] : SEKISHO_SOURCE_DIR "/rules";
    const std::uint64_t total = std::max<std::uint64_t>(millions, 1) * 1'000'000;
    using Clock = std::chrono::steady_clock;

    Trial dry(total, rules);  // what making the events costs, to be taken off
    const std::uint64_t sample = std::min<std::uint64_t>(total, 10'000'000);
    double start = core_seconds();
    std::uint64_t sum = 0;
    for (std::uint64_t n = 0; n < sample; ++n) sum += dry.event_at(n).time_ns;
    const double making = (core_seconds() - start) / static_cast<double>(sample);
    std::printf("making an event: %.0f ns (checksum %llx)\n", making * 1e9, static_cast<unsigned long long>(sum));

    Trial trial(total, rules);
    const std::uint64_t plants[] = {total / 5, total / 5 * 2 + 7, total / 5 * 3 + 11, total / 5 * 4 + 13};
    std::size_t planted = 0;
    std::vector<long> memory;
    start = core_seconds();
    const auto begun = Clock::now();
    for (std::uint64_t n = 0; n < total; ++n) {
        if (planted < std::size(plants) && n == plants[planted]) trial.plant(planted++, n);
        trial.take(Trial::firm_of(n), trial.event_at(n), n);
        if (n % 3'600'000 == 0)  // as the daemon does: what changed goes to the journal, idle stories are closed
            for (auto& judge : trial.judges) {
                judge.close_idle(trial.time_of(n));
                judge.take_changed([](const event::Alert&) {});
            }
        if ((n + 1) % (total / 4) == 0) memory.push_back(peak_mib());
    }
    const double seconds = core_seconds() - start;
    const double wall = std::chrono::duration<double>(Clock::now() - begun).count();
    const double judging = seconds - making * static_cast<double>(total);

    std::uint64_t counted_only = 0, ignored = 0, judged = 0, stories = 0, sightings = 0, folded = 0;
    for (const auto& judge : trial.judges) {
        const auto& c = judge.counts();
        counted_only += c.count_only, ignored += c.ignored, judged += c.judged, stories += c.opened, sightings += c.sightings, folded += c.folded;
    }
    const double rate = static_cast<double>(total) / seconds;
    std::printf("events: %llu in %.1f s of one core (%.1f s on the clock): %.2f million a second with their making, %.2f million without\n",
                static_cast<unsigned long long>(total), seconds, wall, rate / 1e6, static_cast<double>(total) / judging / 1e6);
    std::printf("records %llu, only counted %llu, judged %llu (behaviour %llu), stories %llu\n", static_cast<unsigned long long>(ignored),
                static_cast<unsigned long long>(counted_only), static_cast<unsigned long long>(judged), static_cast<unsigned long long>(sightings),
                static_cast<unsigned long long>(stories));
    std::printf("told: High %llu, Medium %llu, Low %llu; notices to people %llu, folded %llu\n", static_cast<unsigned long long>(trial.told[2]),
                static_cast<unsigned long long>(trial.told[1]), static_cast<unsigned long long>(trial.told[0]),
                static_cast<unsigned long long>(trial.notices), static_cast<unsigned long long>(folded));
    std::printf("peak memory of %u judges, MiB, by quarter:", kFirms);
    for (const long mib : memory) std::printf(" %ld", mib);
    std::printf("\n");
    bool good = trial.highs.size() == std::size(plants) && rate >= 1e6;
    for (std::size_t i = 0; i < trial.highs.size(); ++i) {
        const auto& high = trial.highs[i];
        const bool ours = i < std::size(plants) && high.event == plants[i] && high.behind <= kSecondNs;
        std::printf("High at event %llu, host %s: %s\n", static_cast<unsigned long long>(high.event), high.host.to_string().c_str(),
                    ours ? "planted, told with its cause" : "NOT PLANTED");
        good = good && ours;
    }
    std::printf("%s\n", good ? "as promised" : "NOT as promised");
    return good ? 0 : 1;
}
