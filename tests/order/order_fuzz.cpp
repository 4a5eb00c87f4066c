// Any bytes as an order: refused, or written again to the same text. The input is signed as well, so that the parser
// behind the signature is reached.
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "sekisho/base/text.h"
#include "sekisho/order/order.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace sekisho;
    static const auto key = [] {
        const std::string path = (std::filesystem::temp_directory_path() / ("order-fuzz-" + std::to_string(::getpid()))).string();
        auto made = crypto::SigningKey::open(path);
        std::filesystem::remove(path);
        std::filesystem::remove(path + ".pub");
        if (!made) std::abort();
        return std::move(*made);
    }();
    static const auto public_key = std::move(*key.public_half());
    const std::string text = size == 0 ? std::string() : std::string(reinterpret_cast<const char*>(data), size);
    if (order::read_order(text, public_key)) std::abort();  // nobody guesses a signature
    const auto signature = key.sign(as_bytes(text));
    if (!signature) std::abort();
    const std::string whole = text + "signature: " + hex(signature->data(), signature->size()) + "\n";
    const auto order = order::read_order(whole, public_key);
    if (order && order::write_order(*order, key).value_or(std::string()) != whole) std::abort();
    return 0;
}
