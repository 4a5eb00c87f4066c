// Category lists as their makers publish them. One line is mostly one entry:
//
//   example.com                 the domain and all below it        *.example.com, .example.com: the same
//   .zip, .co.jp                a whole public suffix (without the dot it is refused: too likely a slip)
//   192.0.2.7  [2001:db8::1]    an address, as a whole
//   example.com/a/b             a path and all below it; port, scheme and fragment are dropped
//   0.0.0.0 a.example b.example hosts file: each name as if it stood alone; the host's own names are passed over
//   allow example.com until 2026-12-01T00:00:00Z # reason
//                               admin file only: allow or deny, then any of the above
//   ||example.com^              AdBlock: names only; a filter with conditions is refused
//   example.com CNAME .         response policy zone: this very name; *.example.com: what is below it only
//
// Text after "#" at the start of a line or after a blank is a comment. Files of patterns (squidGuard's
// `expressions`) are lists of the format `expressions`: each line is one pattern.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "sekisho/base/result.h"
#include "sekisho/urlfilter/name.h"

namespace sekisho::urlfilter {

enum class ListFormat : std::uint8_t {
    entries,      ///< names, URLs, hosts files
    admin_allow,  ///< an admin file, of which only the allow lines count
    admin_deny,   ///< an admin file, of which only the deny lines count
    adblock,
    rpz,
    expressions,
};

/// One text to build from.
struct ListSource {
    std::string name;      ///< for people: "ut1/malware/domains"
    std::string category;  ///< "malware"
    std::string path;      ///< file to read; empty: `text` is the list
    std::string text;
    ListFormat format = ListFormat::entries;
    std::uint32_t date_s = 0;  ///< when the list was made, seconds since 1970; 0: not known
};

/// Why a line is refused.
enum class EntryFault : std::uint8_t {
    none,
    blank,  ///< empty, a comment, the other verb: not an entry, not a fault
    no_host,
    bad_character,  ///< other than letters, digits, "-", "_" and "."
    bad_utf8,
    empty_label,       ///< ".." inside
    label_too_long,    ///< beyond 63 octets in its A-label form
    name_too_long,     ///< beyond 253 octets
    bad_address,       ///< ends in a number, but is no IPv4 address
    public_suffix,     ///< "com", "co.jp" without a leading dot
    path_too_long,
    no_verb,  ///< admin file: neither allow nor deny
    line_too_long,
    bad_name,        ///< not a name by IDNA2008
    bad_time,        ///< admin file: what follows the name is no "until TIME"
    adblock_other,   ///< not ||name^
    adblock_conditions,
    exception,       ///< @@||name^, rpz-passthru: allows instead of naming a category
    rpz_trigger,     ///< a trigger other than a name or an address
    rpz_syntax,
    bad_expression,  ///< Hyperscan does not take it
    count_,
};
std::string_view describe(EntryFault fault) noexcept;

/// One entry in the spelling it is looked up in.
struct Entry {
    std::string host;  ///< lower-case A-labels, or an address without brackets
    std::string path;  ///< normalised, no trailing mark; empty: the whole host
    Scope scope = Scope::domain;
    std::uint64_t until_s = 0;  ///< admin files: when the entry ends, seconds since 1970; 0: never
};

constexpr std::size_t kListLineMaxBytes = 4096;

/// Reads one line (without its line end) that holds at most one entry: formats entries and admin.
/// `entry` is set when the answer is `none`.
EntryFault parse_entry(std::string_view line, ListFormat format, Entry& entry);

/// Reads the lines of one list in order; keeps what a line may need of those before it.
class LineParser {
  public:
    explicit LineParser(ListFormat format) : format_(format) {}

    using Use = std::function<void(const Entry&)>;
    /// @return the first fault of the line; the entries beside it are given out all the same
    EntryFault parse(std::string_view line, const Use& use);

  private:
    EntryFault parse_hosts(std::string_view names, const Use& use);
    EntryFault parse_rpz(std::string_view line, const Use& use);
    EntryFault give_rpz(std::string_view owner, std::string_view target, const Use& use);

    ListFormat format_;
    Entry entry_;          // kept to spare an allocation a line
    std::string origin_;   // rpz: the zone's own name, with its dot
    std::string owner_;    // rpz: of the record before
    int parentheses_ = 0;  // rpz: open ones of a record over several lines
};

/// What a list looks like by its name and first octets; `entries` when nothing speaks against it.
ListFormat guess_format(std::string_view name, std::string_view head) noexcept;

/// A host name of UTF-8 labels as A-labels (IDNA2008 with UTS 46 mapping, libidn2); ASCII is lower-cased.
EntryFault to_ascii_host(std::string_view host, std::string& out);

/// The part of a name that somebody registered ("example.co.jp" of "www.example.co.jp"), by the public suffix list
/// (libpsl, its ICANN part). @return a view into `host`; empty when the whole name is a public suffix or an address
/// @pre lower-case A-labels
std::string_view registrable_domain(std::string_view host);

/// Lists found under `folder`, by category and file name. `folder` is a list of categories
/// ("/usr/share/sekisho/rules/categories"), its own name becomes the list's name. A category may hold
/// categories ("social/video"); links are followed four floors deep.
/// @error not_found, io
Result<std::vector<ListSource>> find_lists(const std::string& folder);

}  // namespace sekisho::urlfilter
