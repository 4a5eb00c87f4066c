// Any bytes as a severity table: refused with a place, or a table that ranks every combination.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "sekisho/judge/severity_table.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace sekisho;
    const auto table =
        judge::SeverityTable::parse(size == 0 ? std::string() : std::string(reinterpret_cast<const char*>(data), size), "fuzz");
    if (!table) {
        if (table.error().message().empty()) std::abort();
        return 0;
    }
    for (std::size_t id = 0; id < table->classes(); ++id)
        for (std::uint8_t bearing = 0; bearing < static_cast<std::uint8_t>(event::Bearing::count_); ++bearing)
            for (std::uint8_t outcome = 0; outcome < static_cast<std::uint8_t>(event::Outcome::count_); ++outcome)
                table->because(table->rank(static_cast<judge::ClassId>(id), static_cast<event::Bearing>(bearing),
                                           static_cast<event::Outcome>(outcome), {1, 1, false, event::Severity::low}));
    return 0;
}
