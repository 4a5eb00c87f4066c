// The mark of a resend. Messages wait in the queue as they were formatted; which of them may have been sent before is
// known only when they go, so the mark is put into the finished text, at a place that each dialect has.
#include "soc/format/rfc5424.h"

namespace sekisho::soc {
namespace {

constexpr int kHeaderWords = 6;  // RFC 5424: PRI and version, time, host, app, process, message id
constexpr std::string_view kCef = "- CEF:", kJson = "- {", kElement = "[sekisho@32473";

/// Where the structured data begins; npos when there is no header.
std::size_t after_header(std::string_view message) noexcept {
    std::size_t at = 0;
    for (int word = 0; word < kHeaderWords; ++word) {
        at = message.find(' ', at);
        if (at == std::string_view::npos) return at;
        ++at;
    }
    return at;
}

}  // namespace

std::string mark_resent(std::string message) {
    const std::size_t at = after_header(message);
    if (at == std::string::npos) return message;
    const std::string_view body = std::string_view(message).substr(at);
    if (body.starts_with(kCef)) return message += " cn2=1 cn2Label=resent";
    if (body.starts_with(kJson)) return message.insert(at + kJson.size(), "\"resent\":true,");
    const std::size_t element = body.starts_with('[') ? body.find(kElement) : std::string_view::npos;
    if (element == std::string_view::npos) return message;
    return message.insert(at + element + kElement.size(), " resent=\"1\"");
}

}  // namespace sekisho::soc
