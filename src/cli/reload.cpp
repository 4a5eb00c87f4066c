#include "cli/reload.h"

#include <unistd.h>

#include <ostream>

#include "cli/json.h"
#include "cli/text_table.h"
#include "sekisho/base/bytes.h"
#include "sekisho/base/file_text.h"

namespace sekisho::cli {
namespace {

constexpr std::size_t kAdminFileMaxBytes = MiB(64);
constexpr std::size_t kErrorsShown = 5;
// Read by the daemons' user, written by the admin; nothing in these files is secret.
constexpr unsigned kAdminFileMode = 0644;

void tell_reload(Context& context, const Json& answer) {
    if (context.json) return;
    context.out << "applied: " << answer["loaded"].text() << " rules";
    if (answer["failed"].number() > 0)
        context.out << ", " << answer["failed"].text() << " left out for mistakes";
    if (answer["disabled"].number() > 0)
        context.out << ", " << answer["disabled"].text() << " switched off";
    context.out << "\n";
    const auto& errors = answer["errors"].items();
    for (std::size_t i = 0; i < std::min(errors.size(), kErrorsShown); ++i)
        context.out << "  " << printable(errors[i].text()) << "\n";
    if (errors.size() > kErrorsShown)
        context.out << "  ... and " << errors.size() - kErrorsShown
                    << " more; `sekisho rules check FILE` shows all\n";
}

Status put_back(const std::string& path, const Result<std::string>& before) {
    if (before) return write_file_atomic(path, *before, kAdminFileMode);
    if (::unlink(path.c_str()) != 0) return fail(ErrorCode::io, "cannot be removed again", path);
    return {};
}

}  // namespace

Status reload_fastpath(Context& context, const config::Settings& settings) {
    const auto answer = ask(settings, Daemon::fastpath, {"reload", {}}, kReloadWithin);
    if (!answer && not_running(answer.error())) {
        context.err << "sekisho: kept, and applied at the next start: "
                    << printable(answer.error().message()) << "\n";
        return {};
    }
    if (!answer) return fail(answer.error());
    if (const auto value = parse_json(*answer)) tell_reload(context, *value);
    if (context.json) context.out << *answer << "\n";
    return {};
}

Status change_file(Context& context, const config::Settings& settings, const std::string& path,
                   const std::string& text, const std::function<Status()>& applied) {
    const auto before = read_file(path, kAdminFileMaxBytes);
    if (!before && before.error().code != ErrorCode::not_found) return fail(before.error());
    if (auto written = write_file_atomic(path, text, kAdminFileMode); !written) return written;
    auto result = reload_fastpath(context, settings);
    const bool taken = result.has_value();
    if (result && applied) result = applied();
    if (result) return {};
    Error why = result.error();
    why.what += "; nothing is changed";
    if (auto back = put_back(path, before); !back) why.what += ", but " + back.error().message();
    if (taken) [[maybe_unused]]
        const auto again = ask(settings, Daemon::fastpath, {"reload", {}}, kReloadWithin);
    return fail(why);
}

}  // namespace sekisho::cli
