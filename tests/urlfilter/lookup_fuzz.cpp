// Any host and path against a small filter: "host LF path". The answer's views lie within the host, and
// more labels in front never turn a blocked name into a free one.
#include <cstdlib>

#include "sekisho/urlfilter/filter.h"

using namespace sekisho;
using namespace sekisho::urlfilter;

namespace {

const Filter& filter() {
    static const std::unique_ptr<Filter> built = [] {
        UrlFilterConfig config;
        ListSource source;
        source.name = "fuzz/malware/urls";
        source.category = "malware";
        source.text =
            "evil.example\nsite.example/bad\nsite.example/a/b?id=7\n192.0.2.1\n[2001:db8::1]\n.zip\n";
        config.sources.push_back(source);
        config.categories = {{"malware", Action::block}};
        BuildReport report;
        return std::move(Filter::build(config, report).value());
    }();
    return *built;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = as_text({data, size});
    const auto cut = std::min(text.find('\n'), text.size());
    const std::string_view host = text.substr(0, cut);
    const std::string_view path = text.substr(std::min(cut + 1, text.size()));
    const Decision decision = filter().decide(host, path);
    if (decision.listed() != !decision.host.empty()) std::abort();
    if (decision.listed() && (decision.host.data() < host.data() ||
                              decision.host.data() + decision.host.size() > host.data() + host.size()))
        std::abort();
    if (decision.listed() && filter().origin_text(decision).empty()) std::abort();
    if (decision.listed() && HostName(host).form() == HostName::Form::name &&
        host.find_first_of("@[: \t\r\n") == std::string_view::npos &&
        !filter().decide("www." + std::string(host), path).listed())
        std::abort();
    return 0;
}
