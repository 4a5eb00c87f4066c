#include "urlfilter/image.h"

#include <algorithm>
#include <cstring>

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
           }) &&
           std::all_of(view.expressions.begin(), view.expressions.end(), [&](const auto& e) {
               return inside(e.text_offset, e.text_size);
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
        return number < lines || (number == value::kNoLine && (stored & value::kFlags) != 0);
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

std::uint64_t head_checksum(Header header, Bytes rest) noexcept {
    header.head_checksum = 0;
    const Bytes octets(reinterpret_cast<const std::uint8_t*>(&header), sizeof header);
    return hash_bytes(rest, hash_bytes(octets, 0x5e6b1540a7c3d29fULL));
}

std::uint64_t body_checksum(Bytes body) noexcept { return hash_bytes(body, 0x3c79ac492ba7b653ULL); }

}  // namespace

void seal_image(MutableBytes image, Header& header) noexcept {
    const auto head = static_cast<std::size_t>(header.buckets.offset);
    header.body_checksum = body_checksum(image.subspan(head));
    header.head_checksum = head_checksum(header, Bytes(image).subspan(sizeof(Header), head - sizeof(Header)));
    std::memcpy(image.data(), &header, sizeof header);
}

Result<ImageView> view_image(Bytes image, Check check) {
    ImageView view;
    if (image.size() < sizeof(Header)) return unsound("shorter than its header");
    view.header = reinterpret_cast<const Header*>(image.data());
    const Header& header = *view.header;
    if (header.magic != kMagic) return unsound("not a compiled list");
    if (header.version != Database::kFormatVersion || header.header_bytes != sizeof(Header))
        return unsound("made by another version; compile the lists again");
    if (header.image_bytes != image.size()) return unsound("cut off");
    const std::uint64_t head = header.buckets.offset;
    if (head < sizeof(Header) || head > image.size()) return unsound("a section lies outside");
    if (header.head_checksum != head_checksum(header, image.subspan(sizeof(Header), head - sizeof(Header))))
        return unsound("the head's checksum is wrong");
    std::span<const char> names;
    if (!take_section(image, header.buckets, view.buckets) || !take_section(image, header.groups, view.groups) ||
        !take_section(image.first(head), header.sources, view.sources) ||
        !take_section(image.first(head), header.categories, view.categories) ||
        !take_section(image.first(head), header.expressions, view.expressions) ||
        !take_section(image.first(head), header.names, names))
        return unsound("a section lies outside");
    view.names = {names.data(), names.size()};
    if (view.buckets.empty() || view.buckets.size() > 0xffffffffu || header.longest_run > view.buckets.size())
        return unsound("no buckets");
    std::uint64_t lines = 0;
    if (!names_sound(view) || !count_lines(view, lines)) return unsound("sources are damaged");
    if (check == Check::head) return view;
    if (header.body_checksum != body_checksum(image.subspan(head))) return unsound("checksum is wrong");
    if (!buckets_sound(view, lines)) return unsound("an entry points nowhere");
    return view;
}

}  // namespace sekisho::urlfilter
