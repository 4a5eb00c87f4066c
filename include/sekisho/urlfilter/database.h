// The compiled form of category lists: one flat, immutable, position-free image that is built in memory
// or mapped from a file, and answered from by any number of threads.
//
//   header | sources | categories | names | expressions | buckets (64 octets each) | groups
//
// A key (host suffix, or host suffix and path prefix) is kept as 48 bits of a keyed 64-bit hash, six keys
// to a cache line, so a name costs about one cache miss and an entry about 14 octets: 10,000,000 entries
// take some 142 MB. With each key stands the number of the line it came from; list and category follow
// from the number, so every answer can name its origin at no further cost.
//
// Bucket and kept bits together tell all 64 bits of the hash apart: a name that is not listed meets one of ten
// million listed ones by chance about once in 2 * 10^12 probes; two listed names meet in one build of four
// hundred thousand. The hash seed is drawn at build time, so nobody outside can look for such a name.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sekisho/base/bytes.h"
#include "sekisho/base/result.h"
#include "sekisho/urlfilter/list.h"
#include "sekisho/urlfilter/name.h"

namespace sekisho::urlfilter {

struct RejectedLine {
    std::string source;
    std::uint32_t line = 0;
    EntryFault fault = EntryFault::none;
    std::string to_string() const;  ///< "ut1/games/urls:12: <cause>"
};

struct SourceReport {
    std::string name;
    std::string category;
    std::uint32_t lines = 0;
    std::uint32_t entries = 0;     ///< distinct valid ones
    std::uint32_t duplicates = 0;  ///< valid, but the same as an earlier line of this source
    std::uint32_t rejected = 0;
};

/// What a build did. The lines themselves are kept up to kRejectedMax; the count is complete.
struct BuildReport {
    static constexpr std::size_t kRejectedMax = 200;

    std::vector<SourceReport> sources;
    std::vector<RejectedLine> rejected;
    std::function<void(const RejectedLine&)> on_rejected;  ///< gets every one, also those beyond the limit
    std::vector<std::string> unknown_categories;  ///< settings that name a category no list has
    std::uint64_t entries = 0;                    ///< distinct names and URLs over all sources
    std::uint64_t rejected_total = 0;
    std::uint64_t duplicates_total = 0;
    std::size_t image_bytes = 0;
};

/// Where an entry came from. Views into the database.
struct Origin {
    std::string_view source;
    std::uint32_t line = 0;
    std::uint16_t category = 0;
    std::uint32_t date_s = 0;  ///< of the list, seconds since 1970; 0: not known
};

/// One pattern of an `expressions` list.
struct ListedExpression {
    std::string_view pattern;
    std::uint32_t line = 0;  ///< for `origin`
};

/// The most specific entry for a host and path. Falsy: none.
struct Match {
    std::uint32_t value = ~std::uint32_t{0};
    std::uint16_t host_bytes = 0;  ///< length of the suffix of HostName::text() that the entry names
    std::uint16_t path_bytes = 0;  ///< length of the prefix of the normalised path; 0: the whole host
    explicit operator bool() const noexcept { return value != ~std::uint32_t{0}; }
};

class Database {
  public:
    static constexpr std::uint32_t kFormatVersion = 2;
    static constexpr std::size_t kExpressionsMax = 10'000;
    static constexpr std::size_t kLinesMax = (std::size_t{1} << 29) - 2;  ///< over all sources
    static constexpr std::size_t kCategoriesMax = 4096;

    /// Compiles the sources. Lines that cannot be used are reported and left out; a source that cannot
    /// be read fails the build. Takes 16 octets of working memory an entry beside the image.
    /// @param seed  0: drawn from the kernel; else as given (tests)
    /// @error io, not_found, limit     @thread control plane
    static Result<Database> build(std::span<const ListSource> sources, BuildReport& report,
                                  std::uint64_t seed = 0);

    /// Maps an image written by `write`; the pages are shared between processes. Reads the head only (milliseconds,
    /// whatever the size): the file was checked whole when it was made, and `verify` does so again.
    /// @error io, not_found; invalid when the version, a length or the head's checksum is not as it should be
    static Result<Database> open(const std::string& path);
    /// Reads every octet. @error invalid
    Status verify() const;
    /// Takes an image from memory (copied) and checks it whole.
    static Result<Database> from_image(Bytes image);
    Status write(const std::string& path) const;

    Database(Database&&) noexcept;
    Database& operator=(Database&&) noexcept;
    ~Database();

    /// The most specific entry: the longest suffix of the host that has an entry, and there the longest
    /// path prefix before the whole host.
    /// @param path  request target as sent; empty (TLS, DNS): only whole-host entries count
    /// @cost  one cache line, where many names share their last two labels one a label; one more a path piece where
    ///        a list names paths of this host
    /// @thread any; no allocation, no lock
    Match lookup(const HostName& host, std::string_view path) const noexcept;

    /// The same, passing over entries that `accept` refuses: then the next less specific one is tried.
    using Accept = bool (*)(const void* context, const Match& match) noexcept;
    Match lookup(const HostName& host, std::string_view path, Accept accept, const void* context) const noexcept;

    /// Many names at once, without paths: while one waits for memory the next are on their way.
    /// @pre matches.size() >= hosts.size()
    void lookup(std::span<const std::string_view> hosts, std::span<Match> matches) const noexcept;

    /// Every line behind a match, in source order; none when the file is damaged. The span may point into `match`.
    std::span<const std::uint32_t> lines(const Match& match) const noexcept;
    Origin origin(std::uint32_t line) const noexcept;

    std::size_t category_count() const noexcept;
    std::string_view category_name(std::uint16_t category) const noexcept;  ///< "" when out of range
    std::size_t expression_count() const noexcept;
    ListedExpression expression(std::size_t index) const noexcept;  ///< @pre index < expression_count()
    /// Each list in order, by the origin of its first line.
    void for_each_source(const std::function<void(const Origin& first_line, std::uint32_t lines)>& use) const;
    std::uint64_t entries() const noexcept;
    std::uint64_t made_s() const noexcept;  ///< when it was built, seconds since 1970
    std::size_t image_bytes() const noexcept;

  private:
    struct Storage;  // owns or maps the image
    struct View;     // typed spans into it
    explicit Database(std::unique_ptr<Storage> storage);

    std::unique_ptr<Storage> storage_;
};

}  // namespace sekisho::urlfilter
