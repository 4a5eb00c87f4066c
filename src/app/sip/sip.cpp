// SIP over UDP and TCP (RFC 3261 sections 7 and 18.3). Each message is a transaction of its own. Bodies that are
// session descriptions are read; others are passed over.
#include "app/sip/sip.h"

#include <algorithm>
#include <initializer_list>

#include "app/detail.h"
#include "app/make_parser.h"
#include "app/sip/sdp.h"
#include "sekisho/app/app_event_list.h"
#include "sekisho/app/frame.h"
#include "sekisho/app/limits.h"
#include "sekisho/base/text.h"

namespace sekisho::app {
namespace {

constexpr std::string_view kVersion = "SIP/";

struct Header {
    std::string_view name;
    char compact;  ///< RFC 3261 section 7.3.3; NUL: none
    Field field;
};
constexpr Header kHeaders[] = {
    {"From", 'f', Field::sip_from},
    {"To", 't', Field::sip_to},
    {"Via", 'v', Field::sip_via},
    {"User-Agent", '\0', Field::sip_user_agent},
    {"Content-Type", 'c', Field::sip_content_type},
    {"Content-Length", 'l', Field::sip_content_length},
};

const Header* find_header(std::string_view name) noexcept {
    for (const Header& header : kHeaders) {
        const bool compact = name.size() == 1 && header.compact != '\0' && ascii_lower(name[0]) == header.compact;
        if (compact || equals_nocase(name, header.name)) return &header;
    }
    return nullptr;
}

/// Octets up to and with the empty line; 0 while it is not there.
std::size_t head_size(std::string_view text) noexcept {
    for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) {
        if (text.substr(at + 1, 1) == "\n") return at + 2;
        if (text.substr(at + 1, 2) == "\r\n") return at + 3;
    }
    return 0;
}

std::string_view take_line(std::string_view& text) noexcept {
    const auto end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    while (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    return line;
}

bool put_request_line(TxId tx, std::string_view line, FieldSink& out) noexcept {
    const auto first = line.find(' ');
    const auto last = line.rfind(' ');
    if (first == std::string_view::npos || last == first || !line.substr(last + 1).starts_with(kVersion)) return false;
    const auto uri = line.substr(first + 1, last - first - 1);
    out.put(tx, Field::sip_request_line, as_bytes(line));
    out.put(tx, Field::sip_method, as_bytes(line.substr(0, first)));
    out.put(tx, Field::sip_uri, as_bytes(uri));
    out.put(tx, Field::sip_protocol, as_bytes(line.substr(last + 1)));
    put_detail(out, tx, "method", line.substr(0, first));
    put_detail(out, tx, "uri", uri);
    put_detail(out, tx, "version", line.substr(last + 1));
    return true;
}

bool put_status_line(TxId tx, std::string_view line, FieldSink& out) noexcept {
    const auto first = line.find(' ');
    if (first == std::string_view::npos) return false;
    const auto rest = line.substr(first + 1);
    const auto space = rest.find(' ');
    const auto code = rest.substr(0, space);
    if (code.empty() || !std::all_of(code.begin(), code.end(), [](char c) { return c >= '0' && c <= '9'; })) return false;
    const auto reason = space == std::string_view::npos ? std::string_view{} : rest.substr(space + 1);
    out.put(tx, Field::sip_response_line, as_bytes(line));
    out.put(tx, Field::sip_protocol, as_bytes(line.substr(0, first)));
    out.put(tx, Field::sip_stat_code, as_bytes(code));
    out.put(tx, Field::sip_stat_msg, as_bytes(reason));
    put_detail(out, tx, "version", line.substr(0, first));
    put_detail(out, tx, "code", code);
    put_detail(out, tx, "reason", reason);
    return true;
}

/// What the head says of the body, and whether the head is sound.
struct Head {
    std::size_t body = 0;
    bool is_description = false;
    bool sound = true;
};

void note(const Header& header, std::string_view value, Head& head) noexcept {
    if (header.field == Field::sip_content_type) head.is_description = starts_with_nocase(value, "application/sdp");
    if (header.field != Field::sip_content_length) return;
    const auto length = parse_int(value, 0, INT32_MAX);
    if (!length) head.sound = false;
    head.body = static_cast<std::size_t>(length.value_or(0));
}

/// Header lines; a line that begins with a blank goes on with the value before it. @param use  (header, value)
template <class Use>
void each_header(std::string_view text, Head& head, Use use) noexcept {
    for (std::size_t lines = 0; !text.empty() && lines < kSipHeadersMax; ++lines) {
        const std::string_view begin = text;
        std::string_view line = take_line(text);
        if (line.empty()) return;
        while (!text.empty() && (text[0] == ' ' || text[0] == '\t')) {
            const auto more = take_line(text);
            line = begin.substr(0, static_cast<std::size_t>(more.data() + more.size() - begin.data()));
        }
        const auto colon = line.find(':');
        if (colon == std::string_view::npos) {
            head.sound = false;
            continue;
        }
        if (const Header* header = find_header(trim(line.substr(0, colon)))) use(*header, trim(line.substr(colon + 1)));
    }
}

Head read_head(std::string_view text) noexcept {
    Head head;
    take_line(text);
    each_header(text, head, [&head](const Header& header, std::string_view value) { note(header, value, head); });
    return head;
}

/// What Suricata calls so: the headers without the empty line that ends them.
struct MessageFrames {
    Field line, headers, body;
};
constexpr MessageFrames kRequestFrames{Field::frame_sip_request_line, Field::frame_sip_request_headers, Field::frame_sip_request_body};
constexpr MessageFrames kResponseFrames{Field::frame_sip_response_line, Field::frame_sip_response_headers, Field::frame_sip_response_body};

void put_frames(Direction direction, std::string_view head, std::string_view body, FieldSink& out) noexcept {
    const MessageFrames& frames = head.starts_with(kVersion) ? kResponseFrames : kRequestFrames;
    std::string_view headers = head;
    take_line(headers);
    const std::size_t line = head.size() - headers.size();
    std::size_t end = headers.size();
    if (headers.ends_with("\n\r\n")) end -= 2;
    else if (headers.ends_with("\n\n")) end -= 1;
    out.frame(direction, Field::frame_sip_pdu, as_bytes(head), head.size() + body.size());
    out.frame(direction, frames.line, as_bytes(head), line);
    out.frame(direction, frames.headers, as_bytes(headers), end);
    out.frame(direction, frames.body, as_bytes(body), body.size());
}

void put_message(Direction direction, std::string_view head_text, std::string_view body, const Head& head,
                 FieldSink& out) noexcept {
    const TxId tx = out.open();
    std::string_view text = head_text;
    const std::string_view first = take_line(text);
    const bool good = first.starts_with(kVersion) ? put_status_line(tx, first, out) : put_request_line(tx, first, out);
    if (!good || !head.sound) out.event(tx, AppEvent::sip_invalid_data);
    Head again;
    each_header(text, again, [&](const Header& header, std::string_view value) { out.put(tx, header.field, as_bytes(value)); });
    put_frames(direction, head_text, body, out);
    if (head.is_description) sip::put_session_description(tx, body, out);
    out.stage(tx, direction, Stage::complete);
    out.close(tx);
}

// A datagram holds one message; what is not there will not come.
struct NoState {};

Step parse_datagram(NoState&, Direction direction, Bytes in, FieldSink& out) noexcept {
    std::string_view text = as_text(in);
    while (!text.empty() && (text[0] == '\r' || text[0] == '\n')) text.remove_prefix(1);  // keep-alive
    if (text.empty()) return Step::consumed(in.size());
    const std::size_t size = head_size(text);
    const std::string_view head_text = text.substr(0, size == 0 ? text.size() : size);
    const Head head = read_head(head_text);
    // Whatever the head says of its length, the body is the rest: a receiver may read it all.
    put_message(direction, head_text, text.substr(head_text.size()), head, out);
    return Step::consumed(in.size());
}

struct State {
    std::size_t skip[2] = {0, 0};  ///< octets of a long body that are still to come
};

Step parse_stream(State& state, Direction direction, Bytes in, FieldSink& out) noexcept {
    std::size_t& skip = state.skip[static_cast<std::size_t>(direction)];
    if (skip != 0) {
        const std::size_t now = std::min(skip, in.size());
        skip -= now;
        return Step::consumed(now);
    }
    const std::string_view text = as_text(in);
    if (text[0] == '\r' || text[0] == '\n') return Step::consumed(1);
    const std::size_t size = head_size(text.substr(0, kSipHeadMax));
    if (size == 0) return text.size() < kSipHeadMax ? Step::need_more() : Step::broken(Fault::too_long);
    const Head head = read_head(text.substr(0, size));
    // A body too long to wait for is passed over unread.
    const bool read_body = head.body <= kSipBodyMax;
    if (read_body && text.size() < size + head.body) return Step::need_more();
    put_message(direction, text.substr(0, size), read_body ? text.substr(size, head.body) : std::string_view{}, head, out);
    if (read_body) return Step::consumed(size + head.body);
    skip = head.body;
    return Step::consumed(size);
}

bool gap_datagram(NoState&, Direction, std::uint64_t, FieldSink&) noexcept { return true; }
bool gap_stream(State&, Direction, std::uint64_t, FieldSink&) noexcept { return false; }
void end_datagram(NoState&, Direction, FieldSink&) noexcept {}
void end_stream(State&, Direction, FieldSink&) noexcept {}

bool begins_request(std::string_view text) noexcept {
    const auto line = text.substr(0, text.find('\n'));
    for (const std::string_view method : {"INVITE ", "REGISTER ", "OPTIONS ", "BYE ", "CANCEL ", "ACK ", "SUBSCRIBE ", "NOTIFY ",
                                          "PUBLISH ", "MESSAGE ", "INFO ", "PRACK ", "UPDATE ", "REFER "})
        if (line.starts_with(method)) return line.find(" SIP/2.0") != std::string_view::npos;
    return false;
}

Probe probe(const ProbeInput& input) noexcept {
    for (const Bytes side : {input.to_server, input.to_client})
        if (as_text(side).starts_with("SIP/2.0 ") || begins_request(as_text(side))) return Probe::yes;
    return Probe::no;
}

}  // namespace

constinit const Parser kSipUdp =
    make_parser<NoState, &probe, &parse_datagram, &gap_datagram, &end_datagram>(Protocol::sip, Transport::udp);
constinit const Parser kSipTcp =
    make_parser<State, &probe, &parse_stream, &gap_stream, &end_stream>(Protocol::sip, Transport::tcp);

}  // namespace sekisho::app
