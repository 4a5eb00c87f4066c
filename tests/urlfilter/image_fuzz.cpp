// A compiled image of any content whose outer marks are right: it is refused, or every look-up stays inside.
#include <cstdlib>
#include <cstring>
#include <vector>

#include "sekisho/urlfilter/database.h"
#include "urlfilter/image.h"

using namespace sekisho;
using namespace sekisho::urlfilter;

namespace {

void mark_sound(std::vector<std::uint8_t>& image) {
    Header header;
    std::memcpy(&header, image.data(), sizeof header);
    std::memcpy(header.magic.data(), "SEKIURL\n", 8);
    header.version = Database::kFormatVersion;
    header.header_bytes = sizeof header;
    header.image_bytes = image.size();
    header.checksum = image_checksum(header, Bytes(image).subspan(sizeof header));
    std::memcpy(image.data(), &header, sizeof header);
}

void look_up(const Database& database, std::string_view host, std::string_view path) {
    const Match match = database.lookup(HostName(host), path);
    for (const auto line : database.lines(match))
        if (database.category_name(database.origin(line).category).size() > database.image_bytes())
            std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::vector<std::uint8_t> image(data, data + size);
    if (image.size() < sizeof(Header)) image.resize(sizeof(Header));
    mark_sound(image);
    const auto database = Database::from_image(image);
    if (!database) return 0;
    for (const char* host : {"one.example", "x.two.example", "three.example", "192.0.2.1"})
        look_up(*database, host, "/p");
    return 0;
}
