// A set of strings, digests or addresses that rules test buffers against. Immutable once loaded: a new list comes
// with the next rule set. What rules add or take out while packets flow is kept by each worker (detect/rule_state.h).
#pragma once

#include <map>
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

/// How a file holds its entries: one a line (see parse_dataset_text), or as values in JSON (RFC 8259).
struct DatasetFormat {
    enum class Kind : std::uint8_t { lines, json, json_lines } kind = Kind::lines;
    std::string array_key;   ///< json: where the array of objects is, names joined by dots; empty: the whole
    std::string value_key;   ///< ... and where an object has its entry
};

struct Dataset {
    DatasetType type = DatasetType::string;
    std::size_t size = 0;  ///< entries
    bool changes = false;  ///< some rule sets or unsets values

    /// Whether `value` is in the set: the octets of a string, the 16, 20 or 32 of a digest (in binary), the 4 or 16 of
    /// an address. @cost one hash and about one comparison, no allocation  @thread any
    bool contains(Bytes value) const noexcept { return find(value) != nullptr; }
    /// The same for the value and each part of it that begins with a dot and goes to its end: ".a.b" finds ".b". What is
    /// longer than a name can be (255 octets) is looked for as a whole only. @cost a search for each dot
    bool contains_domain(Bytes value) const noexcept;
    /// The number that stands beside the value in its file (datarep); nothing when it is not in the set.
    std::optional<std::uint32_t> reputation(Bytes value) const noexcept;

    // Open addressing over one pool of octets: a list of a million entries is three allocations.
    struct Slot {
        std::uint32_t at = 0;
        std::uint32_t size = 0;
        std::uint64_t hash = 0;  ///< 0: free
        std::uint32_t reputation = 0;
    };
    const Slot* find(Bytes value) const noexcept;
    std::vector<Slot> slots;
    std::string pool;
    std::uint64_t seed = 0;
};

/// One entry a line: base64 for strings (RFC 4648), hexadecimal for digests, text for addresses; after a comma may
/// stand a reputation, 0 to 65535. Empty lines and lines that begin with '#' are left out.
/// @error invalid with the line; limit
Result<std::shared_ptr<Dataset>> parse_dataset_text(std::string_view text, const std::string& name, DatasetType type);

/// The values that JSON text holds under `format`'s keys; strings are plain text there. What else stands beside them
/// is left out. @error invalid when it is no JSON, holds no such value or one that is not of the type; limit
Result<std::shared_ptr<Dataset>> parse_dataset_json(std::string_view text, const std::string& name, DatasetType type,
                                                    const DatasetFormat& format);

/// Reads a file.
/// @error not_found, io, and as above
Result<std::shared_ptr<Dataset>> load_dataset(const std::string& path, DatasetType type, const DatasetFormat& format = {});

/// The sets of a rule set, by name. Rules name a set, its type and file once and then the name alone.
class Datasets {
  public:
    /// What a rule says of a set; empty texts are what another rule has said.
    struct Mention {
        std::string name;
        std::optional<DatasetType> type;
        std::string file;
        bool must_exist = false;   ///< `load`; a `state` file may come later
        bool changes = false;
        DatasetFormat format = {};
    };
    /// The set, loaded when this is its first mention. @error invalid when a mention contradicts an earlier one or
    /// says too little; not_found, io, limit
    Result<std::shared_ptr<const Dataset>> get(const Mention& mention);

  private:
    struct Known {
        std::string file;
        std::shared_ptr<Dataset> set;
    };
    std::map<std::string, Known, std::less<>> known_;
};

}  // namespace sekisho::signature
