#include "sekisho/urlfilter/database.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "sekisho/base/file_text.h"
#include "urlfilter/builder.h"
#include "urlfilter/image.h"

namespace sekisho::urlfilter {
namespace {

/// A hash seed that nobody outside can know.
Result<std::uint64_t> draw_seed() {
    std::uint64_t seed = 0;
    while (seed == 0)
        if (::getrandom(&seed, sizeof seed, 0) != sizeof seed && errno != EINTR)
            return fail(ErrorCode::io, "the kernel gives no random octets");
    return seed;
}

tl::unexpected<Error> os_error(const std::string& path) {
    const int cause = errno;
    return fail(cause == ENOENT ? ErrorCode::not_found : ErrorCode::io, std::strerror(cause), path);
}

std::uint32_t find(std::uint64_t key, std::span<const Bucket> buckets) noexcept {
    const auto low = static_cast<std::uint32_t>(key);
    const auto high = static_cast<std::uint16_t>(key >> 32);
    std::size_t at = bucket_of(key, buckets.size());
    // A sound image ends each run of full buckets; the bound holds for one that only claims to be.
    for (std::size_t probes = 0; probes < buckets.size(); ++probes) {
        const Bucket& bucket = buckets[at];
        for (std::size_t i = 0; i < bucket.count; ++i)
            if (bucket.low[i] == low && bucket.high[i] == high) return bucket.values[i];
        if (bucket.overflow == 0) break;
        at = at + 1 == buckets.size() ? 0 : at + 1;
    }
    return value::kAbsent;
}

/// A value as it is given out: the line or group, without the flag for paths.
std::uint32_t line_value(std::uint32_t stored) noexcept { return stored & ~value::kPathsBelow; }

/// The longest path prefix under one host suffix.
Match find_path(std::uint64_t host_key, std::string_view path,
                std::span<const Bucket> buckets) noexcept {
    const PathKeys keys(host_key, path);
    for (std::size_t i = keys.count; i-- > 0;) {
        const std::uint32_t stored = find(keys.key[i], buckets);
        if (stored != value::kAbsent) return {line_value(stored), 0, keys.size[i]};
    }
    return {};
}

}  // namespace

struct Database::Storage {
    Storage() = default;
    Storage(const Storage&) = delete;
    Storage& operator=(const Storage&) = delete;
    ~Storage() {
        if (mapped != nullptr) ::munmap(mapped, mapped_bytes);
    }

    PageMemory words;        // owned image, or
    void* mapped = nullptr;  // a read-only mapping
    std::size_t mapped_bytes = 0;
    ImageView view;
    Bytes bytes;
};

Database::Database(std::unique_ptr<Storage> storage) : storage_(std::move(storage)) {}
Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;
Database::~Database() = default;

std::string RejectedLine::to_string() const {
    return source + ":" + std::to_string(line) + ": " + std::string(describe(fault));
}

Result<Database> Database::build(std::span<const ListSource> sources, BuildReport& report,
                                 std::uint64_t seed) {
    if (seed == 0) {
        const auto drawn = draw_seed();
        if (!drawn) return fail(drawn.error());
        seed = *drawn;
    }
    Builder builder(seed, report);
    for (const ListSource& source : sources)
        if (auto added = builder.add(source); !added) return fail(added.error());
    auto storage = std::make_unique<Storage>();
    std::size_t size = 0;
    storage->words = builder.finish(size);
    storage->bytes = {reinterpret_cast<const std::uint8_t*>(storage->words.data()), size};
    auto view = view_image(storage->bytes);
    if (!view) return fail(ErrorCode::internal, view.error().what);
    storage->view = *view;
    return Database(std::move(storage));
}

Result<Database> Database::from_image(Bytes image) {
    auto storage = std::make_unique<Storage>();
    storage->words = PageMemory((image.size() + sizeof(Bucket)) / sizeof(Bucket));
    if (!image.empty())
        std::memcpy(static_cast<void*>(storage->words.data()), image.data(), image.size());
    storage->bytes = {reinterpret_cast<const std::uint8_t*>(storage->words.data()), image.size()};
    auto view = view_image(storage->bytes);
    if (!view) return fail(view.error());
    storage->view = *view;
    return Database(std::move(storage));
}

Result<Database> Database::open(const std::string& path) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return os_error(path);
    struct stat status {};
    auto storage = std::make_unique<Storage>();
    void* mapping = MAP_FAILED;
    if (::fstat(fd, &status) == 0 && status.st_size > 0)
        mapping =
            ::mmap(nullptr, static_cast<std::size_t>(status.st_size), PROT_READ, MAP_SHARED, fd, 0);
    const bool empty = status.st_size == 0;
    if (mapping == MAP_FAILED) {
        const auto error =
            empty ? fail(ErrorCode::invalid, "URL database: empty file", path) : os_error(path);
        ::close(fd);
        return error;
    }
    ::close(fd);
    storage->mapped = mapping;
    storage->mapped_bytes = static_cast<std::size_t>(status.st_size);
    storage->bytes = {static_cast<const std::uint8_t*>(mapping), storage->mapped_bytes};
    auto view = view_image(storage->bytes);
    if (!view) return fail(view.error().code, view.error().what, path);
    storage->view = *view;
    return Database(std::move(storage));
}

