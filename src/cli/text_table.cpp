#include "cli/text_table.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace sekisho::cli {
namespace {

struct CodeRange {
    std::uint32_t first;
    std::uint32_t last;
};

// EastAsianWidth.txt, W and F: the blocks of scripts and signs; emoji and rare scripts are left
// out.
constexpr std::array kWide{
    CodeRange{0x1100, 0x115f},  CodeRange{0x2e80, 0x303e}, CodeRange{0x3041, 0x33ff},
    CodeRange{0x3400, 0x4dbf},  CodeRange{0x4e00, 0x9fff}, CodeRange{0xa000, 0xa4cf},
    CodeRange{0xac00, 0xd7a3},  CodeRange{0xf900, 0xfaff}, CodeRange{0xfe30, 0xfe4f},
    CodeRange{0xff00, 0xff60},  CodeRange{0xffe0, 0xffe6}, CodeRange{0x1f300, 0x1f64f},
    CodeRange{0x20000, 0x3fffd}};
constexpr std::array kCombining{CodeRange{0x0300, 0x036f}, CodeRange{0x200b, 0x200f},
                                CodeRange{0x3099, 0x309a}, CodeRange{0xfe00, 0xfe0f}};

template <std::size_t N>
bool within(const std::array<CodeRange, N>& ranges, std::uint32_t code) noexcept {
    return std::any_of(ranges.begin(), ranges.end(), [code](const CodeRange& range) {
        return code >= range.first && code <= range.last;
    });
}

/// The next character; a lone octet where it is no UTF-8.
std::uint32_t take_character(std::string_view& text) noexcept {
    const auto lead = static_cast<unsigned char>(text[0]);
    const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
    std::uint32_t code = size == 4   ? lead & 0x07
                         : size == 3 ? lead & 0x0f
                         : size == 2 ? lead & 0x1f
                                     : lead;
    for (std::size_t i = 1; i < size; ++i) {
        if (i >= text.size() || (static_cast<unsigned char>(text[i]) & 0xc0) != 0x80) {
            text.remove_prefix(1);
            return '?';
        }
        code = code << 6 | (static_cast<unsigned char>(text[i]) & 0x3f);
    }
    text.remove_prefix(size);
    return code;
}

bool table_like(const Json& array) {
    return !array.items().empty() &&
           std::all_of(array.items().begin(), array.items().end(), [](const Json& item) {
               return item.is_object() && std::all_of(item.members().begin(), item.members().end(),
                                                      [](const Json::Member& member) {
                                                          return member.second.is_scalar();
                                                      });
           });
}

std::string indented(std::string_view text, std::size_t blanks) {
    std::string out;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        out.append(blanks, ' ').append(text.substr(0, end)).append("\n");
        text.remove_prefix(std::min(text.size(), end + 1));
    }
    return out;
}

std::string object_table(const Json& array) {
    std::vector<std::string> head;
    for (const Json& item : array.items())
        for (const auto& [name, value] : item.members())
            if (std::find(head.begin(), head.end(), name) == head.end()) head.push_back(name);
    TextTable table(head);
    for (const Json& item : array.items()) {
        std::vector<std::string> row;
        for (const auto& name : head) row.push_back(item[name].text());
        table.add(std::move(row));
    }
    return table.text();
}

std::string joined(const Json& array) {
    std::string line;
    for (const Json& item : array.items())
        line += (line.empty() ? "" : ", ") + printable(item.text());
    return line;
}

}  // namespace

std::size_t columns_of(std::string_view text) noexcept {
    std::size_t columns = 0;
    while (!text.empty()) {
        const auto code = take_character(text);
        if (!within(kCombining, code)) columns += within(kWide, code) ? 2 : 1;
    }
    return columns;
}

std::string printable(std::string_view text) {
    std::string safe(text);
    for (char& c : safe)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '.';
    // C1 controls (U+0080..U+009F) steer terminals too; in UTF-8 they are 0xC2 and an octet below
    // 0xA0.
    for (std::size_t i = 0; i + 1 < safe.size(); ++i)
        if (static_cast<unsigned char>(safe[i]) == 0xc2 &&
            static_cast<unsigned char>(safe[i + 1]) < 0xa0)
            safe.replace(i, 2, "..");
    return safe;
}

void TextTable::add(std::vector<std::string> row) {
    for (auto& cell : row) cell = printable(cell);
    rows_.push_back(std::move(row));
}

std::string TextTable::text() const {
    std::vector<std::size_t> widths;
    for (const auto& row : rows_)
        for (std::size_t i = 0; i < row.size(); ++i) {
            if (i >= widths.size()) widths.push_back(0);
            widths[i] = std::max(widths[i], columns_of(row[i]));
        }
    std::string out;
    for (const auto& row : rows_) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            line += row[i];
            if (i + 1 < row.size()) line.append(widths[i] - columns_of(row[i]) + 2, ' ');
        }
        line.erase(line.find_last_not_of(' ') + 1);
        out += line + "\n";
    }
    return out;
}

std::string lay_out(const Json& value) {
    if (value.is_scalar()) return printable(value.text()) + "\n";
    std::string out;
    if (value.is_array()) {
        if (table_like(value)) return object_table(value);
        for (const Json& item : value.items()) out += lay_out(item);
        return out;
    }
    std::size_t widest = 0;
    for (const auto& [name, member] : value.members())
        if (member.is_scalar() || !table_like(member)) widest = std::max(widest, columns_of(name));
    for (const auto& [name, member] : value.members()) {
        const std::string label = printable(name);
        const std::string pad(widest > columns_of(label) ? widest - columns_of(label) : 0, ' ');
        const bool plain_list =
            member.is_array() && std::all_of(member.items().begin(), member.items().end(),
                                             [](const Json& item) { return item.is_scalar(); });
        if (member.is_scalar())
            out += label + pad + "  " + printable(member.text()) + "\n";
        else if (plain_list)
            out += label + pad + "  " + joined(member) + "\n";
        else
            out += label + "\n" + indented(lay_out(member), 2);
    }
    return out;
}

}  // namespace sekisho::cli
