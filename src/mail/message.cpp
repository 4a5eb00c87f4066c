#include "sekisho/mail/message.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>

#include "sekisho/base/local_time.h"
#include "sekisho/base/shown_text.h"
#include "sekisho/crypto/base64.h"

namespace sekisho::mail {
namespace {

constexpr std::size_t kBodyLine = 76;           // RFC 2045 section 6.8
constexpr std::size_t kPlainHeaderMax = 60;     // with its name below 78 octets
constexpr std::size_t kSubjectMax = 512;        // octets before encoding
constexpr std::size_t kEncodedWordOctets = 45;  // 60 digits and 12 of frame: below 75 (RFC 2047 section 2)

// "=_" never occurs in base64, and every body is base64: no body can end a part (RFC 2045 section 6.7 (5)).
constexpr std::string_view kMixed = "=_sekisho_mixed";
constexpr std::string_view kAlternative = "=_sekisho_alternative";

bool made_of(std::string_view text, std::string_view more) noexcept {
    const auto fits = [more](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || more.find(c) != std::string_view::npos;
    };
    return !text.empty() && std::all_of(text.begin(), text.end(), fits);
}

/// A dot-atom at a domain, coarsely: settings are checked closer. What matters here is that nothing else can follow.
bool address(std::string_view text) noexcept {
    const auto at = text.find('@');
    return at != std::string_view::npos && text.size() <= 254 && made_of(text.substr(0, at), "!#$%&'*+-/=?^_`{|}~.") &&
           made_of(text.substr(at + 1), "-.");
}

void header(std::string& out, std::string_view name, std::string_view value) { out.append(name).append(": ").append(value).append("\r\n"); }

void begin_part(std::string& out, std::string_view boundary, std::string_view type) {
    out.append("--").append(boundary).append("\r\n");
    header(out, "Content-Type", type);
}

void body(std::string& out, std::string_view content) {
    header(out, "Content-Transfer-Encoding", "base64");
    out.append("\r\n");
    const std::string digits = crypto::base64(content);
    for (std::size_t at = 0; at < digits.size(); at += kBodyLine) out.append(digits, at, kBodyLine).append("\r\n");
}

void end_parts(std::string& out, std::string_view boundary) { out.append("--").append(boundary).append("--\r\n"); }

std::string multipart(std::string_view kind, std::string_view boundary) {
    return "multipart/" + std::string(kind) + ";\r\n boundary=\"" + std::string(boundary) + "\"";
}

void two_forms(std::string& out, const Message& message) {
    out.append("\r\n");
    begin_part(out, kAlternative, "text/plain; charset=utf-8");
    body(out, message.text);
    begin_part(out, kAlternative, "text/html; charset=utf-8");
    body(out, message.html);
    end_parts(out, kAlternative);
}

}  // namespace

std::string header_text(std::string_view text) {
    const std::string line = shown_line(text, kSubjectMax);
    const bool ascii = std::all_of(line.begin(), line.end(), [](char c) { return c >= ' ' && c <= '~'; });
    if (ascii && line.size() <= kPlainHeaderMax && line.find("=?") == std::string::npos) return line;
    std::string words, word;
    const auto flush = [&] {
        if (word.empty()) return;
        words.append(words.empty() ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?").append(crypto::base64(word)).append("?=");
        word.clear();
    };
    for (std::size_t at = 0; at < line.size();) {  // a character stays in one word (RFC 2047 section 5 (3))
        const std::size_t length = std::max<std::size_t>(utf8_length(std::string_view(line).substr(at)), 1);
        if (word.size() + length > kEncodedWordOctets) flush();
        word.append(line, at, length);
        at += length;
    }
    flush();
    return words;
}

std::string header_date(TimeNs moment) {
    constexpr std::array<const char*, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array<const char*, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const LocalTime local = local_time(moment);
    const int minutes = std::abs(local.offset_s) / 60;
    char text[64];
    std::snprintf(text, sizeof text, "%s, %02d %s %04d %02d:%02d:%02d %c%02d%02d", kDays[static_cast<std::size_t>(local.weekday)], local.day,
                  kMonths[static_cast<std::size_t>(local.month - 1)], local.year, local.hour, local.minute, local.second,
                  local.offset_s < 0 ? '-' : '+', minutes / 60, minutes % 60);
    return text;
}

Result<std::string> compose(const Message& message) {
    for (const std::string* one : {&message.from, &message.to})
        if (!address(*one)) return fail(ErrorCode::invalid, "'" + shown_line(*one) + "' is no mail address");
    if (!made_of(message.id, ".")) return fail(ErrorCode::invalid, "'" + shown_line(message.id) + "' is no message's name");
    for (const Attachment& one : message.attachments)
        if (!made_of(one.name, "-_.")) return fail(ErrorCode::invalid, "'" + shown_line(one.name) + "' is no file's name");

    std::string out;
    header(out, "Date", header_date(message.date));
    header(out, "From", "Sekisho <" + message.from + ">");
    header(out, "To", "<" + message.to + ">");
    header(out, "Subject", header_text(message.subject));
    header(out, "Message-ID", "<" + message.id + message.from.substr(message.from.find('@')) + ">");
    header(out, "Auto-Submitted", "auto-generated");  // RFC 3834: out-of-office programs do not answer
    if (message.urgent) header(out, "Importance", "high");
    header(out, "MIME-Version", "1.0");
    if (message.attachments.empty()) {
        header(out, "Content-Type", multipart("alternative", kAlternative));
        two_forms(out, message);
        return out;
    }
    header(out, "Content-Type", multipart("mixed", kMixed));
    out.append("\r\n");
    begin_part(out, kMixed, multipart("alternative", kAlternative));
    two_forms(out, message);
    for (const Attachment& one : message.attachments) {
        begin_part(out, kMixed, "text/html; charset=utf-8");
        header(out, "Content-Disposition", "attachment; filename=\"" + one.name + "\"");
        body(out, one.content);
    }
    end_parts(out, kMixed);
    return out;
}

}  // namespace sekisho::mail
