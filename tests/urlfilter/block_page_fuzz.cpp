// Any host and Accept-Language: one whole response that holds no markup of the client's. The same octets as a
// template: refused, or a page that fits.
#include <array>
#include <cstdlib>

#include "sekisho/urlfilter/block_page.h"

using namespace sekisho;
using namespace sekisho::urlfilter;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = as_text({data, size});
    BlockPage page;
    page.host = text;
    page.category = text;
    page.contact = text;
    page.accept_language = text;
    std::array<std::uint8_t, kBlockPageMaxBytes> out;
    const std::size_t used = PageTemplate::built_in().render(page, out);
    if (used == 0) std::abort();
    const std::string_view response = as_text(Bytes(out).first(used));
    const auto first = response.find("<dd>");
    const auto last = response.rfind("</dl>");
    for (auto at = response.find('<', first); at < last; at = response.find('<', at + 1))
        if (!response.substr(at).starts_with("<dd>") && !response.substr(at).starts_with("<dt>"))
            std::abort();
    std::array<std::uint8_t, 64> small;
    if (PageTemplate::built_in().render(page, small) != 0) std::abort();
    for (const bool warn : {false, true}) {
        page.warn = warn;
        const auto own = PageTemplate::parse(std::string(text));
        if (own && own->render(page, out) == 0) std::abort();
    }
    return 0;
}
