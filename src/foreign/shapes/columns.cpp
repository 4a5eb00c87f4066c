// Columns: comma separated values (RFC 4180; PAN-OS "Syslog Field Descriptions"), and words between blanks (squid's
// native access.log, "Log Files" of its documentation). A column that the table names "a/b" holds two values.
#include <array>

#include "foreign/shapes/pairs.h"
#include "foreign/shapes/shapes.h"

namespace sekisho::foreign {
namespace {

using Cells = std::array<std::string_view, kFieldsMax>;

bool name_cells(const Cells& cells, std::size_t count, const Columns& columns, Fields& out) {
    for (const auto& kind : columns.kinds) {
        if (!kind.key.empty() && (columns.key_column >= count || cells[columns.key_column] != kind.key)) continue;
        for (std::size_t i = 0; i < std::min(count, kind.names.size()); ++i) {
            const std::string_view name = kind.names[i];
            const auto slash = name.find('/');
            if (name.empty()) continue;
            if (slash == std::string_view::npos) {
                out.add(name, cells[i]);
                continue;
            }
            const auto cut = std::min(cells[i].find('/'), cells[i].size());
            out.add(name.substr(0, slash), cells[i].substr(0, cut));
            out.add(name.substr(slash + 1), cells[i].substr(std::min(cut + 1, cells[i].size())));
        }
        return count >= std::min<std::size_t>(kind.names.size(), 10);
    }
    return false;
}

}  // namespace

bool take_csv(std::string_view line, const Columns& columns, Fields& out) {
    Cells cells;
    std::size_t count = 0;
    while (count < cells.size()) {
        if (!line.empty() && line.front() == '"') {
            std::size_t end = 1;
            bool doubled = false;
            while (end < line.size() && (line[end] != '"' || (end + 1 < line.size() && line[end + 1] == '"'))) {
                doubled = doubled || line[end] == '"';
                end += line[end] == '"' ? 2 : 1;
            }
            const std::string_view quoted = line.substr(1, std::min(end, line.size()) - 1);
            cells[count++] = doubled ? unescape(quoted, '"', out) : quoted;
            line.remove_prefix(std::min(end + 1, line.size()));
            line.remove_prefix(std::min(line.find(','), line.size()));
        } else {
            cells[count] = line.substr(0, line.find(','));
            line.remove_prefix(cells[count++].size());
        }
        if (line.empty()) break;
        line.remove_prefix(1);
    }
    return name_cells(cells, count, columns, out);
}

bool take_words(std::string_view line, const Columns& columns, Fields& out) {
    Cells cells;
    std::size_t count = 0;
    while (count < cells.size()) {
        line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
        if (line.empty()) break;
        cells[count] = line.substr(0, line.find(' '));
        line.remove_prefix(cells[count++].size());
    }
    return name_cells(cells, count, columns, out);
}

}  // namespace sekisho::foreign
