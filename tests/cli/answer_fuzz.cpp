// Any bytes as a daemon's answer and as a shell line: read, laid out, completed.
#include <cstdint>
#include <string_view>

#include "cli/json.h"
#include "cli/table.h"
#include "cli/text_table.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace sekisho::cli;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto value = parse_json(text)) lay_out(*value);
    (void)parse_json_lines(text);
    if (const auto words = split_line(text); words && !words->empty()) {
        Words finished = *words;
        const std::string last = finished.back();
        finished.pop_back();
        completions(finished, last);
    }
    columns_of(printable(text));
    return 0;
}
