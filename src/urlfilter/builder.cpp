#include "urlfilter/builder.h"

#include <algorithm>
#include <chrono>
#include <cstring>

#include "sekisho/signature/pattern_db.h"
#include "urlfilter/line_reader.h"

namespace sekisho::urlfilter {
namespace {

constexpr double kKeysPerBucket = 4.5;  // of 6: one bucket in six spills over, 14.2 octets a key
constexpr std::size_t kFamilyMax = 3;   // longer hosts that stand in the bucket of their last two labels

/// Places keys in ascending order; a key whose bucket is full goes to the next one with room, around the
/// end if need be. Every bucket that is passed over is marked, so a look-up knows how far to go.
/// @return buckets that a look-up of this key reads
std::uint32_t place(std::uint64_t key, std::uint64_t root, std::uint32_t stored, std::span<Bucket> buckets) {
    std::size_t at = bucket_of(root, buckets.size());
    std::uint32_t run = 1;
    for (; buckets[at].count == Bucket::kSlots; ++run) {
        buckets[at].overflow = 1;
        at = at + 1 == buckets.size() ? 0 : at + 1;
    }
    Bucket& bucket = buckets[at];
    bucket.low[bucket.count] = static_cast<std::uint32_t>(key);
    bucket.high[bucket.count] = static_cast<std::uint16_t>(key >> 32);
    bucket.values[bucket.count] = stored;
    ++bucket.count;
    return run;
}

std::uint64_t seconds_now() {
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count());
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
    LineParser parser(source.format);
    const auto each = [&](std::string_view line) {
        within_limit = next_line_ < Database::kLinesMax;
        if (within_limit) add_line(parser, line);
        return within_limit;
    };
    const Status read =
        source.path.empty() ? read_lines_of_text(source.text, each) : read_lines(source.path, each);
    if (!read) return read;
    if (!within_limit)
        return fail(ErrorCode::limit, "more than 536,870,910 lines in all lists", source.name);
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
                        static_cast<std::uint16_t>(name.count), category, source.date_s});
    report_.sources.push_back({source.name, source.category, 0, 0, 0, 0});
    return {};
}

void Builder::add_line(LineParser& parser, std::string_view line) {
    ++next_line_;
    SourceReport& source = report_.sources.back();
    ++source.lines;
    EntryFault refused = EntryFault::none;
    const EntryFault fault = parser.parse(line, [&](const Entry& entry) {
        if (entry.host.empty())
            refused = add_expression(entry.path);
        else
            add_entry(entry);
    });
    if (fault != EntryFault::none && fault != EntryFault::blank) return reject(fault);
    if (refused != EntryFault::none) reject(refused);
}

void Builder::add_entry(const Entry& entry) {
    const std::uint32_t number = next_line_ - 1;
    const HostName host(entry.host);
    const HostKeys keys(host, seed_);
    const std::uint64_t host_key = keys.key[keys.count - 1];
    const std::uint64_t root = keys.count > 2 ? keys.key[1] : host_key;
    if (keys.count == 1 && host.form() == HostName::Form::name) flags_ |= kTopLevelEntries;
    if (entry.path.empty() && entry.scope == Scope::domain) {
        items_.push_back({host_key, root, number});
        return;
    }
    items_.push_back({host_key, root, value::kNoLine});
    if (entry.path.empty()) {
        const std::uint64_t key = scoped_key(host_key, entry.scope);
        items_.push_back({key, key, number});
        return;
    }
    const PathKeys paths(host_key, entry.path);
    const std::uint64_t key = paths.key[paths.count - 1];
    items_.push_back({key, key, number});
}

EntryFault Builder::add_expression(const std::string& pattern) {
    if (expressions_.size() == Database::kExpressionsMax ||
        !signature::PatternDb::admits({pattern, true, false, false}, signature::Precision::exact))
        return EntryFault::bad_expression;
    const Section text = add_name(pattern);
    expressions_.push_back({next_line_ - 1, static_cast<std::uint32_t>(text.offset), static_cast<std::uint32_t>(text.count)});
    ++report_.sources.back().entries;
    ++report_.entries;
    return EntryFault::none;
}

