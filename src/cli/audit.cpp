#include "cli/audit.h"

#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <ostream>

#include "sekisho/base/clock.h"
#include "sekisho/config/load.h"
#include "sekisho/event/json_writer.h"

namespace sekisho::cli {
namespace {

constexpr std::size_t kWordShownBytes = 1024;
constexpr mode_t kAuditMode = 0640;

std::string user_name(uid_t uid) {
    passwd entry{};
    passwd* found = nullptr;
    std::array<char, 16384> memory;
    if (::getpwuid_r(uid, &entry, memory.data(), memory.size(), &found) != 0 || !found)
        return std::to_string(uid);
    return found->pw_name;
}

/// The person behind root, as the kernel remembers him from his login (audit's loginuid; -1: nobody
/// logged in).
std::string login_name() {
    const int file = ::open("/proc/self/loginuid", O_RDONLY | O_CLOEXEC);
    if (file < 0) return {};
    std::array<char, 32> text{};
    const auto size = ::read(file, text.data(), text.size() - 1);
    ::close(file);
    if (size <= 0) return {};
    const auto uid = std::strtoul(text.data(), nullptr, 10);
    return uid == 0xffffffffUL ? std::string{} : user_name(static_cast<uid_t>(uid));
}

std::string audit_line(const Command& command, const Words& args, std::string_view note, Exit result) {
    std::string line;
    event::JsonWriter json(line);
    json.begin_object();
    json.field("time", format_time(SystemClock().now(), true));
    json.field("user", user_name(::getuid()));
    json.field_if("login", login_name());
    json.field("command", command.name);
    json.begin_array("args");
    for (const auto& word : args) json.item(std::string_view(word).substr(0, kWordShownBytes));
    json.end_array();
    json.field_if("note", note.substr(0, kWordShownBytes));
    json.field("result", result == Exit::done ? "done" : "refused");
    json.end_object();
    return line + "\n";
}

bool append(const std::string& path, const std::string& line) {
    struct stat facts {};
    if (::stat(path.c_str(), &facts) == 0 &&
        static_cast<std::size_t>(facts.st_size) >= kAuditMaxBytes)
        ::rename(path.c_str(), (path + ".1").c_str());
    const int file =
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, kAuditMode);
    if (file < 0) return false;
    const bool whole = ::write(file, line.data(), line.size()) == static_cast<ssize_t>(line.size());
    ::close(file);
    return whole;
}

}  // namespace

std::string audit_file(Context& context) {
    // Read without a word to the admin: a command that failed on its settings has told him already.
    const auto settings = config::load_settings(context.config_file);
    namespace fs = std::filesystem;
    fs::path folder = fs::path(context.config_file).parent_path();
    if (settings)
        folder = settings->rules.local_file.empty()
                     ? fs::path(settings->run_folder)
                     : fs::path(settings->rules.local_file).parent_path();
    return (folder / "audit.log").string();
}

void write_audit(Context& context, const Command& command, const Words& args, Exit result) {
    const std::string path = audit_file(context);
    if (!append(path, audit_line(command, args, context.note, result)))
        context.err << "sekisho: the audit line could not be written to " << path << ": "
                    << std::strerror(errno) << "\n";
}

}  // namespace sekisho::cli
