#include "config/shape.h"

#include <algorithm>

#include "sekisho/base/address.h"
#include "sekisho/base/endpoint.h"
#include "sekisho/base/host_system.h"

namespace sekisho::config {
namespace {

bool printable(std::string_view text) noexcept {
    return text.size() <= kTextMaxBytes && std::none_of(text.begin(), text.end(), [](char c) {
               return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
           });
}

bool word_char(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool made_of(std::string_view text, std::size_t max, std::string_view extra) noexcept {
    return !text.empty() && text.size() <= max &&
           std::all_of(text.begin(), text.end(), [extra](char c) {
               return word_char(c) || extra.find(c) != std::string_view::npos;
           });
}

bool path(std::string_view text) noexcept { return !text.empty() && printable(text); }

bool host(std::string_view text) noexcept { return made_of(text, 253, "-.:"); }

/// A dot-atom at a domain name (RFC 5321 section 4.1.2): what is quoted or in brackets is not taken, nor anything that
/// could begin another line or another address.
bool mail_address(std::string_view text) noexcept {
    const auto at = text.find('@');
    if (at == std::string_view::npos || at > 64 || text.size() > 254) return false;
    const auto local = text.substr(0, at), domain = text.substr(at + 1);
    const auto dots_fit = [](std::string_view part) {
        return part.front() != '.' && part.back() != '.' && part.find("..") == std::string_view::npos;
    };
    return made_of(local, 64, "!#$%&'*+-/=?^`{|}~.") && dots_fit(local) && made_of(domain, 253, "-.") && dots_fit(domain);
}

bool time_of_day(std::string_view text) noexcept {
    const auto digit = [&](std::size_t i, char most) { return text[i] >= '0' && text[i] <= most; };
    return text.size() == 5 && text[2] == ':' && digit(0, '2') && digit(1, text[0] == '2' ? '3' : '9') && digit(3, '5') && digit(4, '9');
}

bool log_level(std::string_view text) noexcept {
    constexpr std::string_view levels[] = {"debug", "info", "warning", "error"};
    return std::find(std::begin(levels), std::end(levels), text) != std::end(levels);
}

}  // namespace

constinit const Shape kText{"printable text of at most 4096 bytes", printable};
constinit const Shape kName{"1 to 64 letters, digits, '_', '-', '.'",
                            [](std::string_view text) noexcept { return made_of(text, 64, "-."); }};
constinit const Shape kNameOrNone{
    "1 to 64 letters, digits, '_', '-', '.', or nothing",
    [](std::string_view text) noexcept { return text.empty() || made_of(text, 64, "-."); }};
constinit const Shape kVariableName{
    "1 to 64 letters, digits, '_'",
    [](std::string_view text) noexcept { return made_of(text, 64, ""); }};
constinit const Shape kPath{"a path", path};
constinit const Shape kPathOrNone{"a path, or nothing", [](std::string_view text) noexcept {
                                      return text.empty() || path(text);
                                  }};
constinit const Shape kNetwork{
    "an IP network such as 192.168.0.0/16 or fc00::/7",
    [](std::string_view text) noexcept { return Network::parse(text).has_value(); }};
constinit const Shape kHostSystem{
    "a kind of host (first, last, bsd, bsd-right, linux, old-linux, solaris, old-solaris, hpux10, hpux11, irix, macos, windows, vista, windows2k3) "
    "and an IP network such as \"old-linux 10.1.0.0/16\"",
    [](std::string_view text) noexcept { return HostSystems::parse_row(text).has_value(); }};
constinit const Shape kAddress{
    "an IP address", [](std::string_view text) noexcept { return IpAddress::parse(text).has_value(); }};
constinit const Shape kAddressOrNone{"an IP address, or nothing",
                                     [](std::string_view text) noexcept {
                                         return text.empty() || IpAddress::parse(text).has_value();
                                     }};
constinit const Shape kEndpointOrNone{"an IP address and a port such as 0.0.0.0:514 or [::]:514, or nothing",
                                      [](std::string_view text) noexcept {
                                          return text.empty() || Endpoint::parse(text).has_value();
                                      }};
constinit const Shape kHost{"a host name or an IP address", host};
constinit const Shape kHostOrNone{
    "a host name or an IP address, or nothing",
    [](std::string_view text) noexcept { return text.empty() || host(text); }};
constinit const Shape kMailAddress{"a mail address such as info@example.jp", mail_address};
constinit const Shape kMailAddressOrNone{
    "a mail address such as info@example.jp, or nothing",
    [](std::string_view text) noexcept { return text.empty() || mail_address(text); }};
constinit const Shape kTimeOfDayOrNone{
    "a time of day such as 22:00, or nothing",
    [](std::string_view text) noexcept { return text.empty() || time_of_day(text); }};
constinit const Shape kLogLevel{"one of debug, info, warning, error", log_level};
constinit const Shape kDevice{
    "a DPDK device: a PCI address such as 0000:03:00.0, or a virtual device such as "
    "net_af_packet0,iface=eth1",
    [](std::string_view text) noexcept { return !text.empty() && printable(text); }};

}  // namespace sekisho::config
