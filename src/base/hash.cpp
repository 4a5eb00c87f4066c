#include "sekisho/base/hash.h"

#include <sys/random.h>

#include <cstdlib>

namespace sekisho {

std::uint64_t process_hash_seed() noexcept {
    static const std::uint64_t seed = [] {
        if (const char* fixed = std::getenv("SEKISHO_HASH_SEED"))
            return static_cast<std::uint64_t>(std::strtoull(fixed, nullptr, 0));
        std::uint64_t drawn = 0;
        if (getrandom(&drawn, sizeof drawn, 0) != static_cast<ssize_t>(sizeof drawn))
            drawn = 0x9e3779b97f4a7c15ULL;
        return drawn;
    }();
    return seed;
}

}  // namespace sekisho
