// Any bytes laid into an event: what sound() lets through must print as JSON that a strict parser takes.
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <nlohmann/json.hpp>

#include "sekisho/event/json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace sekisho::event;
    Event event;
    event.text.fill('\0');
    if (size != 0) std::memcpy(static_cast<void*>(&event), data, std::min(size, sizeof event));
    event.version = kVersion;
    if (!event.sound()) return 0;
    if (!nlohmann::json::accept(to_json(event))) std::abort();
    return 0;
}
