#include "urlfilter/builder.h"

#include <algorithm>
#include <cstring>

#include "urlfilter/line_reader.h"

namespace sekisho::urlfilter {
namespace {

constexpr double kKeysPerBucket = 4.5;  // of 6: one bucket in six spills over, 14.2 octets a key

/// Places keys in ascending order; a key whose bucket is full goes to the next one with room, around the
/// end if need be. Every bucket that is passed over is marked, so a look-up knows how far to go.
void place(std::uint64_t key, std::uint32_t stored, std::span<Bucket> buckets) {
    std::size_t at = bucket_of(key, buckets.size());
    while (buckets[at].count == Bucket::kSlots) {
        buckets[at].overflow = 1;
        at = at + 1 == buckets.size() ? 0 : at + 1;
    }
    Bucket& bucket = buckets[at];
    bucket.low[bucket.count] = static_cast<std::uint32_t>(key);
    bucket.high[bucket.count] = static_cast<std::uint16_t>(key >> 32);
    bucket.values[bucket.count] = stored;
    ++bucket.count;
}

std::size_t round_up(std::size_t bytes) { return (bytes + 63) / 64 * 64; }

/// Copies a section behind the earlier ones and moves the end on.
template <class Record>
Section put_section(std::uint8_t* image, std::size_t& end, std::span<const Record> records) {
    const Section section{end, records.size()};
    if (!records.empty()) std::memcpy(image + end, records.data(), records.size_bytes());
    end = round_up(end + records.size_bytes());
    return section;
}

}  // namespace

Status Builder::add(const ListSource& source) {
    if (auto opened = open_source(source); !opened) return opened;
    bool within_limit = true;
    const auto each = [&](std::string_view line) {
        within_limit = next_line_ < Database::kLinesMax;
        if (within_limit) add_line(line);
        return within_limit;
    };
    const Status read =
        source.path.empty() ? read_lines_of_text(source.text, each) : read_lines(source.path, each);
    if (!read) return read;
    if (!within_limit)
        return fail(ErrorCode::limit, "more than 1,073,741,822 lines in all lists", source.name);
    sources_.back().lines = report_.sources.back().lines;
    return {};
}

Status Builder::open_source(const ListSource& source) {
    if (source.name.size() > 0xffff)
        return fail(ErrorCode::limit, "the list's name is too long", source.name);
    const std::uint16_t category = category_id(source.category);
    if (category_names_.size() > Database::kCategoriesMax)
        return fail(ErrorCode::limit, "more than 4,096 categories", source.name);
    const Section name = add_name(source.name);
    if (sources_.empty()) first_report_ = report_.sources.size();
    sources_.push_back({next_line_, 0, static_cast<std::uint32_t>(name.offset),
                        static_cast<std::uint16_t>(name.count), category});
    report_.sources.push_back({source.name, source.category, 0, 0, 0, 0});
    format_ = source.format;
    return {};
}

void Builder::add_line(std::string_view line) {
    const std::uint32_t number = next_line_++;
    ++report_.sources.back().lines;
    const EntryFault fault = parse_entry(line, format_, entry_);
    if (fault == EntryFault::blank) return;
    if (fault != EntryFault::none) return reject(fault);
    const HostKeys keys(HostName(entry_.host), seed_);
    const std::uint64_t host_key = keys.key[keys.count - 1];
    if (entry_.path.empty()) {
        items_.push_back({host_key, number});
        return;
    }
    const PathKeys paths(host_key, entry_.path);
    items_.push_back({paths.key[paths.count - 1], number});
    items_.push_back({host_key, value::kNoLine});
}

void Builder::reject(EntryFault fault) {
    SourceReport& source = report_.sources.back();
    ++source.rejected;
    ++report_.rejected_total;
    if (report_.rejected.size() < BuildReport::kRejectedMax)
        report_.rejected.push_back({source.name, source.lines, fault});
}

std::uint16_t Builder::category_id(const std::string& name) {
    const auto known = std::find(category_names_.begin(), category_names_.end(), name);
    if (known != category_names_.end())
        return static_cast<std::uint16_t>(known - category_names_.begin());
    const Section stored = add_name(name);
    category_names_.push_back(name);
    categories_.push_back(
        {static_cast<std::uint32_t>(stored.offset), static_cast<std::uint32_t>(stored.count)});
    return static_cast<std::uint16_t>(category_names_.size() - 1);
}

Section Builder::add_name(std::string_view name) {
    const Section section{names_.size(), name.size()};
    names_ += name;
    return section;
}

std::size_t Builder::source_of(std::uint32_t line) const {
    const auto after =
        std::upper_bound(sources_.begin(), sources_.end(), line,
                         [](std::uint32_t l, const SourceRecord& s) { return l < s.first_line; });
    return static_cast<std::size_t>(after - sources_.begin()) - 1;
}

/// One value for all items of a key: the first line of each source, and whether paths hang below.
std::uint32_t Builder::merge_equal(std::span<const Item> same) {
    std::vector<std::uint32_t> lines;
    std::uint32_t flags = 0;
    std::size_t last_source = sources_.size();
    for (const Item& item : same) {
        if (item.line == value::kNoLine) {
            flags = value::kPathsBelow;
            continue;
        }
        const std::size_t source = source_of(item.line);
        SourceReport& report = report_.sources[first_report_ + source];
        if (source == last_source) {
            ++report.duplicates;
            ++report_.duplicates_total;
            continue;
        }
        ++report.entries;
        last_source = source;
        lines.push_back(item.line);
    }
    if (lines.empty()) return flags | value::kNoLine;
    ++report_.entries;
    if (lines.size() == 1) return flags | lines.front();
    const auto group = static_cast<std::uint32_t>(groups_.size());
    groups_.push_back(static_cast<std::uint32_t>(lines.size()));
    groups_.insert(groups_.end(), lines.begin(), lines.end());
    return flags | value::kGroup | group;
}

std::vector<Builder::Key> Builder::merge_items() {
    std::sort(items_.begin(), items_.end());
    std::vector<Key> keys;
    for (std::size_t from = 0; from < items_.size();) {
        std::size_t to = from + 1;
        while (to < items_.size() && items_[to].key == items_[from].key) ++to;
        keys.push_back({items_[from].key, merge_equal(std::span(items_).subspan(from, to - from))});
        from = to;
    }
    items_ = {};
    return keys;
}

PageMemory Builder::finish(std::size_t& image_bytes) {
    const std::uint64_t entries_before = report_.entries;
    const std::vector<Key> keys = merge_items();
    const auto bucket_count =
        static_cast<std::size_t>(static_cast<double>(keys.size()) / kKeysPerBucket) + 1;
    const std::size_t total =
        sizeof(Header) + bucket_count * sizeof(Bucket) + round_up(groups_.size() * 4) +
        round_up(sources_.size() * sizeof(SourceRecord)) +
        round_up(categories_.size() * sizeof(CategoryRecord)) + round_up(names_.size());
    PageMemory image(total / sizeof(Bucket));
    auto* const octets = reinterpret_cast<std::uint8_t*>(image.data());

    Header header{};
    std::memcpy(header.magic.data(), "SEKIURL\n", header.magic.size());
    header.version = Database::kFormatVersion;
    header.header_bytes = sizeof(Header);
    header.image_bytes = total;
    header.seed = seed_;
    header.entries = report_.entries - entries_before;
    header.buckets = {sizeof(Header), bucket_count};
    const std::span<Bucket> buckets(image.data() + sizeof(Header) / sizeof(Bucket), bucket_count);
    for (const Key& key : keys) place(key.key, key.value, buckets);
    std::size_t end = sizeof(Header) + bucket_count * sizeof(Bucket);
    header.groups = put_section(octets, end, std::span<const std::uint32_t>(groups_));
    header.sources = put_section(octets, end, std::span<const SourceRecord>(sources_));
    header.categories = put_section(octets, end, std::span<const CategoryRecord>(categories_));
    header.names = put_section(octets, end, std::span<const char>(names_));
    header.checksum = image_checksum(header, Bytes(octets + sizeof(Header), total - sizeof(Header)));
    std::memcpy(octets, &header, sizeof header);
    image_bytes = total;
    report_.image_bytes += total;
    return image;
}

}  // namespace sekisho::urlfilter
