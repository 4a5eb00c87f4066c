// An archive of any content: refused, or files within the folder and the limits.
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "sekisho/base/bytes.h"
#include "sekisho/base/file_text.h"
#include "sekisho/fetch/archive.h"

using namespace sekisho;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    namespace fs = std::filesystem;
    static const fs::path folder = fs::path("/dev/shm") / ("sekisho-archive-fuzz-" + std::to_string(::getpid()));
    fs::create_directories(folder / "out");
    if (!write_file_atomic(folder / "input", as_text({data, size}))) return 0;
    const auto done = fetch::unpack(folder / "input", folder / "out", {100'000, 50}, [](std::string_view) { return true; });
    std::uint64_t octets = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder / "out")) {
        if (entry.is_symlink()) std::abort();
        if (entry.is_regular_file()) octets += entry.file_size();
    }
    if (octets > 100'000 || (done && done->octets > 100'000)) std::abort();
    fs::remove_all(folder);
    return 0;
}