Status Database::write(const std::string& path) const {
    return write_file_atomic(path, as_text(storage_->bytes));
}

Match Database::lookup(const HostName& host, std::string_view path) const noexcept {
    const ImageView& view = storage_->view;
    const HostKeys keys(host, view.header->seed);
    // All lines are asked for before the first is read: their misses overlap.
    for (std::size_t i = 0; i < keys.count; ++i)
        __builtin_prefetch(&view.buckets[bucket_of(keys.key[i], view.buckets.size())]);
    for (std::size_t i = keys.count; i-- > 0;) {
        const std::uint32_t stored = find(keys.key[i], view.buckets);
        if (stored == value::kAbsent) continue;
        const auto host_bytes = static_cast<std::uint16_t>(host.text().size() - keys.offset[i]);
        if ((stored & value::kPathsBelow) != 0 && !path.empty()) {
            Match below = find_path(keys.key[i], PathName(path).text(), view.buckets);
            below.host_bytes = host_bytes;
            if (below) return below;
        }
        if ((stored & value::kNumberMask) != value::kNoLine || (stored & value::kGroup) != 0)
            return {line_value(stored), host_bytes, 0};
    }
    return {};
}

std::span<const std::uint32_t> Database::lines(const Match& match) const noexcept {
    if (!match) return {};
    if ((match.value & value::kGroup) == 0) return {&match.value, 1};
    const auto& groups = storage_->view.groups;
    const std::uint32_t at = match.value & value::kNumberMask;
    return groups.subspan(at + 1, groups[at]);
}

Origin Database::origin(std::uint32_t line) const noexcept {
    const ImageView& view = storage_->view;
    const auto after =
        std::upper_bound(view.sources.begin(), view.sources.end(), line,
                         [](std::uint32_t l, const SourceRecord& s) { return l < s.first_line; });
    if (after == view.sources.begin()) return {};
    const SourceRecord& source = *(after - 1);
    return {view.names.substr(source.name_offset, source.name_size), line - source.first_line + 1,
            source.category};
}

std::size_t Database::category_count() const noexcept { return storage_->view.categories.size(); }

std::string_view Database::category_name(std::uint16_t category) const noexcept {
    const ImageView& view = storage_->view;
    if (category >= view.categories.size()) return {};
    const CategoryRecord& record = view.categories[category];
    return view.names.substr(record.name_offset, record.name_size);
}

std::uint64_t Database::entries() const noexcept { return storage_->view.header->entries; }
std::size_t Database::image_bytes() const noexcept { return storage_->bytes.size(); }

}  // namespace sekisho::urlfilter
