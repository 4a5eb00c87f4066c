#include "sekisho/engine/quarantine.h"

#include <algorithm>

#include "sekisho/base/text.h"
#include "sekisho/engine/answer.h"

namespace sekisho::engine {
namespace {

constexpr std::size_t kTextRoom = 120;  // octets of a reason or contact on the page

std::string escaped(std::string_view text) {
    std::string out;
    std::size_t used = 0;
    for (const char c : text) {
        const bool starts = (static_cast<unsigned char>(c) & 0xc0U) != 0x80U;
        if (starts && used + 4 > kTextRoom) break;  // a whole character fits, or none of it is shown
        ++used;
        if (c == '<') out += "&lt;";
        else if (c == '>') out += "&gt;";
        else if (c == '&') out += "&amp;";
        else if (static_cast<unsigned char>(c) >= 0x20) out += c;
    }
    return out;
}

std::string page_of(const std::string& reason, const std::string& contact) {
    std::string body =
        "<!doctype html><meta charset=utf-8><title>切り離されています / Disconnected</title>"
        "<body style=\"font:16px sans-serif;max-width:36em;margin:3em auto\"><h1>この機器は切り離されています</h1>"
        "<p>安全のため、この機器の通信を止めています。再起動しても直りません。担当者に連絡してください。"
        "<p>For safety, this device is cut off from the network. Please call the person in charge.<p>";
    if (!reason.empty()) body += "理由 / Reason: " + escaped(reason) + "<br>";
    if (!contact.empty()) body += "連絡先 / Call: " + escaped(contact);
    return "HTTP/1.1 403 Forbidden\r\nContent-Type: text/html; charset=utf-8\r\nCache-Control: no-store\r\nConnection: close\r\n"
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace

Result<Quarantine> Quarantine::parse(const std::string& text, const std::string& name, const std::string& contact) {
    Quarantine quarantine;
    std::size_t number = 0;
    for (const auto raw : split(text, '\n')) {
        ++number;
        const auto line = trim(raw);
        if (line.empty() || line.front() == '#') continue;
        const auto words = split(line, ' ');
        const std::string where = name + ":" + std::to_string(number);
        const auto host = IpAddress::parse(words[0]);
        if (!host) return fail(ErrorCode::invalid, "'" + std::string(words[0]) + "' is no IP address", where);
        const auto until = words.size() > 1 ? parse_int(words[1], 0, std::int64_t{1} << 33) : std::nullopt;
        if (!until) return fail(ErrorCode::invalid, "behind the address stands when it ends: seconds since the epoch, or 0", where);
        Entry entry;
        entry.host = *host;
        entry.until = static_cast<TimeNs>(*until) * kSecondNs;
        const std::size_t head = words[0].size() + 1 + words[1].size();
        entry.reason = trim(line.substr(std::min(head, line.size())));
        entry.page = page_of(entry.reason, contact);
        if (entry.page.size() > kAnswerPayloadMax) entry.page = page_of({}, {});
        quarantine.entries_.push_back(std::move(entry));
        if (quarantine.entries_.size() > kHostsMax) return fail(ErrorCode::limit, "more than 1024 hosts are cut off", where);
    }
    auto& all = quarantine.entries_;
    std::stable_sort(all.begin(), all.end(), [](const Entry& a, const Entry& b) { return a.host < b.host; });
    // The last line about a host counts.
    for (std::size_t i = 1; i < all.size();)
        if (all[i - 1].host == all[i].host) all.erase(all.begin() + static_cast<std::ptrdiff_t>(i) - 1);
        else ++i;
    return quarantine;
}

const Quarantine::Entry* Quarantine::find(const IpAddress& host, TimeNs now) const noexcept {
    const auto found = std::lower_bound(entries_.begin(), entries_.end(), host, [](const Entry& e, const IpAddress& ip) { return e.host < ip; });
    if (found == entries_.end() || found->host != host) return nullptr;
    return found->until == 0 || now < found->until ? &*found : nullptr;
}

}  // namespace sekisho::engine
