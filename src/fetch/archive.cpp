#include "sekisho/fetch/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "sekisho/base/text.h"

namespace sekisho::fetch {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kReadBytes = 64 * 1024;
constexpr std::size_t kPathMaxBytes = 512;
constexpr std::size_t kDepthMax = 16;

struct Closer {
    void operator()(archive* handle) const noexcept { archive_read_free(handle); }
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};

/// The path within the folder that an entry may take; nothing for those that would leave it.
std::optional<std::string> safe_path(const char* name) {
    if (name == nullptr) return std::nullopt;
    std::string_view path(name);
    while (path.starts_with("./")) path.remove_prefix(2);
    if (path.empty() || path.size() > kPathMaxBytes || path.front() == '/') return std::nullopt;
    const auto parts = split(path, '/');
    if (parts.size() > kDepthMax) return std::nullopt;
    for (const std::string_view part : parts)
        if (part.empty() || part == "." || part == ".." || part.find('\0') != std::string_view::npos || part.find('\\') != std::string_view::npos)
            return std::nullopt;
    return std::string(path);
}

class Unpacker {
  public:
    Unpacker(const std::string& name, const std::string& folder, const UnpackLimits& limits,
             const std::function<bool(std::string_view)>& wanted)
        : name_(name), folder_(folder), limits_(limits), wanted_(wanted), handle_(archive_read_new()) {}

    Result<Unpacked> run() {
        archive* const a = handle_.get();
        archive_read_support_filter_all(a);
        archive_read_support_format_tar(a);
        archive_read_support_format_zip(a);
        archive_read_support_format_raw(a);
        if (archive_read_open_filename(a, name_.c_str(), kReadBytes) != ARCHIVE_OK) return damaged();
        for (std::uint32_t entries = 0;; ++entries) {
            archive_entry* entry = nullptr;
            const int code = archive_read_next_header(a, &entry);
            if (code == ARCHIVE_EOF) break;
            if (code != ARCHIVE_OK && code != ARCHIVE_WARN) return damaged();
            const bool raw = archive_format(a) == ARCHIVE_FORMAT_RAW;
            if (raw && archive_filter_code(a, 0) == ARCHIVE_FILTER_NONE) return Unpacked{};  // a plain file
            done_.archive = true;
            if (entries == limits_.max_entries) return fail(ErrorCode::limit, "more than " + std::to_string(limits_.max_entries) + " files", name_);
            const auto path = raw ? std::optional(fs::path(name_).stem().string()) : safe_path(archive_entry_pathname(entry));
            if (!path || (!raw && archive_entry_filetype(entry) != AE_IFREG) || !wanted_(*path)) continue;
            if (auto written = write(entry, *path); !written) return fail(written.error());
        }
        return done_;
    }

  private:
    tl::unexpected<Error> damaged() const {
        const char* words = archive_error_string(handle_.get());
        const int number = archive_errno(handle_.get());
        if (number == ENOENT) return fail(ErrorCode::not_found, "no such file", name_);
        return fail(ErrorCode::invalid, std::string("damaged archive: ") + (words != nullptr ? words : "cut off"), name_);
    }

    Status write(archive_entry* entry, const std::string& path) {
        const fs::path target = fs::path(folder_) / path;
        std::error_code failed;
        fs::create_directories(target.parent_path(), failed);
        const std::unique_ptr<std::FILE, Closer> file(failed ? nullptr : std::fopen(target.c_str(), "wbe"));
        if (!file) return fail(ErrorCode::io, failed ? failed.message() : std::strerror(errno), target.string());
        std::vector<char> piece(kReadBytes);
        for (;;) {
            const auto size = archive_read_data(handle_.get(), piece.data(), piece.size());
            if (size == 0) break;
            if (size < 0) return damaged();
            done_.octets += static_cast<std::uint64_t>(size);
            if (done_.octets > limits_.max_octets)
                return fail(ErrorCode::limit, "unpacks to more than " + std::to_string(limits_.max_octets) + " octets", name_);
            if (std::fwrite(piece.data(), 1, static_cast<std::size_t>(size), file.get()) != static_cast<std::size_t>(size))
                return fail(ErrorCode::io, std::strerror(errno), target.string());
        }
        if (std::fflush(file.get()) != 0) return fail(ErrorCode::io, std::strerror(errno), target.string());
        ++done_.files;
        if (archive_entry_mtime_is_set(entry) != 0) {
            const timespec when{archive_entry_mtime(entry), 0};
            const timespec both[] = {when, when};
            ::futimens(::fileno(file.get()), both);  // the list's date; without it today's stands
        }
        return {};
    }

    const std::string& name_;
    const std::string& folder_;
    const UnpackLimits& limits_;
    const std::function<bool(std::string_view)>& wanted_;
    std::unique_ptr<archive, Closer> handle_;
    Unpacked done_;
};

}  // namespace

Result<Unpacked> unpack(const std::string& archive, const std::string& folder, const UnpackLimits& limits,
                        const std::function<bool(std::string_view)>& wanted) {
    return Unpacker(archive, folder, limits, wanted).run();
}

}  // namespace sekisho::fetch
