// A list of any content: whatever its lines are, an entry that was accepted is found again.
#include <cstdlib>

#include "sekisho/urlfilter/admin_list.h"
#include "sekisho/urlfilter/database.h"

using namespace sekisho;
using namespace sekisho::urlfilter;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    ListSource source;
    source.name = "fuzz";
    source.category = "fuzz";
    source.text = as_text({data, size});
    BuildReport report;
    const auto database = Database::build({&source, 1}, report, 1);
    if (!database) std::abort();

    std::string_view text = source.text;
    Entry entry;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        const EntryFault fault = parse_entry(text.substr(0, end), ListFormat::entries, entry);
        if (fault == EntryFault::none && !database->lookup(HostName(entry.host), entry.path))
            std::abort();
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    AdminList admin = AdminList::parse(source.text);
    for (const auto& line : admin.entries())
        if (line.target.empty()) std::abort();
    const std::string once = admin.text();
    if (AdminList::parse(once).text() != once) std::abort();
    return 0;
}
