#include "cli/daemon.h"

#include "sekisho/control/client.h"

namespace sekisho::cli {
namespace {

struct DaemonFacts {
    const char* name;
    const char* socket;
    const char* unit;
};

constexpr DaemonFacts kFacts[] = {
    {"the fast path", "fastpath.sock", "sekisho-fastpathd"},
    {"the slow path", "slowpath.sock", "sekisho-slowpathd"},
};

}  // namespace

Result<std::string> ask(const config::Settings& settings, Daemon daemon,
                        const control::Request& request, std::chrono::milliseconds timeout) {
    const DaemonFacts& facts = kFacts[static_cast<std::size_t>(daemon)];
    const std::string path = settings.run_folder + "/" + facts.socket;
    auto reply = control::call(path, request, timeout);
    if (reply && reply->ok) return std::move(reply->text);
    if (reply)
        return fail(ErrorCode::invalid, std::string(facts.name) + " refused: " + reply->text);
    const Error& cause = reply.error();
    if (cause.code == ErrorCode::unavailable)
        return fail(ErrorCode::unavailable,
                    std::string(facts.name) + " is not running or does not answer (" +
                        cause.message() + "); start it: systemctl start " + facts.unit);
    if (cause.code == ErrorCode::denied)
        return fail(ErrorCode::denied, "not allowed to ask " + std::string(facts.name) + " (" +
                                           cause.message() +
                                           "); be root or a member of the group 'sekisho'");
    return fail(cause);
}

}  // namespace sekisho::cli
