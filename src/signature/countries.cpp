#include "sekisho/signature/countries.h"

#include <maxminddb.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "sekisho/base/bytes.h"
#include "sekisho/base/file_text.h"

namespace sekisho::signature {
namespace {

constexpr std::size_t kDatabaseMax = MiB(256);  // GeoLite2-City, the largest in use, is about 60 MiB

bool is_letter(char c) noexcept { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }
char upper(char c) noexcept { return c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c; }

/// A nameless file in memory, which is what the library can open.
class MemoryFile {
  public:
    MemoryFile() : fd_(::memfd_create("countries", MFD_CLOEXEC)) {}
    ~MemoryFile() {
        if (fd_ >= 0) ::close(fd_);
    }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;

    bool write(std::string_view octets) noexcept {
        while (fd_ >= 0 && !octets.empty()) {
            const ssize_t written = ::write(fd_, octets.data(), octets.size());
            if (written < 0 && errno == EINTR) continue;
            if (written <= 0) return false;
            octets.remove_prefix(static_cast<std::size_t>(written));
        }
        return fd_ >= 0;
    }
    std::string path() const { return "/proc/self/fd/" + std::to_string(fd_); }

  private:
    int fd_;
};

sockaddr_storage socket_address(const IpAddress& ip) noexcept {
    sockaddr_storage storage{};
    const Bytes octets = ip.wire();
    if (ip.is_v4()) {
        sockaddr_in v4{};
        v4.sin_family = AF_INET;
        std::memcpy(&v4.sin_addr, octets.data(), sizeof v4.sin_addr);
        std::memcpy(&storage, &v4, sizeof v4);
    } else {
        sockaddr_in6 v6{};
        v6.sin6_family = AF_INET6;
        std::memcpy(&v6.sin6_addr, octets.data(), sizeof v6.sin6_addr);
        std::memcpy(&storage, &v6, sizeof v6);
    }
    return storage;
}

}  // namespace

std::optional<CountryCode> country_code(std::string_view text) noexcept {
    if (text.size() != 2 || !is_letter(text[0]) || !is_letter(text[1])) return std::nullopt;
    return static_cast<CountryCode>(upper(text[0]) << 8 | upper(text[1]));
}

struct CountryDatabase::Library {
    MMDB_s database{};
    bool opened = false;
    ~Library() {
        if (opened) MMDB_close(&database);
    }
};

CountryDatabase::CountryDatabase(std::unique_ptr<Library> library) : library_(std::move(library)) {}
CountryDatabase::~CountryDatabase() = default;

Result<std::shared_ptr<const CountryDatabase>> CountryDatabase::open(const std::string& file) {
    const auto octets = read_file(file, kDatabaseMax);
    if (!octets) return fail(octets.error());
    return read(*octets, file);
}

Result<std::shared_ptr<const CountryDatabase>> CountryDatabase::read(std::string_view octets, const std::string& name) {
    MemoryFile memory;
    if (!memory.write(octets))
        return fail(ErrorCode::io, "no memory for the database of countries: " + std::string(std::strerror(errno)), name);
    auto library = std::make_unique<Library>();
    const int status = MMDB_open(memory.path().c_str(), MMDB_MODE_MMAP, &library->database);
    if (status != MMDB_SUCCESS)
        return fail(ErrorCode::invalid, "not a MaxMind database, or a cut one: " + std::string(MMDB_strerror(status)), name);
    library->opened = true;
    return std::shared_ptr<const CountryDatabase>(new CountryDatabase(std::move(library)));
}

std::optional<CountryCode> CountryDatabase::country(const IpAddress& ip) const noexcept {
    const sockaddr_storage address = socket_address(ip);
    int status = MMDB_SUCCESS;
    auto found = MMDB_lookup_sockaddr(&library_->database, reinterpret_cast<const sockaddr*>(&address), &status);
    if (status != MMDB_SUCCESS || !found.found_entry) return std::nullopt;
    MMDB_entry_data_s value{};
    if (MMDB_get_value(&found.entry, &value, "country", "iso_code", nullptr) != MMDB_SUCCESS) return std::nullopt;
    if (!value.has_data || value.type != MMDB_DATA_TYPE_UTF8_STRING) return std::nullopt;
    return country_code({value.utf8_string, value.data_size});
}

}  // namespace sekisho::signature
