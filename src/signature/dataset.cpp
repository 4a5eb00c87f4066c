#include "sekisho/signature/dataset.h"

#include <bit>
#include <cstring>

#include "sekisho/base/base64.h"
#include "sekisho/base/file_text.h"
#include "sekisho/base/hash.h"
#include "sekisho/base/text.h"
#include "signature/dataset_json.h"

namespace sekisho::signature {
namespace {

constexpr std::size_t kFileMax = MiB(256);
constexpr std::size_t kEntriesMax = 10'000'000;
constexpr std::int64_t kReputationMax = 65535;

std::uint64_t slot_hash(Bytes value, std::uint64_t seed) noexcept { return hash_bytes(value, seed) | 1; }

std::optional<std::string> decode_hex(std::string_view text, std::size_t octets) {
    if (text.size() != octets * 2) return std::nullopt;
    std::string bytes;
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const auto value = parse_int("0x" + std::string(text.substr(i, 2)), 0, 255);
        if (!value) return std::nullopt;
        bytes.push_back(static_cast<char>(*value));
    }
    return bytes;
}

std::optional<std::string> decode_string(std::string_view text) {
    std::string bytes(text.size(), '\0');
    const auto done = decode_base64(as_bytes(text), {reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()});
    if (text.substr(done.read).find_first_not_of('=') != std::string_view::npos) return std::nullopt;
    bytes.resize(done.written);
    return bytes;
}

std::optional<std::string> decode_address(std::string_view text, bool only_v4) {
    const auto ip = IpAddress::parse(text);
    if (!ip || (only_v4 && !ip->is_v4())) return std::nullopt;
    return std::string(as_text(ip->wire()));
}

std::optional<std::string> decode_entry(std::string_view text, DatasetType type) {
    switch (type) {
        case DatasetType::string: return decode_string(text);
        case DatasetType::md5: return decode_hex(text, 16);
        case DatasetType::sha1: return decode_hex(text, 20);
        case DatasetType::sha256: return decode_hex(text, 32);
        case DatasetType::ipv4: return decode_address(text, true);
        case DatasetType::ip: return decode_address(text, false);
    }
    return std::nullopt;
}

void insert(Dataset& set, std::string_view value, std::uint32_t reputation) {
    const std::uint64_t hash = slot_hash(as_bytes(value), set.seed);
    const std::size_t mask = set.slots.size() - 1;
    std::size_t at = hash & mask;
    for (; set.slots[at].hash != 0; at = (at + 1) & mask) {
        const auto& slot = set.slots[at];
        if (slot.hash == hash && std::string_view(set.pool).substr(slot.at, slot.size) == value) return;
    }
    set.slots[at] = {static_cast<std::uint32_t>(set.pool.size()), static_cast<std::uint32_t>(value.size()), hash, reputation};
    set.pool.append(value);
    ++set.size;
}

constexpr std::size_t kDomainMax = 255;  // octets of a name (RFC 1035 section 2.3.4); each dot in it costs a search

/// An empty set with room for so many entries: half empty at least, so that every search ends.
std::shared_ptr<Dataset> make_set(DatasetType type, std::size_t entries) {
    auto set = std::make_shared<Dataset>();
    set->type = type;
    set->seed = process_hash_seed();
    set->slots.resize(std::bit_ceil(entries * 2 + 2));
    return set;
}

tl::unexpected<Error> no_entry(std::string_view text, std::string where) {
    return fail(ErrorCode::invalid, "'" + std::string(text.substr(0, 40)) + "' is not an entry of the set's type", std::move(where));
}

}  // namespace

std::optional<DatasetType> parse_dataset_type(std::string_view word) noexcept {
    constexpr std::pair<std::string_view, DatasetType> words[] = {
        {"string", DatasetType::string}, {"md5", DatasetType::md5}, {"sha256", DatasetType::sha256},
        {"ipv4", DatasetType::ipv4},     {"ip", DatasetType::ip},
    };
    for (const auto& [name, type] : words)
        if (name == word) return type;
    return std::nullopt;
}

const Dataset::Slot* Dataset::find(Bytes value) const noexcept {
    if (size == 0) return nullptr;
    // Rules test ip.src and ip.dst, which give an IPv4 address in 4 octets or mapped into 16.
    constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    const bool address = type == DatasetType::ip || type == DatasetType::ipv4;
    if (address && value.size() == 16 && std::memcmp(value.data(), kMapped.data(), kMapped.size()) == 0)
        value = value.subspan(kMapped.size());
    const std::uint64_t hash = slot_hash(value, seed);
    const std::size_t mask = slots.size() - 1;
    for (std::size_t at = hash & mask; slots[at].hash != 0; at = (at + 1) & mask) {
        if (slots[at].hash != hash || slots[at].size != value.size()) continue;
        if (value.empty() || std::memcmp(pool.data() + slots[at].at, value.data(), value.size()) == 0) return &slots[at];
    }
    return nullptr;
}

