#include "app/imap/structure.h"

#include <algorithm>

#include "app/mime/parameters.h"
#include "sekisho/base/text.h"

namespace sekisho::app::imap {
namespace {

constexpr int kDepthMax = 16;
constexpr std::size_t kParametersMax = 1000;   // octets of one list that are read

std::size_t find_nocase(std::string_view text, std::string_view word) noexcept {
    for (std::size_t i = 0; i + word.size() <= text.size(); ++i)
        if (starts_with_nocase(text.substr(i), word)) return i;
    return std::string_view::npos;
}

}  // namespace

/// Parentheses, strings and words, one after the other.
class Structures::Reader {
  public:
    Reader(Structures& to, std::uint32_t message, std::string_view text) noexcept : to_(to), message_(message), text_(text) {}

    /// @param section  of the body when it has parts; a single part at the root is number 1
    void body(const Section& section, bool has_number, int depth) noexcept {
        if (depth == kDepthMax || !take('(')) return;
        if (peek('(')) {
            for (int n = 1; peek('('); ++n) body(section.part(n), true, depth + 1);
            skip_group();
            return;
        }
        leaf(has_number ? section : section.part(1), depth);
    }

  private:
    void blanks() noexcept {
        while (text_.starts_with(' ')) text_.remove_prefix(1);
    }
    bool peek(char c) noexcept {
        blanks();
        return text_.starts_with(c);
    }
    bool take(char c) noexcept {
        const bool there = peek(c);
        if (there) text_.remove_prefix(1);
        return there;
    }
    /// A string without its quotes, or a word; NIL is empty.
    std::string_view string() noexcept {
        blanks();
        if (text_.starts_with('"')) {
            std::size_t end = 1;
            while (end < text_.size() && text_[end] != '"') end += text_[end] == '\\' ? 2 : 1;
            end = std::min(end, text_.size());
            const std::string_view out = text_.substr(1, end - 1);
            text_.remove_prefix(std::min(end + 1, text_.size()));
            return out;
        }
        const std::string_view out = text_.substr(0, text_.find_first_of(" ()\""));
        text_.remove_prefix(out.size());
        return equals_nocase(out, "NIL") ? std::string_view{} : out;
    }
    /// Up to the parenthesis that closes the present group.
    void skip_group() noexcept {
        for (int depth = 1; depth > 0 && !text_.empty();) {
            if (take('(')) ++depth;
            else if (take(')')) --depth;
            else string();
        }
    }
    /// ("NAME" "x" "CHARSET" "y") as the parameters of a field.
    std::string_view parameters() noexcept {
        std::size_t used = 0;
        const auto put = [&](std::string_view text) {
            const std::size_t n = std::min(text.size(), list_.size() - used);
            std::copy_n(text.begin(), n, list_.begin() + static_cast<std::ptrdiff_t>(used));
            used += n;
        };
        if (!take('(')) {
            string();
            return {};
        }
        while (!text_.empty() && !take(')')) {
            if (take('(')) {   // no list of pairs
                skip_group();
                continue;
            }
            const std::string_view name = string(), value = string();
            if (name.empty() && value.empty()) break;
            put(";");
            put(name);
            put("=\"");
            put(value);
            put("\"");
        }
        return {list_.data(), used};
    }
    void take_name(std::string_view list, std::string_view parameter, Leaf& leaf) noexcept {
        std::uint8_t name[kParametersMax];
        const std::size_t n = mime::read_parameter(list, parameter, name);
        if (n == 0) return;
        leaf.name_size = static_cast<std::uint8_t>(std::min(n, leaf.name.size()));
        std::copy_n(name + n - leaf.name_size, leaf.name_size, leaf.name.begin());
    }
    void leaf(const Section& section, int depth) noexcept {
        Leaf leaf;
        leaf.message = message_;
        leaf.section = section;
        const std::string_view type = string(), subtype = string();
        leaf.is_text = equals_nocase(type, "text");
        leaf.is_mail = equals_nocase(type, "message") && (equals_nocase(subtype, "rfc822") || equals_nocase(subtype, "global"));
        take_name(parameters(), "name", leaf);
        string();   // id
        string();   // description
        leaf.coding = mime::parse_coding(string()).value_or(mime::Coding::identity);
        string();   // size
        if (leaf.is_mail && take('(')) {
            skip_group();   // its envelope
            body(section, false, depth + 1);
        }
        // ("attachment" ("FILENAME" "x")) is among the rest.
        for (int open = 1; open > 0 && !text_.empty();) {
            if (take(')')) --open;
            else if (take('(')) ++open;
            else if (const auto word = string(); equals_nocase(word, "attachment") || equals_nocase(word, "inline"))
                if (peek('(')) take_name(parameters(), "filename", leaf);
        }
        to_.leaves_[to_.next_] = leaf;
        to_.next_ = static_cast<std::uint8_t>((to_.next_ + 1) % to_.leaves_.size());
    }

    Structures& to_;
    std::uint32_t message_;
    std::string_view text_;
    std::array<char, kParametersMax> list_;
};

void Structures::read(std::uint32_t message, std::string_view line) noexcept {
    constexpr std::string_view kName = "BODYSTRUCTURE ";
    const std::size_t at = find_nocase(line, kName);
    if (message == 0 || at == std::string_view::npos) return;
    Reader(*this, message, line.substr(at + kName.size())).body({}, false, 0);
}

const Leaf* Structures::find(std::uint32_t message, const Section& section) const noexcept {
    const auto found = std::find_if(leaves_.begin(), leaves_.end(), [&](const Leaf& leaf) {
        return leaf.message == message && message != 0 && leaf.section == section;
    });
    return found == leaves_.end() ? nullptr : &*found;
}

void Structures::forget() noexcept {
    for (Leaf& leaf : leaves_) leaf.message = 0;
}

}  // namespace sekisho::app::imap
