#include "judge/behaviour/brute_force.h"

#include <algorithm>

#include "judge/limits.h"
#include "sekisho/base/text.h"

namespace sekisho::judge {
namespace {

using event::Event;
using event::Outcome;
using event::Text;

constexpr TimeNs kWindow = 300 * kSecondNs;
constexpr std::uint32_t kTries = 20;               // people mistype; nobody does twenty times in five minutes
constexpr TimeNs kShort = 30 * kSecondNs;          // a try ends by then; servers cut the login phase off
constexpr std::uint64_t kSmall = 16'384;           // octets from the server in a try: banner, keys, a refusal
constexpr std::uint64_t kLargerBy = 4;             // a session that worked against the mean of the tries
constexpr std::uint16_t kLoginPorts[] = {21, 22, 23, 110, 143, 389, 445, 465, 587, 993, 995, 1433, 1723, 2222, 3306, 3389, 5432, 5900, 5985};
constexpr std::string_view kLoginPages[] = {"login", "signin", "logon", "xmlrpc.php", "wp-login", "auth"};

bool login_page(std::string_view url) noexcept {
    for (const auto word : kLoginPages)
        for (std::size_t at = 0; at + word.size() <= url.size(); ++at)
            if (starts_with_nocase(url.substr(at), word)) return true;
    return false;
}

}  // namespace

BruteForceDetector::BruteForceDetector() : tries_(kLoginPairsMax), seed_(process_hash_seed()) {}

BruteForceDetector::Tries& BruteForceDetector::window(std::uint64_t key, TimeNs now) noexcept {
    Tries& tries = tries_.at(key, now);
    if (tries.since == 0 || now > tries.since + kWindow) {
        const TimeNs told_at = tries.told_at;
        tries = {};
        tries.since = now;
        tries.told_at = told_at;
    }
    return tries;
}

void BruteForceDetector::count(Tries& tries, const Event& e, Sightings& out) {
    ++tries.count;
    tries.octets += e.bytes_to_client;
    if (tries.count != kTries) return;
    tries.told_at = e.time_ns;
    out.push_back({Behaviour::brute_force, Outcome::unknown,
                   "password guessing: " + std::to_string(kTries) + " logins at " + e.server.to_string() + " port " +
                       std::to_string(e.server_port) + " tried by " + e.client.to_string() + " within " +
                       std::to_string((e.time_ns - std::min(tries.since, e.time_ns)) / kSecondNs) + " s"});
}

void BruteForceDetector::see(const FlowView& flow, Sightings& out) {
    const Event& e = flow.e;
    if (!flow.answered || std::find(std::begin(kLoginPorts), std::end(kLoginPorts), e.server_port) == std::end(kLoginPorts)) return;
    Tries& tries = window(key_of(seed_, e.client, e.server, e.server_port), e.time_ns);
    const TimeNs lasted = e.time_ns - std::min(flow.start, e.time_ns);
    if (lasted <= kShort && e.bytes_to_client <= kSmall) {
        const bool larger = tries.count >= kTries && e.bytes_to_client > kLargerBy * (tries.octets / tries.count);
        if (!larger) return count(tries, e, out);
    }
    if (tries.told_at == 0 || e.time_ns > tries.told_at + kWindow || tries.succeeded) return;
    tries.succeeded = true;
    out.push_back({Behaviour::brute_force, Outcome::succeeded,
                   "login after password guessing: a session of " + std::to_string(lasted / kSecondNs) + " s and " +
                       std::to_string(e.bytes_to_client) + " octets at " + e.server.to_string() + " port " + std::to_string(e.server_port)});
}

void BruteForceDetector::see_http(const Event& e, Sightings& out) {
    const bool refused = e.status == 401;
    const bool post = equals_nocase(e.get(Text::method), "POST") && e.status != 0 && login_page(e.get(Text::url));
    const std::uint64_t key = key_of(seed_, e.client, e.server, std::uint64_t{1} << 32 | e.server_port);
    if (!refused && !post && tries_.find(key) == nullptr) return;
    Tries& tries = window(key, e.time_ns);
    if (refused || (post && (tries.status == 0 || tries.status == e.status))) {
        tries.status = e.status;
        return count(tries, e, out);
    }
    // Another answer than all tries before got: in place of 401, or to the same form.
    const bool in = tries.status == 401 ? e.status < 400 : post;
    if (tries.count < kTries || !in || tries.succeeded) return;
    tries.succeeded = true;
    out.push_back({Behaviour::brute_force, Outcome::succeeded,
                   "login after password guessing: " + e.server.to_string() + " answered " + std::to_string(e.status) + " after " +
                       std::to_string(tries.count) + " answers " + std::to_string(tries.status)});
}

}  // namespace sekisho::judge
