#include "fetch/answer_head.h"

#include <algorithm>

#include "sekisho/base/text.h"

namespace sekisho::fetch {

bool is_entity_tag(std::string_view text) noexcept {
    if (text.starts_with("W/")) text.remove_prefix(2);
    if (text.size() < 2 || text.front() != '"' || text.back() != '"') return false;
    return std::all_of(text.begin() + 1, text.end() - 1, [](char c) {
        const auto octet = static_cast<unsigned char>(c);
        return octet >= 0x21 && octet != '"' && octet != 0x7f;
    });
}

void AnswerHead::line(std::string_view line) {
    if (line.starts_with("HTTP/")) etag_.clear();
    if (!starts_with_nocase(line, "etag:")) return;
    const std::string_view tag = trim(line.substr(5));
    etag_ = tag.size() <= kEtagMaxBytes && is_entity_tag(tag) ? tag : std::string_view{};
}

}  // namespace sekisho::fetch
