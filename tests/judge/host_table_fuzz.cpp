// Any bytes as a host table: refused with a reason, or one that answers.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "sekisho/judge/host_table.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace sekisho;
    const std::string text = size == 0 ? std::string() : std::string(reinterpret_cast<const char*>(data), size);
    const auto table = judge::HostTable::parse(text, "fuzz");
    if (!table) {
        if (table.error().message().empty()) std::abort();
        return 0;
    }
    for (const auto found : {table->by_sign("ntlm", "5.1.2600"), table->by_user_agent(text)})
        if (found && *found >= table->systems()) std::abort();
    return 0;
}
