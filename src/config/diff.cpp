// Line differences by the longest common subsequence (Hunt and McIlroy 1976, the plain table form):
// settings files are short, so the table is small once equal ends are cut off.
#include <algorithm>
#include <vector>

#include "sekisho/base/text.h"
#include "sekisho/config/store.h"

namespace sekisho::config {
namespace {

constexpr std::size_t kTableMaxCells = 4'000'000;

using Views = std::vector<std::string_view>;

std::string line_text(char sign, std::size_t number, std::string_view line) {
    return std::string(1, sign) + std::to_string(number) + ": " + std::string(line) + "\n";
}

/// length[i][j]: longest common subsequence of a[i..] and b[j..].
std::vector<std::uint32_t> common_lengths(const Views& a, const Views& b) {
    const std::size_t width = b.size() + 1;
    std::vector<std::uint32_t> length((a.size() + 1) * width, 0);
    for (std::size_t i = a.size(); i-- > 0;)
        for (std::size_t j = b.size(); j-- > 0;)
            length[i * width + j] =
                a[i] == b[j] ? length[(i + 1) * width + j + 1] + 1
                             : std::max(length[(i + 1) * width + j], length[i * width + j + 1]);
    return length;
}

}  // namespace

std::string diff_lines(const std::string& before, const std::string& after) {
    Views a = split(before, '\n');
    Views b = split(after, '\n');
    std::size_t skipped = 0;
    while (skipped < std::min(a.size(), b.size()) && a[skipped] == b[skipped]) ++skipped;
    while (a.size() > skipped && b.size() > skipped && a.back() == b.back()) {
        a.pop_back();
        b.pop_back();
    }
    a.erase(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(skipped));
    b.erase(b.begin(), b.begin() + static_cast<std::ptrdiff_t>(skipped));
    const bool small = (a.size() + 1) * (b.size() + 1) <= kTableMaxCells;
    const auto length = small ? common_lengths(a, b) : std::vector<std::uint32_t>{};
    const std::size_t width = b.size() + 1;
    std::string out;
    std::size_t i = 0, j = 0;
    while (i < a.size() || j < b.size()) {
        if (small && i < a.size() && j < b.size() && a[i] == b[j]) {
            ++i, ++j;
        } else if (i < a.size() && (j == b.size() || !small ||
                                    length[(i + 1) * width + j] >= length[i * width + j + 1])) {
            out += line_text('-', skipped + i + 1, a[i]);
            ++i;
        } else {
            out += line_text('+', skipped + j + 1, b[j]);
            ++j;
        }
    }
    return out;
}

}  // namespace sekisho::config
