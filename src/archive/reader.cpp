#include "sekisho/archive/reader.h"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <vector>

#include "sekisho/base/file_text.h"

namespace sekisho::archive {
namespace {

constexpr std::size_t kBlock = KiB(64);

struct Closer {
    void operator()(struct archive* opened) const { archive_read_free(opened); }
};
using Opened = std::unique_ptr<struct archive, Closer>;

/// What is left of the limits.
struct Budget {
    const Limits& limits;
    std::size_t entries = 0, octets = 0;

    Status entry(const std::string& path) {
        if (++entries <= limits.entries) return {};
        return fail(ErrorCode::limit, "more than " + std::to_string(limits.entries) + " files", path);
    }
    Status octet(std::size_t more, std::size_t file, const std::string& path, std::string_view name) {
        octets += more;
        if (file > limits.file_bytes)
            return fail(ErrorCode::limit, std::string(name) + " is larger than " + std::to_string(limits.file_bytes) + " octets", path);
        if (octets > limits.total_bytes)
            return fail(ErrorCode::limit, "its files are larger than " + std::to_string(limits.total_bytes) + " octets together", path);
        return {};
    }
};

tl::unexpected<Error> damaged(struct archive* opened, const std::string& path) {
    const char* words = archive_error_string(opened);
    return fail(ErrorCode::invalid, std::string("damaged or cut off: ") + (words != nullptr ? words : "unknown cause"), path);
}

Result<std::string> entry_text(struct archive* opened, Budget& budget, const std::string& path, std::string_view name) {
    std::string text;
    std::vector<char> block(kBlock);
    for (;;) {
        const la_ssize_t size = archive_read_data(opened, block.data(), block.size());
        if (size == 0) return text;
        if (size < 0) return damaged(opened, path);
        text.append(block.data(), static_cast<std::size_t>(size));
        if (auto fits = budget.octet(static_cast<std::size_t>(size), text.size(), path, name); !fits) return fail(fits.error());
    }
}

/// The name of a single compressed file: without its last extension.
std::string inner_name(const std::string& path) {
    const std::filesystem::path file(path);
    const std::string end = file.extension().string();
    const bool packed = end == ".gz" || end == ".bz2" || end == ".xz" || end == ".zst";
    return packed ? file.stem().string() : file.filename().string();
}

Status read_archive(Opened opened, const std::string& path, const Limits& limits, const Wanted& wanted, const Take& take,
                    bool raw) {
    Budget budget{limits};
    archive_entry* entry = nullptr;
    for (;;) {
        const int answer = archive_read_next_header(opened.get(), &entry);
        if (answer == ARCHIVE_EOF) return {};
        if (answer != ARCHIVE_OK && answer != ARCHIVE_WARN) return damaged(opened.get(), path);
        if (auto fits = budget.entry(path); !fits) return fits;
        if (!raw && archive_entry_filetype(entry) != AE_IFREG) continue;
        const char* label = archive_entry_pathname(entry);
        const std::string name = raw || label == nullptr ? inner_name(path) : label;
        if (!wanted(name)) continue;
        auto text = entry_text(opened.get(), budget, path, name);
        if (!text) return fail(text.error());
        if (auto taken = take(name, std::move(*text)); !taken) return taken;
    }
}

Opened open_archive(const std::string& path, bool raw) {
    Opened opened(archive_read_new());
    archive_read_support_filter_gzip(opened.get());
    archive_read_support_filter_bzip2(opened.get());
    archive_read_support_filter_xz(opened.get());
    archive_read_support_filter_zstd(opened.get());
    if (raw) {
        archive_read_support_format_raw(opened.get());
    } else {
        archive_read_support_format_tar(opened.get());
        archive_read_support_format_zip(opened.get());
    }
    if (archive_read_open_filename(opened.get(), path.c_str(), kBlock) != ARCHIVE_OK) return nullptr;
    return opened;
}

/// Whether the first entry can be read: tells an archive from a plain file.
bool is_archive(const std::string& path) {
    const Opened opened = open_archive(path, false);
    archive_entry* entry = nullptr;
    return opened && archive_read_next_header(opened.get(), &entry) == ARCHIVE_OK;
}

bool is_compressed(const std::string& path) {
    const Opened opened = open_archive(path, true);
    archive_entry* entry = nullptr;
    return opened && archive_read_next_header(opened.get(), &entry) == ARCHIVE_OK && archive_filter_count(opened.get()) > 1;
}

Status read_folder(const std::string& path, const Limits& limits, const Wanted& wanted, const Take& take) {
    Budget budget{limits};
    std::vector<std::string> files;
    std::error_code error;
    for (std::filesystem::recursive_directory_iterator it(path, error), end; it != end && !error; it.increment(error)) {
        if (!it->is_regular_file(error) || it->is_symlink(error)) continue;
        if (auto fits = budget.entry(path); !fits) return fits;
        files.push_back(it->path().string());
    }
    if (error) return fail(ErrorCode::io, error.message(), path);
    std::sort(files.begin(), files.end());
    for (const std::string& file : files) {
        if (!wanted(file)) continue;
        auto text = read_file(file, limits.file_bytes);
        if (!text) return fail(text.error());
        if (auto fits = budget.octet(text->size(), text->size(), path, file); !fits) return fits;
        if (auto taken = take(file, std::move(*text)); !taken) return taken;
    }
    return {};
}

}  // namespace

Status read_files(const std::string& path, const Limits& limits, const Wanted& wanted, const Take& take) {
    std::error_code error;
    const auto status = std::filesystem::status(path, error);
    if (!std::filesystem::exists(status)) return fail(ErrorCode::not_found, "no such file or folder", path);
    if (std::filesystem::is_directory(status)) return read_folder(path, limits, wanted, take);
    if (is_archive(path)) return read_archive(open_archive(path, false), path, limits, wanted, take, false);
    if (is_compressed(path)) return read_archive(open_archive(path, true), path, limits, wanted, take, true);
    if (!wanted(path)) return {};
    auto text = read_file(path, limits.file_bytes);
    if (!text) return fail(text.error());
    return take(path, std::move(*text));
}

}  // namespace sekisho::archive
