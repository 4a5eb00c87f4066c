#include "urlfilter/idna.h"

#include <idn2.h>
#include <libpsl.h>

#include <algorithm>
#include <memory>

#include "sekisho/base/text.h"

namespace sekisho::urlfilter {
namespace {

constexpr std::size_t kLabelMaxBytes = 63;  // RFC 1035 section 2.3.4
// A name of 253 octets has at most this many in UTF-8; libidn2 is asked for no more.
constexpr std::size_t kUnicodeMaxBytes = 4 * 253;

bool is_host_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

/// Labels and characters of a name in ASCII.
EntryFault check_ascii(std::string_view host) {
    if (!std::all_of(host.begin(), host.end(), is_host_character)) return EntryFault::bad_character;
    while (true) {
        const auto dot = std::min(host.find('.'), host.size());
        if (dot == 0) return EntryFault::empty_label;
        if (dot > kLabelMaxBytes) return EntryFault::label_too_long;
        if (dot == host.size()) return EntryFault::none;
        host.remove_prefix(dot + 1);
    }
}

EntryFault fault_of(int code) {
    switch (code) {
        case IDN2_ENCODING_ERROR:
        case IDN2_ICONV_FAIL: return EntryFault::bad_utf8;
        case IDN2_TOO_BIG_DOMAIN: return EntryFault::name_too_long;
        case IDN2_TOO_BIG_LABEL:
        case IDN2_PUNYCODE_BIG_OUTPUT:
        case IDN2_PUNYCODE_OVERFLOW: return EntryFault::label_too_long;
        default: return EntryFault::bad_name;
    }
}

EntryFault from_unicode(const std::string& host, std::string& out) {
    if (host.size() > kUnicodeMaxBytes) return EntryFault::name_too_long;
    if (host.find('\0') != std::string::npos) return EntryFault::bad_character;
    char* made = nullptr;
    const int code = idn2_to_ascii_8z(host.c_str(), &made, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
    const std::unique_ptr<char, void (*)(void*)> owner(made, idn2_free);
    if (code != IDN2_OK) return fault_of(code);
    out = to_lower(made);
    return EntryFault::none;
}

}  // namespace

EntryFault to_ascii_host(std::string_view host, std::string& out) {
    const bool ascii = std::all_of(host.begin(), host.end(), [](char c) { return (c & 0x80) == 0; });
    if (ascii) {
        out.resize(host.size());
        std::transform(host.begin(), host.end(), out.begin(), [](char c) { return ascii_lower(c); });
    } else if (const auto fault = from_unicode(std::string(host), out); fault != EntryFault::none) {
        return fault;
    }
    if (const auto fault = check_ascii(out); fault != EntryFault::none) return fault;
    return out.size() > kHostMaxBytes ? EntryFault::name_too_long : EntryFault::none;
}

bool is_public_suffix(const std::string& host) {
    if (host.find('.') == std::string::npos) return true;
    return psl_is_public_suffix2(psl_builtin(), host.c_str(), PSL_TYPE_ICANN) == 1;
}

std::string_view registrable_domain(std::string_view host) {
    if (HostName(host).form() != HostName::Form::name) return {};
    // libpsl counts private suffixes as well; ours are the registries' own.
    for (std::size_t from = host.size(); from > 0;) {
        const auto dot = host.rfind('.', from - 1);
        from = dot == std::string_view::npos ? 0 : dot;
        const std::string_view part = host.substr(from == 0 ? 0 : from + 1);
        if (!is_public_suffix(std::string(part))) return part;
    }
    return {};
}

}  // namespace sekisho::urlfilter
