// Category lists as their makers publish them: squidGuard folders (<list>/<category>/{domains,urls}),
// plain lists of domains, hosts files, and the admin's own allow / deny file. One line is one entry:
//
//   example.com                 the domain and all below it        *.example.com, .example.com: the same
//   .zip                        a whole top-level domain (a bare "zip" is refused: too likely a slip)
//   192.0.2.7  [2001:db8::1]    an address, as a whole
//   example.com/a/b             a path and all below it; port, scheme and fragment are dropped
//   0.0.0.0 example.com         hosts file spelling, same as example.com
//   allow example.com           admin file only: allow or deny, then any of the above
//
// Text after "#" at the start of a line or after a blank is a comment. Left out: squidGuard's
// `expressions` files (their presence is reported).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sekisho/base/result.h"

namespace sekisho::urlfilter {

enum class ListFormat : std::uint8_t {
    entries,
    admin_allow,  ///< an admin file, of which only the allow lines count
    admin_deny,   ///< an admin file, of which only the deny lines count
};

/// One text to build from.
struct ListSource {
    std::string name;      ///< for people: "ut1/malware/domains"
    std::string category;  ///< "malware"
    std::string path;      ///< file to read; empty: `text` is the list
    std::string text;
    ListFormat format = ListFormat::entries;
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
    top_level_domain,  ///< "com" without a leading dot
    path_too_long,
    no_verb,  ///< admin file: neither allow nor deny
    line_too_long,
    count_,
};
std::string_view describe(EntryFault fault) noexcept;

/// One entry in the spelling it is looked up in.
struct Entry {
    std::string host;  ///< lower-case A-labels, or an address without brackets
    std::string path;  ///< normalised, no trailing mark; empty: the whole host
};

constexpr std::size_t kListLineMaxBytes = 4096;

/// Reads one line (without its line end). `entry` is set when the answer is `none`.
EntryFault parse_entry(std::string_view line, ListFormat format, Entry& entry);

/// A host name of UTF-8 labels as A-labels (RFC 3492, "xn--"); ASCII labels are lower-cased.
/// Non-ASCII letters are taken as they are: no case folding beyond ASCII.
EntryFault to_ascii_host(std::string_view host, std::string& out);

/// Lists found under `folder`, by category and file name. `folder` is a list of categories
/// ("/usr/share/sekisho/rules/categories"), its own name becomes the list's name. A category may hold
/// categories ("social/video"); links are followed four floors deep.
/// @param skipped   gets the `expressions` files that were passed over; may be null
/// @error not_found, io
Result<std::vector<ListSource>> find_lists(const std::string& folder, std::vector<std::string>* skipped);

}  // namespace sekisho::urlfilter
