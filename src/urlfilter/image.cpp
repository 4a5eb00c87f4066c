#include "urlfilter/image.h"

#include <algorithm>

#include "sekisho/base/hash.h"
#include "sekisho/urlfilter/database.h"

namespace sekisho::urlfilter {
namespace {

constexpr std::array<char, 8> kMagic{'S', 'E', 'K', 'I', 'U', 'R', 'L', '\n'};

tl::unexpected<Error> unsound(const char* what) {
    return fail(ErrorCode::invalid, std::string("URL database: ") + what);
}

/// The records of a section; false when they are not within the image.
template <class Record>
bool take_section(Bytes image, const Section& section, std::span<const Record>& out) {
    if (section.offset % 64 != 0 || section.offset > image.size()) return false;
    if (section.count > (image.size() - section.offset) / sizeof(Record)) return false;
    // The image is aligned to 64 octets by its owner, sections by the check above.
    out = {reinterpret_cast<const Record*>(image.data() + section.offset), section.count};
    return true;
}

bool names_sound(const ImageView& view) {
    const auto inside = [&](std::uint64_t offset, std::uint64_t size) {
        return offset + size <= view.names.size();
    };
    return std::all_of(view.categories.begin(), view.categories.end(),
                       [&](const auto& c) { return inside(c.name_offset, c.name_size); }) &&
           std::all_of(view.sources.begin(), view.sources.end(), [&](const auto& s) {
               return inside(s.name_offset, s.name_size) && s.category < view.categories.size();
           });
}

/// Number of lines that the sources cover; false when they leave gaps or overlap.
bool count_lines(const ImageView& view, std::uint64_t& lines) {
    lines = 0;
    for (const auto& source : view.sources) {
        if (source.first_line != lines) return false;
        lines += source.lines;
    }
    return lines <= Database::kLinesMax;
}

bool value_sound(const ImageView& view, std::uint32_t stored, std::uint64_t lines) {
    const std::uint32_t number = stored & value::kNumberMask;
    if ((stored & value::kGroup) == 0)
        return number < lines || (number == value::kNoLine && (stored & value::kPathsBelow) != 0);
    if (number >= view.groups.size()) return false;
    const std::uint32_t size = view.groups[number];
    if (size == 0 || size > view.groups.size() - number - 1) return false;
    const auto members = view.groups.subspan(number + 1, size);
    return std::all_of(members.begin(), members.end(), [&](std::uint32_t line) { return line < lines; });
}

bool buckets_sound(const ImageView& view, std::uint64_t lines) {
    return std::all_of(view.buckets.begin(), view.buckets.end(), [&](const Bucket& bucket) {
        if (bucket.count > Bucket::kSlots) return false;
        for (std::size_t i = 0; i < bucket.count; ++i)
            if (!value_sound(view, bucket.values[i], lines)) return false;
        return true;
    });
}

}  // namespace

std::uint64_t image_checksum(Header header, Bytes body) noexcept {
    header.checksum = 0;
    const Bytes octets(reinterpret_cast<const std::uint8_t*>(&header), sizeof header);
    return hash_bytes(body, hash_bytes(octets, 0x5e6b1540a7c3d29fULL));
}

Result<ImageView> view_image(Bytes image) {
    ImageView view;
    if (image.size() < sizeof(Header)) return unsound("shorter than its header");
    view.header = reinterpret_cast<const Header*>(image.data());
    const Header& header = *view.header;
    if (header.magic != kMagic) return unsound("not a compiled list");
    if (header.version != Database::kFormatVersion || header.header_bytes != sizeof(Header))
        return unsound("made by another version; compile the lists again");
    if (header.image_bytes != image.size()) return unsound("cut off");
    if (header.checksum != image_checksum(header, image.subspan(sizeof(Header))))
        return unsound("checksum is wrong");
    std::span<const char> names;
    if (!take_section(image, header.buckets, view.buckets) ||
        !take_section(image, header.groups, view.groups) ||
        !take_section(image, header.sources, view.sources) ||
        !take_section(image, header.categories, view.categories) ||
        !take_section(image, header.names, names))
        return unsound("a section lies outside");
    view.names = {names.data(), names.size()};
    if (view.buckets.empty() || view.buckets.size() > 0xffffffffu) return unsound("no buckets");
    std::uint64_t lines = 0;
    if (!names_sound(view) || !count_lines(view, lines)) return unsound("sources are damaged");
    if (!buckets_sound(view, lines)) return unsound("an entry points nowhere");
    return view;
}

}  // namespace sekisho::urlfilter