std::optional<std::uint32_t> Dataset::reputation(Bytes value) const noexcept {
    const Slot* slot = find(value);
    return slot == nullptr ? std::nullopt : std::optional(slot->reputation);
}

Result<std::shared_ptr<Dataset>> parse_dataset_text(std::string_view text, const std::string& name, DatasetType type) {
    const auto lines = split(text, '\n');
    if (lines.size() > kEntriesMax) return fail(ErrorCode::limit, "more than " + std::to_string(kEntriesMax) + " lines", name);
    auto set = make_set(type, lines.size());
    std::size_t number = 0;
    for (const auto raw : lines) {
        ++number;
        auto line = trim(raw);
        if (line.empty() || line.front() == '#') continue;
        const auto comma = line.find(',');
        const auto reputation = comma == std::string_view::npos ? 0 : parse_int(trim(line.substr(comma + 1)), 0, kReputationMax);
        if (!reputation)
            return fail(ErrorCode::invalid, "'" + std::string(line.substr(comma + 1, 40)) + "' is not a reputation, 0 to " +
                        std::to_string(kReputationMax), name + ":" + std::to_string(number));
        line = trim(line.substr(0, comma));
        const auto entry = decode_entry(line, type);
        if (!entry) return no_entry(line, name + ":" + std::to_string(number));
        insert(*set, *entry, static_cast<std::uint32_t>(*reputation));
    }
    return set;
}

bool Dataset::contains_domain(Bytes value) const noexcept {
    if (contains(value)) return true;
    if (value.size() > kDomainMax) return false;
    for (std::size_t at = 1; at < value.size(); ++at)
        if (value[at] == '.' && contains(value.subspan(at))) return true;
    return false;
}

Result<std::shared_ptr<Dataset>> parse_dataset_json(std::string_view text, const std::string& name, DatasetType type,
                                                    const DatasetFormat& format) {
    const auto values = json_values(text, format);
    if (!values) return fail(values.error().code, values.error().what, name);
    if (values->size() > kEntriesMax) return fail(ErrorCode::limit, "more than " + std::to_string(kEntriesMax) + " values", name);
    auto set = make_set(type, values->size());
    for (const std::string& value : *values) {
        const auto entry = type == DatasetType::string ? value : decode_entry(value, type);
        if (!entry) return no_entry(value, name);
        insert(*set, *entry, 0);
    }
    return set;
}

Result<std::shared_ptr<Dataset>> load_dataset(const std::string& path, DatasetType type, const DatasetFormat& format) {
    auto text = read_file(path, kFileMax);
    if (!text) return fail(text.error());
    return format.kind == DatasetFormat::Kind::lines ? parse_dataset_text(*text, path, type)
                                                     : parse_dataset_json(*text, path, type, format);
}

Result<std::shared_ptr<const Dataset>> Datasets::get(const Mention& mention) {
    auto found = known_.find(mention.name);
    if (found == known_.end()) {
        if (!mention.type) return fail(ErrorCode::invalid, "'" + mention.name + "' is not known yet: 'type T' is missing");
        Known fresh;
        fresh.file = mention.file;
        auto loaded = mention.file.empty() ? parse_dataset_text("", mention.name, *mention.type)
                                           : load_dataset(mention.file, *mention.type, mention.format);
        if (!loaded && !mention.must_exist && loaded.error().code == ErrorCode::not_found)
            loaded = parse_dataset_text("", mention.name, *mention.type);
        if (!loaded) return fail(loaded.error());
        fresh.set = std::move(*loaded);
        found = known_.emplace(mention.name, std::move(fresh)).first;
    }
    Known& known = found->second;
    if (mention.type && *mention.type != known.set->type)
        return fail(ErrorCode::invalid, "'" + mention.name + "' has another type in an earlier rule");
    if (!mention.file.empty() && mention.file != known.file)
        return fail(ErrorCode::invalid, "'" + mention.name + "' has another file in an earlier rule");
    known.set->changes = known.set->changes || mention.changes;
    return std::shared_ptr<const Dataset>(known.set);
}

}  // namespace sekisho::signature
