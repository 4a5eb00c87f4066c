// Lines of the text protocols (SMTP, POP3, IMAP, FTP): up to LF, with or without CR before it.
#pragma once

#include <cstring>
#include <string_view>

namespace sekisho::app {

struct TextLine {
    std::string_view text;     ///< without its end; the first `max` octets of a longer one
    std::size_t octets = 0;    ///< to consume; 0: more are needed
    bool too_long = false;
    bool rest_of_long = false; ///< of a line that was told before
};

/// The line that `in` begins with. A line over `max` is told by its start as soon as that is here; its rest follows as
/// `rest_of_long`.
/// @param skipping  state of the caller, false at first: whether such a rest is being passed over
inline TextLine take_line(std::string_view in, std::size_t max, bool& skipping) noexcept {
    const auto* lf = in.empty() ? nullptr : static_cast<const char*>(std::memchr(in.data(), '\n', in.size()));
    const std::size_t size = lf != nullptr ? static_cast<std::size_t>(lf - in.data()) : in.size();
    if (skipping) {
        skipping = lf == nullptr;
        return {{}, size + (lf != nullptr ? 1u : 0u), false, true};
    }
    if (size > max) {
        skipping = true;
        return {in.substr(0, max), max, true, false};
    }
    if (lf == nullptr) return {};
    return {in.substr(0, size > 0 && in[size - 1] == '\r' ? size - 1 : size), size + 1, false, false};
}

/// Whether `line` begins with the word, in any case, and the word ends there.
inline bool begins_with_word(std::string_view line, std::string_view word) noexcept {
    if (line.size() < word.size()) return false;
    for (std::size_t i = 0; i < word.size(); ++i)
        if ((line[i] >= 'a' && line[i] <= 'z' ? line[i] - 32 : line[i]) != word[i]) return false;
    return line.size() == word.size() || line[word.size()] == ' ' || line[word.size()] == '\t';
}

/// The argument behind the first word, without blanks around it.
inline std::string_view argument_of(std::string_view line) noexcept {
    const auto blank = line.find(' ');
    if (blank == std::string_view::npos) return {};
    line.remove_prefix(blank);
    while (!line.empty() && (line.front() == ' ' || line.front() == '\t')) line.remove_prefix(1);
    while (!line.empty() && (line.back() == ' ' || line.back() == '\t')) line.remove_suffix(1);
    return line;
}

/// First octet of a TLS record that begins a handshake (RFC 8446 section 5.1).
constexpr char kTlsHandshake = 22;

}  // namespace sekisho::app
