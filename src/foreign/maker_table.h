// rules/log-makers.yaml in memory.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foreign/shapes/shapes.h"

namespace sekisho::foreign {

/// What a field of theirs means to us; the names in the table are kMeanings.
enum class Meaning : std::uint8_t {
    client, client_port, server, server_port, protocol, action, signature, sid, category, host, url, method, user_agent,
    status, bytes_out, bytes_in, packets_out, packets_in, app, severity, forwarded, count_
};
constexpr std::size_t kMeaningCount = static_cast<std::size_t>(Meaning::count_);
constexpr std::array<std::string_view, kMeaningCount> kMeanings{
    "client", "client_port", "server", "server_port", "protocol", "action", "signature", "sid", "category", "host", "url", "method",
    "user_agent", "status", "bytes_out", "bytes_in", "packets_out", "packets_in", "app", "severity", "forwarded"};

/// A word of a log against a word of the table: any case, '*' at its beginning, its end or both stands for anything.
bool matches(std::string_view pattern, std::string_view text) noexcept;

/// A field has one of these values.
struct Condition {
    std::string field;
    std::vector<std::string> patterns;
};

enum class RecordKind : std::uint8_t { alert, url, http, flow, ignore, count_ };
constexpr std::array<std::string_view, static_cast<std::size_t>(RecordKind::count_)> kRecordKinds{"alert", "url", "http", "flow", "ignore"};

struct RecordRule {
    std::vector<Condition> when;     ///< all of them
    RecordKind kind = RecordKind::ignore;
    std::string classtype;           ///< alert: empty: by the maker's `classtypes`
};

using Words = std::map<std::string, std::string, std::less<>>;  ///< lower case to ours

struct Maker {
    std::string name, title;
    std::uint32_t generator = 0;
    Take take = nullptr;
    Columns columns;
    std::vector<std::string> signs;  ///< all of them stand in each line
    std::array<std::vector<std::string>, kMeaningCount> fields;
    std::vector<std::string> blocked;
    std::vector<Condition> fetched;  ///< any of them: what counts came in the answer
    std::vector<Condition> swapped;  ///< any of them: source and destination are the attacker's and the victim's
    Words categories, classtypes, severities;
    std::vector<RecordRule> records; ///< the first that fits
};

struct MakerTable {
    std::vector<Maker> makers;
};

}  // namespace sekisho::foreign
