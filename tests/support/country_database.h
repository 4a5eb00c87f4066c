// Writes small databases of countries in MaxMind's format (MaxMind DB File Format Specification 2.0): a binary tree of
// 24-bit records, a data section of maps, and the metadata behind its mark.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sekisho/base/address.h"

namespace sekisho::testing {

class CountryDatabaseWriter {
  public:
    /// @param ip_version  4: IPv4 addresses only; 6: both, IPv4 below ::/96
    explicit CountryDatabaseWriter(unsigned ip_version) : ip_version_(ip_version) { tree_.push_back({kNone, kNone}); }

    /// Narrower networks come after wider ones. @param country  iso_code as it will stand there, of any text
    CountryDatabaseWriter& add(std::string_view network, std::string_view country) {
        const Network parsed = *Network::parse(network);
        std::array<std::uint8_t, 16> octets = parsed.address.octets;
        if (parsed.address.is_v4()) octets[10] = octets[11] = 0;
        const std::size_t skipped = ip_version_ == 4 ? 96 : 0;
        std::size_t node = 0;
        for (std::size_t bit = skipped; bit < parsed.prefix_bits; ++bit) {
            const unsigned side = octets[bit / 8] >> (7 - bit % 8) & 1u;
            if (bit + 1 == parsed.prefix_bits) {
                tree_[node][side] = data_record(country);
                break;
            }
            if (tree_[node][side] < 0) {  // both halves inherit what the whole was
                const std::int64_t whole = tree_[node][side];
                tree_[node][side] = static_cast<std::int64_t>(tree_.size());
                tree_.push_back({whole, whole});
            }
            node = static_cast<std::size_t>(tree_[node][side]);
        }
        return *this;
    }

    std::string octets() const {
        std::string out;
        const auto nodes = static_cast<std::int64_t>(tree_.size());
        for (const auto& node : tree_)
            for (const std::int64_t record : node) {
                const std::int64_t value = record >= 0 ? record : record == kNone ? nodes : nodes + 16 + (kData - record);
                out += number(static_cast<std::uint64_t>(value), 3);
            }
        return out + std::string(16, '\0') + data_ + "\xab\xcd\xefMaxMind.com" + metadata();
    }

  private:
    static constexpr std::int64_t kNone = -1, kData = -2;  // data at offset n of the section: kData - n
    enum Type : unsigned { string = 2, uint16 = 5, uint32 = 6, map = 7 };

    static std::string number(std::uint64_t value, std::size_t size) {
        std::string out;
        for (std::size_t i = size; i-- > 0;) out.push_back(static_cast<char>(value >> (8 * i) & 0xff));
        return out;
    }
    static std::string head(Type type, std::size_t size) { return number(type << 5 | size, 1); }
    static std::string text(std::string_view value) { return head(string, value.size()).append(value); }

    std::int64_t data_record(std::string_view country) {
        for (const auto& [known, offset] : countries_)
            if (known == country) return kData - offset;
        const auto offset = static_cast<std::int64_t>(data_.size());
        data_ += head(map, 1) + text("country") + head(map, 1) + text("iso_code") + text(country);
        countries_.emplace_back(country, offset);
        return kData - offset;
    }

    std::string metadata() const {
        const std::string no_languages("\0\4", 2);         // an empty array, an extended type
        const std::string epoch = std::string("\1\2\1", 3);  // 1 as uint64, an extended type
        return head(map, 9) + text("node_count") + head(uint32, 4) + number(tree_.size(), 4) + text("record_size") + head(uint16, 1) +
               number(24, 1) + text("ip_version") + head(uint16, 1) + number(ip_version_, 1) + text("database_type") + text("Test-Country") +
               text("languages") + no_languages + text("binary_format_major_version") + head(uint16, 1) + number(2, 1) +
               text("binary_format_minor_version") + head(uint16, 0) + text("build_epoch") + epoch + text("description") + head(map, 0);
    }

    unsigned ip_version_;
    std::vector<std::array<std::int64_t, 2>> tree_;
    std::string data_;
    std::vector<std::pair<std::string, std::int64_t>> countries_;
};

}  // namespace sekisho::testing
