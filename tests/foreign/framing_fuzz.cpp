// Any octets as a stream of messages: the same messages however the stream is cut, none too long.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "foreign/limits.h"
#include "sekisho/foreign/framing.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace sekisho::foreign;
    const std::string_view stream = size == 0 ? std::string_view() : std::string_view(reinterpret_cast<const char*>(data), size);
    const auto messages = [&](std::size_t step) {
        Framer framer;
        std::vector<std::string> all;
        const auto give = [&](std::string_view message) { all.emplace_back(message); };
        for (std::size_t at = 0; at < stream.size(); at += step) framer.take(stream.substr(at, step), give);
        framer.end(give);
        if (framer.counts().messages != all.size()) std::abort();
        return all;
    };
    const auto whole = messages(stream.size() + 1);
    if (whole != messages(1) || whole != messages(7)) std::abort();
    for (const auto& message : whole)
        if (message.empty() || message.size() > kMessageMax) std::abort();
    return 0;
}
