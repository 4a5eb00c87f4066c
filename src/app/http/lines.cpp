// Line ends of HTTP heads: see lines.h.
#include "app/http/lines.h"

#include "sekisho/app/limits.h"

namespace sekisho::app::http {
namespace {

Line incomplete() noexcept { return {}; }

Line line(std::string_view in, std::size_t begin, std::size_t end, LinePlace next, bool empty) noexcept {
    return {in.substr(begin, end - begin), next, true, empty};
}

Line request_line(std::string_view in, std::size_t begin) noexcept {
    const char* lf = find_char(in, begin, '\n');
    if (!lf) return incomplete();
    const auto at = static_cast<std::size_t>(lf - in.data());
    const std::size_t end = at > begin && in[at - 1] == '\r' ? at - 1 : at;
    return line(in, begin, end, {at + 1, false}, end == begin);
}

// A line of one blank ends the head unless another LF follows, which then does.
Line blank_line(std::string_view in, std::size_t begin, std::size_t lf) noexcept {
    if (lf + 1 >= in.size()) return incomplete();
    return line(in, begin, lf, {lf + 1, true}, in[lf + 1] != '\n');
}

}  // namespace

Line next_line(std::string_view in, LinePlace place, LineRule rule) noexcept {
    std::size_t begin = place.at;
    if (rule == LineRule::request) return request_line(in, begin);

    if (begin >= in.size()) return incomplete();
    if (place.after_bare_lf && in[begin] == '\r') {
        if (begin + 1 >= in.size()) return incomplete();
        if (in[begin + 1] != '\n') ++begin;
    }
    const char* lf = find_char(in, begin, '\n');
    const std::size_t lf_at = lf ? static_cast<std::size_t>(lf - in.data()) : in.size();
    std::size_t from = begin;
    for (;;) {
        const auto* cr = static_cast<const char*>(
            lf_at > from ? std::memchr(in.data() + from, '\r', lf_at - from) : nullptr);
        if (!cr) {
            if (!lf) return incomplete();
            if (lf_at == begin + 1 && is_blank(in[begin])) return blank_line(in, begin, lf_at);
            return line(in, begin, lf_at, {lf_at + 1, true}, lf_at == begin);
        }
        const auto cr_at = static_cast<std::size_t>(cr - in.data());
        std::size_t after = cr_at + 1;
        while (after < in.size() && in[after] == '\r') ++after;
        if (after == in.size()) return incomplete();
        if (in[after] == '\n')
            return line(in, begin, cr_at, {after + 1, false}, after == begin + 1);
        if (after > begin + 1) return line(in, begin, cr_at, {after, false}, false);
        from = after;  // a lone CR at the start of a line is part of it
    }
}

HeadEnd find_head_end(std::string_view in, LinePlace& scan, LineRule rule) noexcept {
    for (;;) {
        const Line line = next_line(in, scan, rule);
        if (!line.complete && in.size() < kHttpHeadMax) return {HeadEnd::Kind::need_more, 0};
        if (!line.complete || line.next.at > kHttpHeadMax) return {HeadEnd::Kind::cut, scan.at};
        scan = line.next;
        if (line.empty) return {HeadEnd::Kind::whole, scan.at};
    }
}

SkippedLine skip_head_line(std::string_view in, LineRule rule, bool& inside_line) noexcept {
    const Line line = next_line(in, {}, rule);
    if (!line.complete) {
        if (in.size() < kHttpHeadMax) return {};
        inside_line = true;  // the end of this line must not pass for an empty one
        return {kHttpHeadMax - 1, false};
    }
    const bool end = line.empty && !inside_line;
    inside_line = false;
    return {line.next.at, end};
}

}  // namespace sekisho::app::http
