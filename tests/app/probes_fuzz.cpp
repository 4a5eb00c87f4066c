// Every probe of the table on any first bytes: two octets of server port, then what each side said first.
#include "sekisho/app/parser.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace sekisho;
    if (size < 2) return 0;
    const Bytes in(data + 2, size - 2);
    const auto port = static_cast<std::uint16_t>(data[0] << 8 | data[1]);
    const auto& table = app::parser_table();
    for (const std::size_t cut : {std::size_t{0}, in.size() / 2, in.size()})
        for (std::size_t i = 0; i < table.count; ++i)
            table.parsers[i]->probe({in.first(cut), in.subspan(cut), port, 40000});
    return 0;
}
