// Words in braces, replaced in one pass from left to right: what is filled in is never looked at again, so a
// host name made of braces stays what it is.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace sekisho::judge {

using Filling = std::pair<std::string_view, std::string>;  ///< "{host}" and what stands for it

inline std::string fill_in(const std::string& pattern, std::span<const Filling> words) {
    std::string out;
    for (std::size_t at = 0; at < pattern.size();) {
        const Filling* found = nullptr;
        if (pattern[at] == '{')
            for (const Filling& word : words)
                if (pattern.compare(at, word.first.size(), word.first) == 0) found = &word;
        if (found == nullptr) {
            out += pattern[at++];
            continue;
        }
        out += found->second;
        at += found->first.size();
    }
    return out;
}

/// The first word in braces that is none of `known`; empty: there is none.
inline std::string_view unknown_word(std::string_view pattern, std::span<const std::string_view> known) {
    for (std::size_t at = pattern.find('{'); at != std::string_view::npos; at = pattern.find('{', at + 1)) {
        const std::string_view word = pattern.substr(at, pattern.find('}', at) - at + 1);
        bool found = false;
        for (const std::string_view one : known) found = found || one == word;
        if (!found) return word;
    }
    return {};
}

}  // namespace sekisho::judge
