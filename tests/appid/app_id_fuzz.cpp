// Packets of any content, cut from the input by a length octet, shown as one flow in both directions.
#include <algorithm>
#include <cstdlib>
#include <vector>

#include "sekisho/appid/app_id.h"

using namespace sekisho;
using namespace sekisho::appid;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const std::unique_ptr<AppId> app = std::move(AppId::create({4, 12}).value());
    const Handle handle = app->begin();
    if (!handle) std::abort();
    Bytes rest(data, size);
    for (TimeNs time = kSecondNs; !rest.empty(); time += kSecondNs) {
        const std::size_t length = std::min<std::size_t>(rest[0] * 2u, rest.size() - 1);
        const Bytes piece = rest.subspan(1, length);
        const std::vector<std::uint8_t> packet(piece.begin(),
                                               piece.end());  // its own bounds for the sanitizer
        const Direction direction = rest[0] % 2 == 0 ? Direction::to_server : Direction::to_client;
        rest = rest.subspan(1 + length);
        if (app->feed(handle, packet, time, direction).decided) break;
    }
    app->give_up(handle);
    app->end(handle);
    return app->borrowed() == 0 ? 0 : (std::abort(), 0);
}
