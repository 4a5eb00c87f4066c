#include "sekisho/urlfilter/database.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstring>

#include "sekisho/base/file_text.h"
#include "urlfilter/builder.h"
#include "urlfilter/image.h"
#include "urlfilter/wide.h"

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

/// Value of a key that stands in the bucket of `root` or one that this runs over into.
std::uint32_t find(std::uint64_t key, std::uint64_t root, const ImageView& view) noexcept {
    const auto low = static_cast<std::uint32_t>(key);
    const auto high = static_cast<std::uint16_t>(key >> 32);
    const Bucket* const buckets = view.buckets.data();
    std::size_t at = bucket_of(root, view.buckets.size());
    for (std::uint32_t probes = view.header->longest_run; probes > 0; --probes) {
        const Bucket& bucket = buckets[at];
        for (unsigned same = same_low(bucket, low) & ((1u << (bucket.count & 7u)) - 1); same != 0; same &= same - 1) {
            const auto slot = static_cast<unsigned>(std::countr_zero(same));
            if (bucket.high[slot] == high) return bucket.values[slot];
        }
        if (bucket.overflow == 0) break;
        at = at + 1 == view.buckets.size() ? 0 : at + 1;
    }
    return value::kAbsent;
}

std::uint32_t find(std::uint64_t key, const ImageView& view) noexcept { return find(key, key, view); }

/// A value as it is given out: the line or group, without the flag for more below.
std::uint32_t line_value(std::uint32_t stored) noexcept { return stored & ~value::kFlags; }

/// Whether lines stand behind a stored value of a host.
bool names_lines(std::uint32_t stored) noexcept {
    return (stored & value::kGroup) != 0 || (stored & value::kNumberMask) != value::kNoLine;
}

struct Search {
    const ImageView& view;
    Database::Accept accept;
    const void* context;

    bool take(std::uint32_t stored, std::size_t host_bytes, std::uint16_t path_bytes, Match& match) const noexcept {
        match = {line_value(stored), static_cast<std::uint16_t>(host_bytes), path_bytes};
        return accept == nullptr || accept(context, match);
    }

    /// The longest path prefix under one host suffix.
    bool path(std::uint64_t host_key, std::size_t host_bytes, std::string_view path, Match& match) const noexcept {
        const PathKeys keys(host_key, path);
        for (std::size_t i = keys.count; i-- > 0;) {
            const std::uint32_t stored = find(keys.key[i], view);
            if (stored != value::kAbsent && take(stored, host_bytes, keys.size[i], match)) return true;
        }
        return false;
    }

    /// What hangs below a host that was found: paths, and entries for the very name or for what is below it only.
    bool below(std::uint64_t host_key, bool whole, std::size_t host_bytes, std::string_view target, Match& match) const noexcept {
        if (!target.empty() && path(host_key, host_bytes, PathName(target).text(), match)) return true;
        const std::uint32_t stored = find(scoped_key(host_key, whole ? Scope::name_only : Scope::below_only), view);
        return stored != value::kAbsent && take(stored, host_bytes, 0, match);
    }

    /// What stands for the last two labels, which says where the longer names are.   @pre keys.count > 1
    struct Pair {
        std::uint32_t stored;
        bool spread() const noexcept { return stored != value::kAbsent && (stored & value::kSpread) != 0; }
    };
    Pair pair(const HostKeys& keys) const noexcept {
        const Pair pair{find(keys.key[1], view)};
        if (pair.spread())  // all lines are asked for before the first is read: their misses overlap
            for (std::size_t i = 2; i < keys.count; ++i) fetch(keys.key[i]);
        return pair;
    }
    void fetch(std::uint64_t key) const noexcept { __builtin_prefetch(&view.buckets[bucket_of(key, view.buckets.size())]); }

    Match host(const HostName& host, const HostKeys& keys, std::string_view path) const noexcept {
        return this->host(host, keys, keys.count > 1 ? pair(keys) : Pair{value::kAbsent}, path);
    }

