// Any head has a type, and the type is text.
#include "sekisho/file/magic.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace sekisho;
    const auto magic = file::magic_of({data, size});
    if (magic.text().empty()) std::abort();
    return 0;
}