void Builder::reject(EntryFault fault) {
    SourceReport& source = report_.sources.back();
    ++source.rejected;
    ++report_.rejected_total;
    const RejectedLine rejected{source.name, source.lines, fault};
    if (report_.on_rejected) report_.on_rejected(rejected);
    if (report_.rejected.size() < BuildReport::kRejectedMax) report_.rejected.push_back(rejected);
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
            flags = value::kMoreBelow;
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
        keys.push_back({items_[from].key, items_[from].root, merge_equal(std::span(items_).subspan(from, to - from))});
        from = to;
    }
    items_ = {};
    spread_large_families(keys);
    return keys;
}

/// Where more than kFamilyMax longer hosts share their last two labels, these are marked and the hosts get buckets
/// of their own. @param keys  ascending by key; stays so but for marks that are added at the end
void Builder::spread_large_families(std::vector<Key>& keys) const {
    std::vector<std::uint32_t> longer;
    for (std::size_t i = 0; i < keys.size(); ++i)
        if (keys[i].root != keys[i].key) longer.push_back(static_cast<std::uint32_t>(i));
    std::sort(longer.begin(), longer.end(), [&](std::uint32_t a, std::uint32_t b) { return keys[a].root < keys[b].root; });
    const std::size_t sorted = keys.size();
    for (std::size_t from = 0; from < longer.size();) {
        const std::uint64_t root = keys[longer[from]].root;
        std::size_t to = from;
        while (to < longer.size() && keys[longer[to]].root == root) ++to;
        if (to - from > kFamilyMax) {
            for (std::size_t i = from; i < to; ++i) keys[longer[i]].root = keys[longer[i]].key;
            const auto end = keys.begin() + static_cast<std::ptrdiff_t>(sorted);
            const auto at = std::lower_bound(keys.begin(), end, root, [](const Key& key, std::uint64_t wanted) { return key.key < wanted; });
            if (at != end && at->key == root)
                at->value |= value::kSpread;
            else
                keys.push_back({root, root, value::kNoLine | value::kSpread});
        }
        from = to;
    }
}

PageMemory Builder::finish(std::size_t& image_bytes) {
    const std::uint64_t entries_before = report_.entries - expressions_.size();
    const std::vector<Key> keys = merge_items();
    const auto bucket_count =
        static_cast<std::size_t>(static_cast<double>(keys.size()) / kKeysPerBucket) + 1;
    const std::size_t total =
        sizeof(Header) + round_up(sources_.size() * sizeof(SourceRecord)) +
        round_up(categories_.size() * sizeof(CategoryRecord)) + round_up(names_.size()) +
        round_up(expressions_.size() * sizeof(ExpressionRecord)) + bucket_count * sizeof(Bucket) +
        round_up(groups_.size() * 4);
    PageMemory image(total / sizeof(Bucket));
    auto* const octets = reinterpret_cast<std::uint8_t*>(image.data());

    Header header{};
    std::memcpy(header.magic.data(), "SEKIURL\n", header.magic.size());
    header.version = Database::kFormatVersion;
    header.header_bytes = sizeof(Header);
    header.image_bytes = total;
    header.seed = seed_;
    header.entries = report_.entries - entries_before;
    header.made_s = seconds_now();
    header.flags = flags_;
    std::size_t end = sizeof(Header);
    header.sources = put_section(octets, end, std::span<const SourceRecord>(sources_));
    header.categories = put_section(octets, end, std::span<const CategoryRecord>(categories_));
    header.names = put_section(octets, end, std::span<const char>(names_));
    header.expressions = put_section(octets, end, std::span<const ExpressionRecord>(expressions_));
    header.buckets = {end, bucket_count};
    const std::span<Bucket> buckets(image.data() + end / sizeof(Bucket), bucket_count);
    header.longest_run = 1;
    for (const Key& key : keys)
        header.longest_run = std::max(header.longest_run, place(key.key, key.root, key.value, buckets));
    end += bucket_count * sizeof(Bucket);
    header.groups = put_section(octets, end, std::span<const std::uint32_t>(groups_));
    seal_image({octets, total}, header);
    image_bytes = total;
    report_.image_bytes += total;
    return image;
}

}  // namespace sekisho::urlfilter