    /// From the whole name to its last label.
    Match host(const HostName& host, const HostKeys& keys, Pair pair, std::string_view path) const noexcept {
        Match match;
        const auto found = [&](std::size_t i, std::uint32_t stored) noexcept {
            if (stored == value::kAbsent) return false;
            const std::size_t host_bytes = host.text().size() - keys.offset[i];
            if ((stored & value::kMoreBelow) != 0 && below(keys.key[i], i + 1 == keys.count, host_bytes, path, match))
                return true;
            return names_lines(stored) && take(stored, host_bytes, 0, match);
        };
        if (keys.count > 1) {
            for (std::size_t i = keys.count; i-- > 2;)
                if (found(i, find(keys.key[i], pair.spread() ? keys.key[i] : keys.key[1], view))) return match;
            if (found(1, pair.stored)) return match;
            // "com" is in no list, mostly: then it need not be asked for.
            if ((view.header->flags & kTopLevelEntries) == 0) return {};
        }
        if (keys.count > 0 && found(0, find(keys.key[0], view))) return match;
        return {};
    }
};

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
    auto view = view_image(storage->bytes, Check::head);
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
    auto view = view_image(storage->bytes, Check::whole);
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
    auto view = view_image(storage->bytes, Check::head);
    if (!view) return fail(view.error().code, view.error().what, path);
    storage->view = *view;
    return Database(std::move(storage));
}

Status Database::write(const std::string& path) const {
    return write_file_atomic(path, as_text(storage_->bytes));
}

Status Database::verify() const {
    auto view = view_image(storage_->bytes, Check::whole);
    if (!view) return fail(view.error());
    return {};
}

Match Database::lookup(const HostName& host, std::string_view path) const noexcept {
    return lookup(host, path, nullptr, nullptr);
}

Match Database::lookup(const HostName& host, std::string_view path, Accept accept, const void* context) const noexcept {
    const ImageView& view = storage_->view;
    return Search{view, accept, context}.host(host, HostKeys(host, view.header->seed), path);
}

void Database::lookup(std::span<const std::string_view> hosts, std::span<Match> matches) const noexcept {
    struct Query {
        HostName name;
        HostKeys keys;
        Search::Pair pair{value::kAbsent};
    };
    constexpr std::size_t kAtOnce = 16;  // of a query some five lines are touched: they stay in the nearest cache
    const ImageView& view = storage_->view;
    const Search search{view, nullptr, nullptr};
    std::array<Query, kAtOnce> queries;
    for (std::size_t from = 0; from < hosts.size(); from += kAtOnce) {
        const std::size_t count = std::min(kAtOnce, hosts.size() - from);
        const std::span<Query> now(queries.data(), count);
        for (std::size_t i = 0; i < count; ++i) {
            now[i].name.assign(hosts[from + i]);
            now[i].keys.assign(now[i].name, view.header->seed);
            const HostKeys& keys = now[i].keys;
            if (keys.count != 0) search.fetch(keys.key[keys.count > 1 ? 1 : 0]);
        }
        for (Query& query : now)
            if (query.keys.count > 1) query.pair = search.pair(query.keys);
        for (std::size_t i = 0; i < count; ++i) matches[from + i] = search.host(now[i].name, now[i].keys, now[i].pair, {});
    }
}

std::span<const std::uint32_t> Database::lines(const Match& match) const noexcept {
    if (!match) return {};
    if ((match.value & value::kGroup) == 0) return {&match.value, 1};
    const auto& groups = storage_->view.groups;
    const std::uint32_t at = match.value & value::kNumberMask;
    if (at >= groups.size() || groups[at] > groups.size() - at - 1) return {};
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
            source.category, source.date_s};
}

std::size_t Database::expression_count() const noexcept { return storage_->view.expressions.size(); }

ListedExpression Database::expression(std::size_t index) const noexcept {
    const ExpressionRecord& record = storage_->view.expressions[index];
    return {storage_->view.names.substr(record.text_offset, record.text_size), record.line};
}

void Database::for_each_source(const std::function<void(const Origin&, std::uint32_t)>& use) const {
    const ImageView& view = storage_->view;
    for (const SourceRecord& source : view.sources)
        use({view.names.substr(source.name_offset, source.name_size), 1, source.category, source.date_s}, source.lines);
}

std::uint64_t Database::made_s() const noexcept { return storage_->view.header->made_s; }

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
