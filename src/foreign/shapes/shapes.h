// How makers lay out a line. A shape takes a line apart; what its fields mean stands in rules/log-makers.yaml.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foreign/fields.h"

namespace sekisho::foreign {

/// What a shape is told by the table: names of columns, where lines of several kinds have their own.
struct Columns {
    std::size_t key_column = 0;  ///< whose value chooses the names
    struct Names {
        std::string key;         ///< empty: fits every line
        std::vector<std::string> names;
    };
    std::vector<Names> kinds;
};

/// @param line  one message without its syslog header where one was found
/// @return      false: the line is not laid out like this
using Take = bool (*)(std::string_view line, const Columns& columns, Fields& out);

bool take_pairs(std::string_view line, const Columns&, Fields& out);          ///< key=value key="value" (FortiGate)
bool take_csv(std::string_view line, const Columns& columns, Fields& out);    ///< RFC 4180 (Palo Alto)
bool take_words(std::string_view line, const Columns& columns, Fields& out);  ///< blanks between columns (squid)
bool take_json(std::string_view line, const Columns&, Fields& out);           ///< one object, names joined by dots (EVE)
bool take_cef(std::string_view line, const Columns&, Fields& out);            ///< ArcSight's Common Event Format
bool take_leef(std::string_view line, const Columns&, Fields& out);           ///< QRadar's Log Event Extended Format
bool take_firebox(std::string_view line, const Columns&, Fields& out);        ///< WatchGuard Fireware

/// By its name in the table.
std::optional<Take> find_shape(std::string_view name) noexcept;
std::string shape_names();

}  // namespace sekisho::foreign
