// A list of any content: whatever its lines are, an entry that was accepted is found again.
#include <cstdlib>

#include "sekisho/urlfilter/admin_list.h"
#include "sekisho/urlfilter/database.h"

using namespace sekisho;
using namespace sekisho::urlfilter;

namespace {

/// Every format: what is accepted is found again, by the very name or by one below it.
void accepted_is_found(std::string_view text, ListFormat format) {
    ListSource source;
    source.name = "fuzz";
    source.category = "fuzz";
    source.text = text;
    source.format = format;
    BuildReport report;
    const auto database = Database::build({&source, 1}, report, 1);
    if (!database) std::abort();
    LineParser parser(format);
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        parser.parse(text.substr(0, end), [&](const Entry& entry) {
            if (entry.host.empty()) return;
            const std::string asked = entry.scope == Scope::below_only ? "x." + entry.host : entry.host;
            // A name of 253 octets has nothing below it.
            if (asked.size() <= kHostMaxBytes && !database->lookup(HostName(asked), entry.path)) std::abort();
        });
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = as_text({data, size});
    for (const ListFormat format : {ListFormat::entries, ListFormat::adblock, ListFormat::rpz, ListFormat::admin_deny})
        accepted_is_found(text, format);
    AdminList admin = AdminList::parse(text);
    for (const auto& line : admin.entries())
        if (line.target.empty()) std::abort();
    const std::string once = admin.text();
    if (AdminList::parse(once).text() != once) std::abort();
    return 0;
}
