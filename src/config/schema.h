// The one table of settings: what the reader takes, the writer writes, the documents and the
// completion show. A new setting is a member in settings.h and a row in keys/.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/shape.h"
#include "sekisho/config/settings.h"

namespace sekisho::config {

/// A list whose items are groups of settings of their own (ports, pairs, SOC targets).
struct Items {
    void* list;
    std::size_t (*size)(const void*);
    void (*resize)(void*, std::size_t);
};

/// Where a setting lives, by its type.
using Slot =
    std::variant<bool*, std::uint16_t*, std::uint32_t*, std::string*, OnOverload*, UrlAction*, SyslogTransport*,
                 SyslogFormat*, MailTls*, MailLanguage*, MailDigest*, Weekday*, std::vector<std::string>*, std::vector<unsigned>*,
                 std::map<std::string, std::string>*, std::map<std::string, UrlAction>*,
                 std::map<std::string, ApplicationAction>*, Items>;

struct Range {
    std::int64_t min = 0;
    std::int64_t max = 0;
};

struct Key {
    std::string_view path;                      ///< "[]" stands for any item of a list of groups
    Slot (*slot)(Settings&, std::size_t item);  ///< `item`: which one, for paths with "[]"
    std::string_view help;                      ///< one or two sentences
    Range range = {};  ///< numbers: their values; lists and maps: how many entries
    std::string_view unit = {};
    const Shape* shape = &kText;    ///< texts: each of them
    bool required = false;          ///< in a group: must be written
    std::string_view example = {};  ///< YAML, shown where the default is empty
};

struct Section {
    std::string_view path;
    std::string_view help;
};

std::span<const Key> all_keys() noexcept;
std::span<const Section> all_sections() noexcept;

/// By path with "[]" instead of numbers; nullptr when there is none.
const Key* find_key(std::string_view path) noexcept;
const Section* find_section(std::string_view path) noexcept;

/// "true or false", "a number from 1 to 64", "a list of at most 16 ...": ends the sentence
/// "allowed: ...".
std::string allowed_values(const Key& key);

}  // namespace sekisho::config
