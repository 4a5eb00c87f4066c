#include "sekisho/base/file_text.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace sekisho {
namespace {

/// A file descriptor that closes itself.
class Descriptor {
  public:
    explicit Descriptor(int fd) noexcept : fd_(fd) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    int get() const noexcept { return fd_; }

  private:
    int fd_;
};

tl::unexpected<Error> os_error(const std::string& path) {
    const int cause = errno;
    return fail(cause == ENOENT ? ErrorCode::not_found : ErrorCode::io, std::strerror(cause), path);
}

bool write_all(int fd, std::string_view content) {
    while (!content.empty()) {
        const ssize_t n = ::write(fd, content.data(), content.size());
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        content.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::size_t max_bytes) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() < 0) return os_error(path);
    struct stat facts {};
    if (::fstat(file.get(), &facts) != 0) return os_error(path);
    if (S_ISDIR(facts.st_mode)) return fail(ErrorCode::invalid, "is a folder, not a file", path);
    std::string content;
    if (facts.st_size > 0) content.reserve(std::min(max_bytes, static_cast<std::size_t>(facts.st_size)) + 1);
    char block[65536];
    while (true) {
        const ssize_t n = ::read(file.get(), block, sizeof block);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return os_error(path);
        if (n == 0) return content;
        if (content.size() + static_cast<std::size_t>(n) > max_bytes)
            return fail(ErrorCode::limit, "is larger than " + std::to_string(max_bytes) + " bytes", path);
        content.append(block, static_cast<std::size_t>(n));
    }
}

Status write_file_atomic(const std::string& path, std::string_view content, unsigned mode) {
    const std::string temporary = path + ".new." + std::to_string(::getpid());
    {
        const Descriptor file(
            ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, static_cast<mode_t>(mode)));
        if (file.get() < 0) return os_error(temporary);
        if (!write_all(file.get(), content) || ::fsync(file.get()) != 0) {
            auto error = os_error(temporary);
            ::unlink(temporary.c_str());
            return error;
        }
    }
    if (::rename(temporary.c_str(), path.c_str()) != 0) {
        auto error = os_error(path);
        ::unlink(temporary.c_str());
        return error;
    }
    const auto slash = path.find_last_of('/');
    const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
    const Descriptor dir(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (dir.get() >= 0) ::fsync(dir.get());
    return {};
}

}  // namespace sekisho
