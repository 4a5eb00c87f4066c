// Any Cookie header and any path: what is found in it is a part of it behind the cookie's name, and a click is only taken for what the
// box itself gave to this client and category, whose time has not come.
#include <algorithm>
#include <cstdlib>
#include <string>

#include "sekisho/base/bytes.h"
#include "sekisho/urlfilter/consent.h"

using namespace sekisho;
using namespace sekisho::urlfilter;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::uint64_t kNow = 0x60000000;
    constexpr std::uint64_t kSecret = 42;
    const IpAddress client = *IpAddress::parse("192.0.2.1");
    const std::string_view cookie = as_text({data, size});
    const std::string_view token = consent_in_cookie(cookie);
    if (!token.empty()) {
        const auto at = static_cast<std::size_t>(token.data() - cookie.data());
        if (at > cookie.size() || token.size() > cookie.size() - at || at <= kConsentCookie.size()) std::abort();
        if (cookie.substr(at - kConsentCookie.size() - 1, kConsentCookie.size()) != kConsentCookie) std::abort();
    }
    for (const std::string_view text : {token, cookie}) {
        if (!is_consent(text, client, "games", kNow, kSecret)) continue;
        std::uint64_t until = 0;
        for (const char c : text.substr(0, 8)) until = until << 4 | static_cast<std::uint64_t>(c <= '9' ? c - '0' : c - 'a' + 10);
        const ConsentToken ours = make_consent(client, "games", until, kSecret);
        if (until <= kNow || !std::equal(ours.begin(), ours.end(), text.begin(), text.end())) std::abort();
    }
    const std::string_view target = read_continue(cookie, 100).target;
    if (!target.starts_with('/') || target.size() > 100 || target.find_first_of("\r\n\t") != std::string_view::npos) std::abort();
    if (target.size() > 1 && (target[1] == '/' || target[1] == '\\')) std::abort();
    // The box's own token is found among whatever stands beside it, unless that names the cookie, too.
    const ConsentToken good = make_consent(client, "games", kNow + 1, kSecret);
    if (token.empty() && cookie.find(kConsentCookie) == std::string_view::npos) {
        const std::string whole = std::string(cookie) + "; " + std::string(kConsentCookie) + "=" + std::string(good.data(), good.size()) + ";x";
        if (!is_consent(consent_in_cookie(whole), client, "games", kNow, kSecret)) std::abort();
    }
    return 0;
}
