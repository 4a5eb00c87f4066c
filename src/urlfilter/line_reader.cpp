#include "urlfilter/line_reader.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <vector>

#include "sekisho/base/bytes.h"
#include "sekisho/urlfilter/list.h"

namespace sekisho::urlfilter {
namespace {

constexpr std::size_t kPieceBytes = KiB(256);
constexpr std::size_t kKeepBytes = kListLineMaxBytes + 1;

/// Cuts pieces into lines; holds the unfinished tail.
class LineCutter {
  public:
    explicit LineCutter(const EachLine& each) : each_(each) {}

    bool feed(std::string_view piece) {
        while (!piece.empty()) {
            const auto end = piece.find('\n');
            if (end == std::string_view::npos) {
                keep(piece);
                return true;
            }
            if (!give(piece.substr(0, end))) return false;
            piece.remove_prefix(end + 1);
        }
        return true;
    }
    bool finish() { return tail_.empty() || give({}); }

  private:
    void keep(std::string_view part) { tail_ += part.substr(0, kKeepBytes - tail_.size()); }
    bool give(std::string_view rest) {
        if (tail_.empty()) return each_(rest.substr(0, kKeepBytes));
        keep(rest);
        const bool go_on = each_(tail_);
        tail_.clear();
        return go_on;
    }

    const EachLine& each_;
    std::string tail_;  // never longer than kKeepBytes
};

}  // namespace

Status read_lines_of_text(std::string_view text, const EachLine& each) {
    LineCutter cutter(each);
    if (cutter.feed(text)) cutter.finish();
    return {};
}

Status read_lines(const std::string& path, const EachLine& each) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rbe"),
                                                               &std::fclose);
    if (!file)
        return fail(errno == ENOENT ? ErrorCode::not_found : ErrorCode::io, std::strerror(errno), path);
    std::vector<char> piece(kPieceBytes);
    LineCutter cutter(each);
    for (;;) {
        const std::size_t n = std::fread(piece.data(), 1, piece.size(), file.get());
        if (n == 0) break;
        if (!cutter.feed({piece.data(), n})) return {};
    }
    if (std::ferror(file.get())) return fail(ErrorCode::io, "cannot be read to its end", path);
    cutter.finish();
    return {};
}

}  // namespace sekisho::urlfilter
