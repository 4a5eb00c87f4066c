// A strict RFC 5424 parser for tests: takes exactly what the grammar of section 6 allows, nothing more.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "sekisho/base/shown_text.h"

namespace sekisho::soc_test {

struct SyslogMessage {
    unsigned priority = 0;
    std::string timestamp, hostname, app, process, message_id;
    std::map<std::string, std::map<std::string, std::string>> data;
    bool bom = false;
    std::string text;
};

class SyslogParser {
  public:
    static std::optional<SyslogMessage> parse(std::string_view input) {
        SyslogParser parser(input);
        SyslogMessage m;
        if (!parser.message(m)) return std::nullopt;
        return m;
    }

  private:
    explicit SyslogParser(std::string_view input) : rest_(input) {}

    bool message(SyslogMessage& m) {
        std::string digits;
        if (!take('<') || !word(digits, 3, '>') || digits.find_first_not_of("0123456789") != std::string::npos || digits.empty())
            return false;
        if (digits.size() > 1 && digits[0] == '0') return false;
        m.priority = static_cast<unsigned>(std::stoi(digits));
        if (m.priority > 191 || !take('1') || !take(' ')) return false;
        if (!word(m.timestamp, 32, ' ') || !timestamp(m.timestamp)) return false;
        if (!word(m.hostname, 255, ' ') || !word(m.app, 48, ' ') || !word(m.process, 128, ' ') || !word(m.message_id, 32, ' ')) return false;
        if (!structured(m)) return false;
        if (rest_.empty()) return true;
        if (!take(' ')) return false;
        if (rest_.starts_with("\xef\xbb\xbf")) {
            m.bom = true;
            rest_.remove_prefix(3);
        }
        m.text = rest_;
        return utf8(rest_);
    }

    /// One to `max` printable ASCII characters, then the end mark.
    bool word(std::string& out, std::size_t max, char end) {
        while (!rest_.empty() && rest_[0] != end) {
            if (rest_[0] <= ' ' || rest_[0] >= '\x7f' || out.size() == max) return false;
            out += rest_[0];
            rest_.remove_prefix(1);
        }
        return !out.empty() && take(end);
    }

    static bool timestamp(const std::string& t) {
        constexpr std::string_view kShape = "0000-00-00T00:00:00.000000+00:00";
        if (t.size() != kShape.size()) return false;
        for (std::size_t i = 0; i < t.size(); ++i)
            if (kShape[i] == '0' ? (t[i] < '0' || t[i] > '9') : t[i] != kShape[i]) return false;
        return true;
    }

    bool structured(SyslogMessage& m) {
        if (take('-')) return true;
        if (rest_.empty() || rest_[0] != '[') return false;
        while (take('[')) {
            std::string id;
            if (!name(id, " ]") || m.data.contains(id)) return false;
            auto& params = m.data[id];
            while (take(' ')) {
                std::string key, value;
                if (!name(key, "=") || !take('=') || !take('"') || !quoted(value)) return false;
                if (!params.emplace(key, value).second) return false;
            }
            if (!take(']')) return false;
        }
        return true;
    }

    bool name(std::string& out, std::string_view ends) {
        while (!rest_.empty() && ends.find(rest_[0]) == std::string_view::npos) {
            const char c = rest_[0];
            if (c <= ' ' || c >= '\x7f' || c == '=' || c == ']' || c == '"' || out.size() == 32) return false;
            out += c;
            rest_.remove_prefix(1);
        }
        return !out.empty();
    }

    bool quoted(std::string& out) {
        while (!rest_.empty() && rest_[0] != '"') {
            if (rest_[0] == ']') return false;  // must be escaped
            if (rest_[0] == '\\') rest_.remove_prefix(1);
            if (rest_.empty()) return false;
            out += rest_[0];
            rest_.remove_prefix(1);
        }
        return take('"') && utf8(out);
    }

    static bool utf8(std::string_view text) {
        while (!text.empty()) {
            const std::size_t length = utf8_length(text);
            if (length == 0 || static_cast<unsigned char>(text[0]) < 0x20) return false;
            text.remove_prefix(length);
        }
        return true;
    }

    bool take(char c) {
        if (rest_.empty() || rest_[0] != c) return false;
        rest_.remove_prefix(1);
        return true;
    }

    std::string_view rest_;
};

}  // namespace sekisho::soc_test
