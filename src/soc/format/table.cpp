// The dialects. A new one is one file and one line here; its place is its column in the queue, so lines are
// only added at the end.
#include "soc/format/rfc5424.h"

namespace sekisho::soc {
namespace {

constexpr Dialect kDialects[] = {
    {"rfc5424", config::SyslogFormat::rfc5424, format_rfc5424},
    {"cef", config::SyslogFormat::cef, format_cef},
    {"json", config::SyslogFormat::json, format_json},
};

}  // namespace

std::span<const Dialect> dialects() noexcept { return kDialects; }

std::size_t dialect_index(config::SyslogFormat id) noexcept {
    for (std::size_t i = 0; i < std::size(kDialects); ++i)
        if (kDialects[i].id == id) return i;
    return 0;
}

}  // namespace sekisho::soc
