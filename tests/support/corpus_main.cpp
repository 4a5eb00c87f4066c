// Stands in for libFuzzer where the compiler has none: runs the fuzz target over each file of the folders
// named on the command line, then over cut and bit-flipped variants of each, so that every ctest run also
// walks the error paths. Deterministic.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr std::size_t kVariantsPerFile = 200;

std::uint64_t next_random(std::uint64_t& state) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

void run_variants(const std::vector<std::uint8_t>& seed) {
    std::uint64_t random = 88172645463325252ULL + seed.size();
    for (std::size_t i = 0; i < kVariantsPerFile; ++i) {
        std::vector<std::uint8_t> variant = seed;
        const std::size_t flips = 1 + next_random(random) % 8;
        for (std::size_t f = 0; f < flips && !variant.empty(); ++f)
            variant[next_random(random) % variant.size()] = static_cast<std::uint8_t>(next_random(random));
        if (next_random(random) % 3 == 0 && !variant.empty()) variant.resize(next_random(random) % variant.size());
        LLVMFuzzerTestOneInput(variant.data(), variant.size());
    }
}

}  // namespace

int main(int argc, char** argv) {
    namespace fs = std::filesystem;
    std::vector<fs::path> inputs;
    for (int i = 1; i < argc; ++i) {
        if (!fs::exists(argv[i])) continue;
        for (const auto& entry : fs::recursive_directory_iterator(argv[i]))
            if (entry.is_regular_file()) inputs.push_back(entry.path());
    }
    std::sort(inputs.begin(), inputs.end());
    LLVMFuzzerTestOneInput(nullptr, 0);
    for (const auto& path : inputs) {
        std::ifstream file(path, std::ios::binary);
        const std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(file), {}};
        LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
        run_variants(bytes);
    }
    std::printf("%zu corpus files, %zu variants each: clean\n", inputs.size(), kVariantsPerFile);
    return inputs.empty() ? 1 : 0;
}
