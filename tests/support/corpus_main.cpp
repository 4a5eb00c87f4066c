// Stands in for libFuzzer where the compiler has none: runs the fuzz target over each file of the folders named on the
// command line, then over variants of them for a while, so that every ctest run also walks the error paths. The order of
// the variants is always the same; how many are tried depends on the machine. SEKISHO_FUZZ_SECONDS sets the processor
// time (10). An input that ends the program is left in fuzz-crash.bin, to be given to the target as a file.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using Octets = std::vector<std::uint8_t>;

constexpr double kSecondsUsual = 10;
constexpr std::size_t kLargest = 1 << 16;      // octets of a variant
constexpr std::size_t kVariantsAtLeast = 200;  // of each file, whatever the time

const Octets* at_hand = nullptr;

/// Only calls that a signal handler may make.
void keep_input(int signal) {
    if (at_hand != nullptr) {
        const int file = ::open("fuzz-crash.bin", O_WRONLY | O_CREAT | O_TRUNC, 0644);
        if (file >= 0 && ::write(file, at_hand->data(), at_hand->size()) >= 0) ::close(file);
    }
    std::signal(signal, SIG_DFL);
    std::raise(signal);
}

void run(const Octets& input) {
    at_hand = &input;
    LLVMFuzzerTestOneInput(input.data(), input.size());
    at_hand = nullptr;
}

class Mutator {
  public:
    explicit Mutator(const std::vector<Octets>& seeds) : seeds_(seeds) {}

    Octets variant(const Octets& seed) {
        Octets out = seed;
        for (std::size_t changes = 1 + below(6); changes > 0; --changes) change(out);
        if (out.size() > kLargest) out.resize(kLargest);
        return out;
    }

  private:
    std::uint64_t next() {
        state_ ^= state_ << 13;
        state_ ^= state_ >> 7;
        state_ ^= state_ << 17;
        return state_;
    }
    std::size_t below(std::size_t bound) { return bound == 0 ? 0 : next() % bound; }
    static auto at(Octets& octets, std::size_t place) { return octets.begin() + static_cast<std::ptrdiff_t>(place); }

    void change(Octets& out) {
        constexpr std::uint8_t kTelling[] = {0, 1, 0x7f, 0x80, 0xff, 0xfe, ' ', '\r', '\n', '/', '%', ':', ';', '"'};
        const std::size_t place = below(out.size());
        switch (below(9)) {
            case 0:
                if (!out.empty()) out[place] = static_cast<std::uint8_t>(out[place] ^ 1u << below(8));
                break;
            case 1:
                if (!out.empty()) out[place] = static_cast<std::uint8_t>(next());
                break;
            case 2:
                if (!out.empty()) out[place] = kTelling[below(std::size(kTelling))];
                break;
            case 3:  // lengths and counts, two octets of them
                for (std::size_t i = place; i < std::min(out.size(), place + 2); ++i) out[i] = kTelling[below(6)];
                break;
            case 4: out.insert(at(out, place), kTelling[below(std::size(kTelling))]); break;
            case 5: {  // a part once more, somewhere else
                const Octets part = part_of(out);
                out.insert(at(out, place), part.begin(), part.end());
                break;
            }
            case 6: {  // a part of another file
                const Octets part = part_of(seeds_[below(seeds_.size())]);
                out.insert(at(out, place), part.begin(), part.end());
                break;
            }
            case 7: out.erase(at(out, place), at(out, place + below(std::min<std::size_t>(out.size() - place, 64)))); break;
            default:
                if (below(3) == 0) out.resize(place);
        }
    }
    Octets part_of(const Octets& from) {
        const std::size_t begin = below(from.size());
        const std::size_t size = below(std::min<std::size_t>(from.size() - begin, 512));
        const auto first = from.begin() + static_cast<std::ptrdiff_t>(begin);
        return {first, first + static_cast<std::ptrdiff_t>(size)};
    }

    const std::vector<Octets>& seeds_;
    std::uint64_t state_ = 88172645463325252ULL;
};

double seconds_allowed() {
    const char* said = std::getenv("SEKISHO_FUZZ_SECONDS");
    return said != nullptr ? std::atof(said) : kSecondsUsual;
}
double seconds_used() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

}  // namespace

int main(int argc, char** argv) {
    namespace fs = std::filesystem;
    std::vector<fs::path> paths;
    bool single = false;
    for (int i = 1; i < argc; ++i) {
        if (fs::is_regular_file(argv[i])) {
            paths.emplace_back(argv[i]);
            single = true;
        } else if (fs::is_directory(argv[i])) {
            for (const auto& entry : fs::recursive_directory_iterator(argv[i]))
                if (entry.is_regular_file()) paths.push_back(entry.path());
        }
    }
    std::sort(paths.begin(), paths.end());
    std::vector<Octets> seeds;
    for (const auto& path : paths) {
        std::ifstream file(path, std::ios::binary);
        seeds.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    }
    for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) std::signal(signal, keep_input);
    LLVMFuzzerTestOneInput(nullptr, 0);
    for (const Octets& seed : seeds) run(seed);
    if (seeds.empty() || single) return seeds.empty() ? 1 : 0;

    Mutator mutator(seeds);
    std::size_t tried = 0;
    const double allowed = seconds_allowed();
    for (; tried < kVariantsAtLeast * seeds.size() || seconds_used() < allowed; ++tried)
        run(mutator.variant(seeds[tried % seeds.size()]));
    std::printf("%zu corpus files, %zu variants in %.1f s: clean\n", seeds.size(), tried, seconds_used());
    return 0;
}
