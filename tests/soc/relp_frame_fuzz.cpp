// Any octets from a RELP server: frames or an error in words, the same however the octets are cut.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "soc/out/relp_frame.h"

namespace {

std::string frames(std::string_view octets, std::size_t piece) {
    sekisho::soc::RelpReader reader;
    std::string all;
    while (!octets.empty()) {
        reader.add(octets.substr(0, piece));
        octets.remove_prefix(std::min(piece, octets.size()));
        while (true) {
            const auto frame = reader.next();
            if (!frame) return all + "!";
            if (!*frame) break;
            if ((*frame)->data.size() > sekisho::soc::RelpReader::kDataMax) std::abort();
            sekisho::soc::relp_status((*frame)->data);
            all += sekisho::soc::relp_frame((*frame)->transaction, (*frame)->command, (*frame)->data);
        }
    }
    return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view octets(reinterpret_cast<const char*>(data), size);
    const std::string whole = frames(octets, size + 1);
    if (frames(octets, 1) != whole || frames(octets, 7) != whole) std::abort();
    return 0;
}
