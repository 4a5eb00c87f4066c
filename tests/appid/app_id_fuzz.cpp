// Packets of any content, cut from the input by a length octet, shown as one flow in both directions. The flow is of the transport
// of its first packet, as in the flow table.
#include <algorithm>
#include <cstdlib>
#include <vector>

#include "sekisho/appid/app_id.h"

using namespace sekisho;
using namespace sekisho::appid;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const std::unique_ptr<AppId> app = std::move(AppId::create({4, 12}).value());
    constexpr std::size_t kProtocol4 = 10, kNextHeader6 = 7;  // behind the length octet
    const std::size_t at = size > 1 && data[1] >> 4 == 6 ? kNextHeader6 : kProtocol4;
    const Handle handle = app->begin(at < size ? data[at] : 0);
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
