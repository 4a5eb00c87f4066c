// Host names and URL paths in the one spelling that lists and traffic are compared in.
// Hosts: RFC 1035 section 2.3 (labels, 253 octets), RFC 3986 section 3.2 (userinfo, host, port).
// Paths: RFC 3986 section 6.2.2 (case, percent-encoding and dot segments). Left out: IDNA mapping of
// what comes by the wire (a name on the wire is already an A-label), inet_aton spellings of IPv4.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sekisho::urlfilter {

constexpr std::size_t kHostMaxBytes = 253;   // RFC 1035 section 2.3.4, without the root label
constexpr std::size_t kHostMaxLabels = 127;  // follows from the above: one octet and a dot each
constexpr std::size_t kPathMaxBytes = 1024;  // longer paths are judged by their first 1,024 octets
constexpr std::size_t kPathMaxPieces = 64;   // pieces between the marks / ? & ; =

static_assert(kHostMaxLabels == (kHostMaxBytes + 1) / 2);

/// A host as it is looked up: lower-case, without userinfo, port, brackets and trailing dots.
class HostName {
  public:
    enum class Form : std::uint8_t {
        empty,    ///< nothing to look up
        name,     ///< matches by suffix at label borders
        address,  ///< an IPv4 or IPv6 literal: matches as a whole only
    };

    /// Takes a Host header, SNI or DNS name as it was sent, of any length and any content.
    /// Of a name beyond 253 octets the last whole labels within 253 octets count: the end of a name
    /// says whose it is.
    explicit HostName(std::string_view raw) noexcept { assign(raw); }
    HostName() noexcept {}  ///< empty; leaves unset what is never read, so a row of them costs nothing to make
    /// Becomes the name of `raw`, as if made from it.
    void assign(std::string_view raw) noexcept;

    Form form() const noexcept { return form_; }
    std::string_view text() const noexcept { return {octets_.data() + kPad, size_}; }
    /// Where text() begins in the raw host: a suffix of text() is the same suffix there, in its own case.
    std::size_t raw_offset() const noexcept { return raw_offset_; }

    /// Readable octets before text(): hashing loads whole words that end inside the text.
    static constexpr std::size_t kPad = 8;

    /// Bit n: text()[n] is a dot.
    using Dots = std::array<std::uint64_t, 4>;
    const Dots& dots() const noexcept { return dots_; }

  private:
    bool assign_plain(std::string_view raw) noexcept;
    void assign_host(std::string_view host) noexcept;

    std::array<char, kPad + kHostMaxBytes> octets_;  // only kPad + size_ octets are ever set
    std::uint16_t size_ = 0;
    Form form_ = Form::empty;
    std::size_t raw_offset_ = 0;
    Dots dots_{};
};
static_assert(kHostMaxBytes <= 4 * 64);

/// Keyed hashes of a host's suffixes, from the top-level domain (index 0) to the whole name.
/// The hash of an address covers the whole text and stands alone.
struct HostKeys {
    HostKeys(const HostName& host, std::uint64_t seed) noexcept { assign(host, seed); }
    HostKeys() noexcept {}  ///< none
    void assign(const HostName& host, std::uint64_t seed) noexcept;

    std::size_t count = 0;
    std::array<std::uint64_t, kHostMaxLabels + 1> key;    // only [0, count) is set
    std::array<std::uint8_t, kHostMaxLabels + 1> offset;  // where the suffix begins in text()
};

/// What of a host an entry covers.
enum class Scope : std::uint8_t {
    domain,      ///< the name and all below it
    name_only,   ///< the very name (RPZ "name")
    below_only,  ///< what is below it (RPZ "*.name")
};
/// Key of an entry that covers a part only. @pre not Scope::domain
std::uint64_t scoped_key(std::uint64_t host_key, Scope scope) noexcept;

/// A request target as it is looked up: from "/" on, lower-case, unreserved characters decoded, dot
/// segments and doubled slashes resolved, without fragment; an absolute URI loses scheme and authority.
class PathName {
  public:
    explicit PathName(std::string_view raw) noexcept;
    std::string_view text() const noexcept { return {octets_.data(), size_}; }
    /// The raw target went on beyond what fits.
    bool cut() const noexcept { return cut_; }

  private:
    void put(char c) noexcept;
    void close_segment() noexcept;

    std::array<char, kPathMaxBytes> octets_;  // only [0, size_) is set
    std::size_t size_ = 0;
    bool cut_ = false;
};

/// Keyed hashes of a path's prefixes under one host suffix, shortest first. A prefix ends before one of
/// the marks / ? & ; = or at the end, so "/a/b" covers "/a/b", "/a/b/c" and "/a/b?x", not "/a/bc".
struct PathKeys {
    PathKeys(std::uint64_t host_key, std::string_view path) noexcept;

    std::size_t count = 0;
    bool cut = false;                                // more than kPathMaxPieces
    std::array<std::uint64_t, kPathMaxPieces> key;   // only [0, count) is set
    std::array<std::uint16_t, kPathMaxPieces> size;  // octets of the prefix
};

}  // namespace sekisho::urlfilter
