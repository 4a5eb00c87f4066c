// Countries of addresses from a database in MaxMind's format (MaxMind DB File Format 2.0), such as GeoLite2-Country. The
// only door to libmaxminddb. Read by the control plane, immutable, looked up on the packet path.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "sekisho/base/address.h"
#include "sekisho/base/result.h"

namespace sekisho::signature {

/// Two letters of ISO 3166-1, the first in the high octet.
using CountryCode = std::uint16_t;

/// "JP" or "jp"; nothing for anything else.
std::optional<CountryCode> country_code(std::string_view text) noexcept;

class CountryDatabase {
  public:
    /// Reads the whole file into memory of its own: what happens to the file later does no harm.
    /// @error io, not_found, limit: the file; invalid: it is no database, or a cut one. `where` is the file
    static Result<std::shared_ptr<const CountryDatabase>> open(const std::string& file);
    /// The same from octets. @param name  for messages
    static Result<std::shared_ptr<const CountryDatabase>> read(std::string_view octets, const std::string& name);
    ~CountryDatabase();
    CountryDatabase(const CountryDatabase&) = delete;
    CountryDatabase& operator=(const CountryDatabase&) = delete;

    /// Where the address is in use (country.iso_code). Nothing: the database does not say, or what it says is damaged.
    /// @cost a walk down a binary tree of at most 128 steps, no allocation  @thread any
    std::optional<CountryCode> country(const IpAddress& ip) const noexcept;

  private:
    struct Library;
    explicit CountryDatabase(std::unique_ptr<Library> library);
    std::unique_ptr<Library> library_;
};

}  // namespace sekisho::signature
