// A set of strings, digests or addresses that rules test buffers against. Immutable once loaded: a new list comes
// with the next rule set.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sekisho/base/address.h"
#include "sekisho/base/bytes.h"
#include "sekisho/base/result.h"

namespace sekisho::signature {

enum class DatasetType : std::uint8_t { string, md5, sha1, sha256, ipv4, ip };

std::optional<DatasetType> parse_dataset_type(std::string_view word) noexcept;

struct Dataset {
    DatasetType type = DatasetType::string;
    std::size_t size = 0;  ///< entries

    /// Whether `value` is in the set: the octets of a string, the 16, 20 or 32 of a digest (in binary), the 4 or 16 of
    /// an address. @cost one hash and about one comparison, no allocation  @thread any
    bool contains(Bytes value) const noexcept;

    // Open addressing over one pool of octets: a list of a million entries is three allocations.
    struct Slot {
        std::uint32_t at = 0;
        std::uint32_t size = 0;
        std::uint64_t hash = 0;  ///< 0: free
    };
    std::vector<Slot> slots;
    std::string pool;
    std::uint64_t seed = 0;
};

/// One entry a line: base64 for strings (RFC 4648), hexadecimal for digests, text for addresses; what follows a
/// comma (a reputation) is left out, as are empty lines and lines that begin with '#'.
/// @error invalid with the line; limit
Result<std::shared_ptr<const Dataset>> parse_dataset_text(std::string_view text, const std::string& name, DatasetType type);

/// Reads a file; the same unchanged file is shared between rules that are parsed together.
/// @error not_found, io, and as above
Result<std::shared_ptr<const Dataset>> load_dataset(const std::string& path, DatasetType type);

}  // namespace sekisho::signature
