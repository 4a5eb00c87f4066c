// JSON text from untrusted bytes. Control characters and quotes are escaped as RFC 8259 section 7 says;
// bytes that are not UTF-8 become the four characters \xNN, as EVE prints them.
#include "sekisho/event/json_writer.h"

#include <array>

#include "sekisho/base/shown_text.h"

namespace sekisho::event {
namespace {

constexpr char kHexDigits[] = "0123456789abcdef";

constexpr bool plain(unsigned char c) noexcept { return c >= 0x20 && c < 0x7f && c != '"' && c != '\\'; }

void append_escape(std::string& out, unsigned char c) {
    switch (c) {
        case '"': out += "\\\""; return;
        case '\\': out += "\\\\"; return;
        case '\n': out += "\\n"; return;
        case '\r': out += "\\r"; return;
        case '\t': out += "\\t"; return;
        default: break;
    }
    out += c < 0x80 ? "\\u00" : "\\\\x";
    out += kHexDigits[c >> 4];
    out += kHexDigits[c & 15U];
}

void append_two(std::string& out, unsigned value) {
    out += static_cast<char>('0' + value / 10 % 10);
    out += static_cast<char>('0' + value % 10);
}

/// Days since 1970-01-01 to year, month, day of the proleptic Gregorian calendar
/// (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
struct Civil {
    unsigned year, month, day;
};
constexpr Civil civil_from_days(std::uint64_t days) noexcept {
    const std::uint64_t z = days + 719468;
    const std::uint64_t era = z / 146097;
    const std::uint64_t of_era = z - era * 146097;
    const std::uint64_t year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    const std::uint64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const std::uint64_t shifted = (5 * of_year + 2) / 153;
    const auto day = static_cast<unsigned>(of_year - (153 * shifted + 2) / 5 + 1);
    const auto month = static_cast<unsigned>(shifted < 10 ? shifted + 3 : shifted - 9);
    return {static_cast<unsigned>(year_of_era + era * 400 + (month <= 2 ? 1 : 0)), month, day};
}
static_assert(civil_from_days(0).year == 1970 && civil_from_days(19782).day == 29);

}  // namespace

void JsonWriter::quote(std::string_view value) {
    out_ += '"';
    std::size_t at = 0;
    while (at < value.size()) {
        std::size_t run = at;
        while (run < value.size() && plain(static_cast<unsigned char>(value[run]))) ++run;
        out_.append(value, at, run - at);
        at = run;
        if (at == value.size()) break;
        const auto c = static_cast<unsigned char>(value[at]);
        const std::size_t length = c < 0x80 ? 0 : utf8_length(value.substr(at));
        if (length != 0) {
            out_.append(value, at, length);
            at += length;
        } else {
            append_escape(out_, c);
            ++at;
        }
    }
    out_ += '"';
}

void append_eve_time(std::string& out, TimeNs time_ns) {
    const std::uint64_t seconds = time_ns / kSecondNs;
    const Civil date = civil_from_days(seconds / 86400);
    append_two(out, date.year / 100);
    append_two(out, date.year % 100);
    out += '-';
    append_two(out, date.month);
    out += '-';
    append_two(out, date.day);
    out += 'T';
    append_two(out, static_cast<unsigned>(seconds / 3600 % 24));
    out += ':';
    append_two(out, static_cast<unsigned>(seconds / 60 % 60));
    out += ':';
    append_two(out, static_cast<unsigned>(seconds % 60));
    out += '.';
    const auto micros = static_cast<unsigned>(time_ns % kSecondNs / 1000);
    append_two(out, micros / 10000);
    append_two(out, micros / 100 % 100);
    append_two(out, micros % 100);
    out += "+0000";
}

void JsonWriter::time(std::string_view key, TimeNs time_ns) {
    name(key);
    out_ += '"';
    append_eve_time(out_, time_ns);
    out_ += '"';
}

}  // namespace sekisho::event
