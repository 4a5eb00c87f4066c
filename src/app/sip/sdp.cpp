#include "app/sip/sdp.h"

#include "sekisho/app/limits.h"
#include "sekisho/base/bytes.h"

namespace sekisho::app::sip {
namespace {

struct Line {
    char letter;
    bool of_media;  ///< below an m= line
    Field field;
};

// Bandwidth and attributes mean the same below a medium.
constexpr Line kLines[] = {
    {'o', false, Field::sdp_origin},          {'s', false, Field::sdp_session_name},
    {'i', false, Field::sdp_session_info},    {'u', false, Field::sdp_uri},
    {'e', false, Field::sdp_email},           {'p', false, Field::sdp_phone_number},
    {'c', false, Field::sdp_connection_data}, {'b', false, Field::sdp_bandwidth},
    {'t', false, Field::sdp_time},            {'r', false, Field::sdp_repeat_time},
    {'z', false, Field::sdp_timezone},        {'k', false, Field::sdp_encryption_key},
    {'a', false, Field::sdp_attribute},       {'m', true, Field::sdp_media},
    {'i', true, Field::sdp_media_info},       {'c', true, Field::sdp_media_connection_data},
    {'k', true, Field::sdp_media_encryption_key},
    {'b', true, Field::sdp_bandwidth},        {'a', true, Field::sdp_attribute},
};

void put_line(TxId tx, char letter, bool of_media, std::string_view value, FieldSink& out) noexcept {
    for (const Line& line : kLines)
        if (line.letter == letter && line.of_media == of_media) return out.put(tx, line.field, as_bytes(value));
}

}  // namespace

void put_session_description(TxId tx, std::string_view body, FieldSink& out) noexcept {
    bool of_media = false;
    for (std::size_t lines = 0; !body.empty() && lines < kSdpLinesMax; ++lines) {
        const auto end = body.find('\n');
        std::string_view line = body.substr(0, end);
        body = end == std::string_view::npos ? std::string_view{} : body.substr(end + 1);
        while (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        if (line.size() < 2 || line[1] != '=') continue;
        of_media = of_media || line[0] == 'm';
        put_line(tx, line[0], of_media, line.substr(2), out);
    }
}

}  // namespace sekisho::app::sip
