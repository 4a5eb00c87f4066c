// Text that ends with a line of a dot alone (RFC 5321 section 4.5.2, RFC 1939 section 3): mails of SMTP and POP3. A dot
// that begins a line was added on the way and is taken off. Only CRLF ends such a line: a lone LF is content, as for
// servers that smuggled mails do not fool.
#pragma once

#include <cstring>
#include <string_view>

namespace sekisho::app {

struct DottedStep {
    std::size_t octets = 0;   ///< to consume; 0 and not `done`: more are needed
    bool done = false;        ///< the end was among them
};

/// @param line_start  state of the caller, true at first
/// @param write       is given the content in pieces of `in`
/// @param odd_end     is called at a dot alone with LF or CR alone behind it: for some programs that is the end
template <class Write, class OddEnd>
DottedStep read_dotted(std::string_view in, bool& line_start, Write&& write, OddEnd&& odd_end) noexcept {
    std::size_t told = 0, at = 0;
    const auto tell_up_to = [&](std::size_t end) {
        if (end > told) write(in.substr(told, end - told));
        told = end;
    };
    while (at < in.size()) {
        if (line_start && in[at] == '.') {
            const std::string_view rest = in.substr(at, 3);
            if (rest == ".\r\n") {
                tell_up_to(at);
                return {at + 3, true};
            }
            if (rest.size() < 3 && (rest.size() == 1 || rest[1] == '\r')) {  // it may be the end
                tell_up_to(at);
                return {at, false};
            }
            tell_up_to(at);
            if (rest[1] == '\n' || rest[1] == '\r') odd_end();
            told = ++at;
            line_start = false;
            continue;
        }
        const auto* cr = static_cast<const char*>(std::memchr(in.data() + at, '\r', in.size() - at));
        const std::size_t end = cr != nullptr ? static_cast<std::size_t>(cr - in.data()) : in.size();
        if (end > at) line_start = false;
        if (cr == nullptr || end + 1 == in.size()) {  // whether LF follows a CR is to be seen
            tell_up_to(end);
            return {end, false};
        }
        line_start = in[end + 1] == '\n';
        at = line_start ? end + 2 : end + 1;
    }
    tell_up_to(at);
    return {at, false};
}

}  // namespace sekisho::app
