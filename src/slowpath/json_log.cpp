#include "slowpath/json_log.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "sekisho/base/bytes.h"
#include "sekisho/event/json.h"

namespace sekisho::slowpath {
namespace {

constexpr std::size_t kBufferOctets = KiB(256);
constexpr mode_t kLogMode = 0640;

}  // namespace

JsonLog::JsonLog(JsonLog&& other) noexcept
    : path_(std::move(other.path_)),
      max_octets_(other.max_octets_),
      fd_(std::exchange(other.fd_, -1)),
      size_(other.size_),
      lines_(other.lines_),
      refused_(other.refused_),
      buffer_(std::move(other.buffer_)) {}

JsonLog::~JsonLog() {
    if (fd_ < 0) return;
    flush();
    ::close(fd_);
}

Result<JsonLog> JsonLog::open(std::string path, std::uint64_t max_octets) {
    JsonLog log(std::move(path), max_octets);
    if (auto done = log.reopen(); !done) return fail(done.error());
    return log;
}

Status JsonLog::reopen() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, kLogMode);
    if (fd_ < 0) return fail(ErrorCode::io, std::strerror(errno), path_);
    struct stat facts {};
    size_ = ::fstat(fd_, &facts) == 0 ? static_cast<std::uint64_t>(facts.st_size) : 0;
    return {};
}

void JsonLog::write(const event::Event& event) {
    event::append_json(buffer_, event);
    buffer_ += '\n';
    ++lines_;
    if (buffer_.size() >= kBufferOctets) flush();
}

void JsonLog::flush() {
    if (buffer_.empty()) return;
    if (size_ != 0 && size_ + buffer_.size() > max_octets_) {
        std::rename(path_.c_str(), (path_ + ".1").c_str());
        static_cast<void>(reopen());  // a failure shows as refused octets below
    }
    std::string_view left = buffer_;
    while (!left.empty()) {
        const ssize_t n = fd_ < 0 ? -1 : ::write(fd_, left.data(), left.size());
        if (n < 0 && fd_ >= 0 && errno == EINTR) continue;
        if (n < 0) {
            refused_ += left.size();
            break;
        }
        left.remove_prefix(static_cast<std::size_t>(n));
        size_ += static_cast<std::uint64_t>(n);
    }
    buffer_.clear();
}

}  // namespace sekisho::slowpath
