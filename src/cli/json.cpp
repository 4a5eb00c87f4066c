#include "cli/json.h"

#include <algorithm>

#include "sekisho/base/text.h"

namespace sekisho::cli {

const Json& Json::operator[](std::string_view name) const noexcept {
    static const Json nothing;
    const auto found = std::find_if(members_.begin(), members_.end(),
                                    [name](const Member& member) { return member.first == name; });
    return found == members_.end() ? nothing : found->second;
}

bool Json::has(std::string_view name) const noexcept {
    return std::any_of(members_.begin(), members_.end(),
                       [name](const Member& member) { return member.first == name; });
}

void Json::remove(std::string_view name) {
    std::erase_if(members_, [name](const Member& member) { return member.first == name; });
}

std::string Json::text() const {
    if (kind_ == Kind::boolean) return truth_ ? "yes" : "no";
    return scalar_;
}

std::int64_t Json::number() const noexcept {
    return kind_ == Kind::number ? parse_int(scalar_, INT64_MIN, INT64_MAX).value_or(0) : 0;
}

class JsonParser {
  public:
    explicit JsonParser(std::string_view text) : rest_(text) {}

    Result<Json> whole() {
        Json value;
        skip_blanks();
        if (!parse_value(value, 0)) return wrong();
        skip_blanks();
        if (!rest_.empty()) return wrong();
        return value;
    }

  private:
    tl::unexpected<Error> wrong() const {
        return too_deep_ ? fail(ErrorCode::limit, "the answer is nested too deep")
                         : fail(ErrorCode::invalid, "the answer is not JSON: '" +
                                                        std::string(rest_.substr(0, 40)) + "'");
    }
    void skip_blanks() {
        const auto first = rest_.find_first_not_of(" \t\r\n");
        rest_.remove_prefix(first == std::string_view::npos ? rest_.size() : first);
    }
    bool take(std::string_view word) {
        if (!rest_.starts_with(word)) return false;
        rest_.remove_prefix(word.size());
        return true;
    }

    bool parse_value(Json& out, std::size_t depth) {
        if (depth > kJsonMaxDepth) {
            too_deep_ = true;
            return false;
        }
        if (take("{")) return parse_object(out, depth);
        if (take("[")) return parse_array(out, depth);
        if (take("\"")) {
            out.kind_ = Json::Kind::text;
            return parse_text(out.scalar_);
        }
        if (take("null")) return true;
        out.kind_ = Json::Kind::boolean;
        out.truth_ = rest_.starts_with("true");
        if (take("true") || take("false")) return true;
        return parse_number(out);
    }
    bool parse_number(Json& out) {
        const auto end = std::min(rest_.find_first_not_of("+-.0123456789eE"), rest_.size());
        if (end == 0) return false;
        out.kind_ = Json::Kind::number;
        out.scalar_ = rest_.substr(0, end);
        rest_.remove_prefix(end);
        return true;
    }
    bool parse_array(Json& out, std::size_t depth) {
        out.kind_ = Json::Kind::array;
        skip_blanks();
        if (take("]")) return true;
        do {
            skip_blanks();
            if (!parse_value(out.items_.emplace_back(), depth + 1)) return false;
            skip_blanks();
        } while (take(","));
        return take("]");
    }
    bool parse_object(Json& out, std::size_t depth) {
        out.kind_ = Json::Kind::object;
        skip_blanks();
        if (take("}")) return true;
        do {
            skip_blanks();
            auto& [name, value] = out.members_.emplace_back();
            if (!take("\"") || !parse_text(name)) return false;
            skip_blanks();
            if (!take(":")) return false;
            skip_blanks();
            if (!parse_value(value, depth + 1)) return false;
            skip_blanks();
        } while (take(","));
        return take("}");
    }

    bool parse_text(std::string& out) {
        while (!rest_.empty()) {
            const auto plain = std::min(rest_.find_first_of("\"\\"), rest_.size());
            out.append(rest_.substr(0, plain));
            rest_.remove_prefix(plain);
            if (take("\"")) return true;
            if (!parse_escape(out)) return false;
        }
        return false;
    }
    bool parse_escape(std::string& out) {
        constexpr std::string_view letters = "\"\\/bfnrt";
        constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
        if (!take("\\") || rest_.empty()) return false;
        if (take("u")) return parse_code_point(out);
        const auto which = letters.find(rest_[0]);
        if (which == std::string_view::npos) return false;
        out += meanings[which];
        rest_.remove_prefix(1);
        return true;
    }
    /// Four hex digits; a high surrogate must be followed by a low one (RFC 8259 section 7).
    bool parse_code_point(std::string& out) {
        std::uint32_t code = 0;
        if (!take_hex(code)) return false;
        if (code >= 0xd800 && code < 0xdc00) {
            std::uint32_t low = 0;
            if (!take("\\u") || !take_hex(low) || low < 0xdc00 || low > 0xdfff) return false;
            code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        } else if (code >= 0xdc00 && code <= 0xdfff) {
            return false;
        }
        put_utf8(out, code);
        return true;
    }
    bool take_hex(std::uint32_t& code) {
        if (rest_.size() < 4) return false;
        for (const char c : rest_.substr(0, 4)) {
            const auto digit = std::string_view("0123456789abcdef").find(ascii_lower(c));
            if (digit == std::string_view::npos) return false;
            code = code << 4 | static_cast<std::uint32_t>(digit);
        }
        rest_.remove_prefix(4);
        return true;
    }
    static void put_utf8(std::string& out, std::uint32_t code) {
        const auto tail = [&](int shift) {
            out += static_cast<char>(0x80 | (code >> shift & 0x3f));
        };
        if (code < 0x80) {
            out += static_cast<char>(code);
        } else if (code < 0x800) {
            out += static_cast<char>(0xc0 | code >> 6);
            tail(0);
        } else if (code < 0x10000) {
            out += static_cast<char>(0xe0 | code >> 12);
            tail(6), tail(0);
        } else {
            out += static_cast<char>(0xf0 | code >> 18);
            tail(12), tail(6), tail(0);
        }
    }

    std::string_view rest_;
    bool too_deep_ = false;
};

Result<Json> parse_json(std::string_view text) { return JsonParser(text).whole(); }

Result<std::vector<Json>> parse_json_lines(std::string_view text) {
    std::vector<Json> all;
    for (const auto line : split(text, '\n')) {
        if (trim(line).empty()) continue;
        auto value = parse_json(line);
        if (!value) return fail(value.error());
        if (value->is_array())
            all.insert(all.end(), value->items().begin(), value->items().end());
        else
            all.push_back(std::move(*value));
    }
    return all;
}

}  // namespace sekisho::cli
