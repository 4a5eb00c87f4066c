#include "app/http2/doh.h"

#include <algorithm>
#include <array>
#include <optional>

#include "app/dns/tell.h"
#include "sekisho/app/app_event_list.h"
#include "sekisho/app/limits.h"
#include "sekisho/base/base64.h"
#include "sekisho/base/text.h"

namespace sekisho::app::http2 {
namespace {

constexpr std::string_view kMediaType = "application/dns-message";
constexpr std::string_view kParameter = "dns=";

bool is_media_type(const http::Header* header) noexcept {
    if (header == nullptr) return false;
    return equals_nocase(trim(header->value.substr(0, header->value.find(';'))), kMediaType);
}

/// Value of the parameter `dns` in the query part of a path.
std::string_view dns_parameter(std::string_view path) noexcept {
    const auto mark = path.find('?');
    if (mark == std::string_view::npos) return {};
    std::string_view query = path.substr(mark + 1);
    query = query.substr(0, query.find('#'));
    while (!query.empty()) {
        const std::string_view one = query.substr(0, query.find('&'));
        if (one.starts_with(kParameter)) return one.substr(kParameter.size());
        query.remove_prefix(std::min(query.size(), one.size() + 1));
    }
    return {};
}

/// base64url (RFC 4648 section 5), with or without padding. Nothing when it is none, or longer than `out`, which is used for
/// the text too.
std::optional<std::size_t> decode_base64url(std::string_view text, MutableBytes out) noexcept {
    while (text.ends_with('=')) text.remove_suffix(1);
    if (text.size() > out.size()) return std::nullopt;
    std::transform(text.begin(), text.end(), out.begin(), [](char c) {
        return static_cast<std::uint8_t>(c == '-' ? '+' : c == '_' ? '/' : c);
    });
    const Base64Result decoded = decode_base64(out.first(text.size()), out);
    return decoded.read == text.size() ? std::optional(decoded.written) : std::nullopt;
}

/// A query in a path is one by its looks: other services have a parameter of that name, too.
bool is_query(Bytes message) noexcept {
    ByteReader reader(message);
    const dns::Header header = dns::read_header(reader);
    dns::Name name;
    return reader.ok() && !header.is_answer() && header.questions != 0 && name.read(message, reader) != dns::NameFault::cut && reader.skip(4);
}

}  // namespace

bool brings_dns(const Head& head) noexcept {
    return is_media_type(head.headers.find(http::HeaderId::content_type)) &&
           head.headers.find(http::HeaderId::content_encoding) == nullptr;
}

bool tell_dns_of_path(TxId tx, const Head& head, FieldSink& out) noexcept {
    const std::string_view text = dns_parameter(head.pseudo.path);
    if (text.empty()) return false;
    if (text.size() > kHttp2DnsMax / 3 * 4) {
        out.event(tx, AppEvent::http2_dns_request_too_long);
        return false;
    }
    std::array<std::uint8_t, kHttp2DnsMax / 3 * 4> memory;
    const auto size = decode_base64url(text, memory);
    if (!size || !is_query(Bytes(memory).first(*size))) return false;
    tell_dns(tx, Bytes(memory).first(*size), out);
    return true;
}

void tell_dns(TxId tx, Bytes message, FieldSink& out) noexcept {
    out.speaks(tx, Protocol::doh2);
    dns::Name asked;
    dns::tell_message(tx, message, asked, out);
}

}  // namespace sekisho::app::http2
