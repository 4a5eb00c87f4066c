// A compiled image of any content whose outer marks are right: it is refused, or every look-up stays inside.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "sekisho/base/file_text.h"
#include "sekisho/urlfilter/database.h"
#include "urlfilter/image.h"

using namespace sekisho;
using namespace sekisho::urlfilter;

namespace {

/// Marks and checksums as they should be, so that more gets through.
void mark_sound(std::vector<std::uint8_t>& image) {
    Header header;
    std::memcpy(&header, image.data(), sizeof header);
    std::memcpy(header.magic.data(), "SEKIURL\n", 8);
    header.version = Database::kFormatVersion;
    header.header_bytes = sizeof header;
    header.image_bytes = image.size();
    if (header.buckets.offset < sizeof header || header.buckets.offset > image.size())
        header.buckets.offset = sizeof header;
    seal_image(image, header);
}

void look_up(const Database& database, std::string_view host, std::string_view path) {
    const Match match = database.lookup(HostName(host), path);
    for (const auto line : database.lines(match))
        if (database.category_name(database.origin(line).category).size() > database.image_bytes())
            std::abort();
}

void ask(const Database& database) {
    for (const char* host : {"one.example", "x.two.example", "three.example", "192.0.2.1", "a.b.c.d.two.example"})
        look_up(database, host, "/p");
    for (std::size_t i = 0; i < database.expression_count(); ++i)
        if (database.expression(i).pattern.size() > database.image_bytes()) std::abort();
}

/// A file is opened by its head alone: what its body holds must not lead a look-up outside.
void open_file(const std::vector<std::uint8_t>& image) {
    static const std::string path = "/dev/shm/sekisho-image-fuzz-" + std::to_string(::getpid());
    if (!write_file_atomic(path, as_text(Bytes(image)))) return;
    if (const auto opened = Database::open(path)) ask(*opened);
    std::remove(path.c_str());
}

/// A good image whose body is overwritten by the input.
std::vector<std::uint8_t> damaged_body(Bytes data) {
    static const std::vector<std::uint8_t> good = [] {
        ListSource source{"l", "c", "", "one.example\na.two.example\ntwo.example/p\n192.0.2.1\n", ListFormat::entries, 0};
        ListSource again = source;
        again.category = "d";
        BuildReport report;
        const ListSource both[] = {source, again};
        const std::string path = "/dev/shm/sekisho-image-good-" + std::to_string(::getpid());
        std::vector<std::uint8_t> octets;
        if (const auto built = Database::build(both, report, 3); built && built->write(path)) {
            const auto text = read_file(path, MiB(1));
            if (text) octets.assign(text->begin(), text->end());
        }
        std::remove(path.c_str());
        return octets;
    }();
    std::vector<std::uint8_t> image = good;
    Header header;
    if (image.size() < sizeof header) return image;
    std::memcpy(&header, image.data(), sizeof header);
    for (std::size_t i = 0; i < data.size() && header.buckets.offset + i < image.size(); ++i)
        image[header.buckets.offset + i] ^= data[i];
    return image;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    open_file(damaged_body({data, size}));
    std::vector<std::uint8_t> image(data, data + size);
    if (image.size() < sizeof(Header)) image.resize(sizeof(Header));
    mark_sound(image);
    const auto database = Database::from_image(image);
    if (!database) return 0;
    ask(*database);
    return 0;
}
