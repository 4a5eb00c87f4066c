#include "sekisho/config/store.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "sekisho/base/bytes.h"
#include "sekisho/base/file_text.h"
#include "sekisho/base/text.h"
#include "sekisho/config/document.h"
#include "sekisho/config/load.h"

namespace sekisho::config {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kTextMaxBytesOnDisk = MiB(4);
constexpr std::uint32_t kRevisionMax = 99'999'999;

/// One changer at a time; released when the file closes, also when the process dies.
class Lock {
  public:
    static Result<Lock> take(const std::string& folder) {
        std::error_code error;
        fs::create_directories(folder, error);
        if (error) return fail(ErrorCode::io, error.message(), folder);
        const std::string path = folder + "/.lock";
        const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
        if (fd < 0)
            return fail(errno == EACCES ? ErrorCode::denied : ErrorCode::io, std::strerror(errno),
                        path);
        Lock lock(fd);
        while (::flock(fd, LOCK_EX) != 0)
            if (errno != EINTR) return fail(ErrorCode::io, std::strerror(errno), path);
        return lock;
    }
    Lock(Lock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Lock& operator=(Lock&&) = delete;
    ~Lock() {
        if (fd_ >= 0) ::close(fd_);
    }

  private:
    explicit Lock(int fd) : fd_(fd) {}
    int fd_;
};

/// "0007.yaml" is 7; other names are none of ours.
std::optional<std::uint32_t> revision_number(const std::string& name) {
    if (!name.ends_with(".yaml")) return {};
    const auto digits = std::string_view(name).substr(0, name.size() - 5);
    if (digits.size() < 4 || digits.find_first_not_of("0123456789") != std::string_view::npos)
        return {};
    const auto number = parse_int(digits, 1, kRevisionMax);
    if (!number) return {};
    return static_cast<std::uint32_t>(*number);
}

TimeNs write_time(const std::string& path) {
    struct stat facts {};
    if (::stat(path.c_str(), &facts) != 0) return 0;
    return static_cast<TimeNs>(facts.st_mtim.tv_sec) * kSecondNs +
           static_cast<TimeNs>(facts.st_mtim.tv_nsec);
}

Settings settings_or_defaults(const Result<std::string>& text) {
    return text ? parse_settings(*text, "").value_or(Settings{}) : Settings{};
}

}  // namespace

Store::Store(std::string file) : file_(std::move(file)) {}

std::string Store::folder() const { return (fs::path(file_).parent_path() / "revisions").string(); }

std::string Store::revision_file(std::uint32_t number) const {
    char name[32];
    std::snprintf(name, sizeof name, "/%04u.yaml", number);
    return folder() + name;
}

Result<std::string> Store::live() const { return read_file(file_, kTextMaxBytesOnDisk); }

bool Store::has_candidate() const { return fs::exists(candidate_file()); }

Result<std::string> Store::candidate() const {
    return has_candidate() ? read_file(candidate_file(), kTextMaxBytesOnDisk) : live();
}

Result<std::string> Store::revision(std::uint32_t number) const {
    auto text = read_file(revision_file(number), kTextMaxBytesOnDisk);
    if (!text && text.error().code == ErrorCode::not_found)
        return fail(ErrorCode::not_found, "there is no revision " + std::to_string(number) +
                                              "; `sekisho config history` lists them");
    return text;
}

Result<std::vector<Revision>> Store::history() const {
    std::vector<Revision> all;
    std::error_code error;
    const auto now_live = live();
    for (const auto& entry : fs::directory_iterator(folder(), error)) {
        const auto number = revision_number(entry.path().filename().string());
        if (number) all.push_back({*number, write_time(entry.path().string()), false});
    }
    if (error && error != std::errc::no_such_file_or_directory)
        return fail(ErrorCode::io, error.message(), folder());
    std::sort(all.begin(), all.end(),
              [](const Revision& a, const Revision& b) { return a.number < b.number; });
    for (auto revision = all.rbegin(); revision != all.rend() && now_live; ++revision) {
        const auto text = this->revision(revision->number);
        revision->live = text && *text == *now_live;
        if (revision->live) break;  // the newest of those with this text
    }
    return all;
}

Status Store::set(const std::string& path, const std::string& value) {
    const auto lock = Lock::take(folder());
    if (!lock) return fail(lock.error());
    auto text = candidate();
    if (!text && text.error().code == ErrorCode::not_found) text = std::string();
    if (!text) return fail(text.error());
    const auto edited = edit_text(*text, path, value);
    if (!edited) return fail(edited.error());
    return write_file_atomic(candidate_file(), *edited);
}

Status Store::set_candidate(const std::string& text) {
    const auto lock = Lock::take(folder());
    if (!lock) return fail(lock.error());
    return write_file_atomic(candidate_file(), text);
}

Status Store::discard() {
    std::error_code error;
    fs::remove(candidate_file(), error);
    if (error) return fail(ErrorCode::io, error.message(), candidate_file());
    return {};
}

Result<Committed> Store::commit() {
    const auto lock = Lock::take(folder());
    if (!lock) return fail(lock.error());
    if (!has_candidate())
        return fail(ErrorCode::not_found,
                    "there is no candidate; `sekisho config set PATH VALUE` begins one",
                    candidate_file());
    const auto text = read_file(candidate_file(), kTextMaxBytesOnDisk);
    if (!text) return fail(text.error());
    if (const auto settings = parse_settings(*text, candidate_file()); !settings)
        return fail(settings.error());
    return take(*text);
}

Result<Committed> Store::rollback(std::optional<std::uint32_t> number) {
    const auto lock = Lock::take(folder());
    if (!lock) return fail(lock.error());
    if (!number) {
        const auto all = history();
        if (!all) return fail(all.error());
        const auto live_one =
            std::find_if(all->begin(), all->end(), [](const Revision& one) { return one.live; });
        const auto before = live_one == all->end()
                                ? all->size()
                                : static_cast<std::size_t>(live_one - all->begin());
        if (before == 0)
            return fail(ErrorCode::not_found, "there is no earlier revision to go back to",
                        folder());
        number = (*all)[before - 1].number;
    }
    const auto text = revision(*number);
    if (!text) return fail(text.error());
    if (const auto settings = parse_settings(*text, revision_file(*number)); !settings)
        return fail(settings.error());
    return take(*text);
}

/// Keeps what is live if it was written by hand, then the new text as a revision, then makes it
/// live: a crash in between leaves the old configuration in force and nothing lost.
Result<Committed> Store::take(const std::string& text) {
    const auto all = history();
    if (!all) return fail(all.error());
    std::uint32_t next = all->empty() ? 1 : all->back().number + 1;
    if (next > kRevisionMax)
        return fail(ErrorCode::limit, "revision numbers are used up; empty the folder", folder());
    const auto before = live();
    const bool known =
        std::any_of(all->begin(), all->end(), [](const Revision& one) { return one.live; });
    if (before && !known)
        if (auto kept = write_file_atomic(revision_file(next++), *before); !kept)
            return fail(kept.error());
    if (auto kept = write_file_atomic(revision_file(next), text); !kept) return fail(kept.error());
    if (auto taken = write_file_atomic(file_, text); !taken) return fail(taken.error());
    if (auto gone = discard(); !gone) return fail(gone.error());
    if (auto pruned = prune(); !pruned) return fail(pruned.error());
    return Committed{next, changed_keys(settings_or_defaults(before), settings_or_defaults(text))};
}

Status Store::prune() const {
    const auto all = history();
    if (!all) return fail(all.error());
    for (std::size_t i = 0; i + kRevisionsMax < all->size(); ++i) {
        std::error_code error;
        fs::remove(revision_file((*all)[i].number), error);
        if (error) return fail(ErrorCode::io, error.message(), revision_file((*all)[i].number));
    }
    return {};
}

}  // namespace sekisho::config
