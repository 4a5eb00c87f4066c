// Addresses and ports of a rule header, as text and as sets.
#include "signature/address_set.h"

#include <algorithm>
#include <bit>

#include "sekisho/base/text.h"
#include "signature/group.h"
#include "signature/number.h"

namespace sekisho::signature {

template <>
struct RangeTraits<IpAddress> {
    static IpAddress lowest() { return {}; }
    static IpAddress highest() {
        IpAddress ip;
        ip.octets.fill(0xff);
        return ip;
    }
    static std::optional<IpAddress> successor(IpAddress ip) {
        for (std::size_t i = ip.octets.size(); i-- > 0;)
            if (++ip.octets[i] != 0) return ip;
        return std::nullopt;
    }
    static std::optional<IpAddress> predecessor(IpAddress ip) {
        for (std::size_t i = ip.octets.size(); i-- > 0;)
            if (ip.octets[i]-- != 0) return ip;
        return std::nullopt;
    }
};

template <>
struct RangeTraits<std::uint16_t> {
    static std::uint16_t lowest() { return 0; }
    static std::uint16_t highest() { return 0xffff; }
    static std::optional<std::uint16_t> successor(std::uint16_t port) {
        if (port == highest()) return std::nullopt;
        return static_cast<std::uint16_t>(port + 1);
    }
    static std::optional<std::uint16_t> predecessor(std::uint16_t port) {
        if (port == 0) return std::nullopt;
        return static_cast<std::uint16_t>(port - 1);
    }
};

namespace {

using Addresses = RangeSet<IpAddress>;
using Ports = RangeSet<std::uint16_t>;

tl::unexpected<Error> bad_address(std::string_view text) {
    return fail(ErrorCode::invalid, "'" + std::string(text) + "' is not an address, network or range of addresses");
}

Addresses network_range(const Network& network) {
    IpAddress first = network.address;
    IpAddress last = network.address;
    for (std::size_t bit = network.prefix_bits; bit < 128; ++bit) {
        const auto mask = static_cast<std::uint8_t>(0x80u >> bit % 8);
        first.octets[bit / 8] = static_cast<std::uint8_t>(first.octets[bit / 8] & ~mask);
        last.octets[bit / 8] = static_cast<std::uint8_t>(last.octets[bit / 8] | mask);
    }
    Addresses set;
    set.add(first, last);
    return set;
}

// "10.0.0.0/255.0.0.0": only masks whose ones come first.
std::optional<Network> masked_network(std::string_view text) {
    const auto slash = text.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    const auto ip = IpAddress::parse(text.substr(0, slash));
    const auto mask = IpAddress::parse(text.substr(slash + 1));
    if (!ip || !mask || !ip->is_v4() || !mask->is_v4()) return std::nullopt;
    const int ones = std::countl_one(mask->as_v4());
    if (ones < 32 && (mask->as_v4() << ones) != 0) return std::nullopt;
    return Network{*ip, static_cast<std::uint8_t>(96 + ones)};
}

Result<Addresses> single_address(std::string_view text) {
    if (const auto network = Network::parse(text)) return network_range(*network);
    if (const auto network = masked_network(text)) return network_range(*network);
    const auto dash = text.find('-');
    if (dash == std::string_view::npos) return bad_address(text);
    const auto first = IpAddress::parse(trim(text.substr(0, dash)));
    const auto last = IpAddress::parse(trim(text.substr(dash + 1)));
    if (!first || !last || first->is_v4() != last->is_v4()) return bad_address(text);
    if (*last < *first) return fail(ErrorCode::invalid, "'" + std::string(text) + "': the range runs backwards");
    Addresses set;
    set.add(*first, *last);
    return set;
}

Result<Ports> single_port(std::string_view text) {
    const auto colon = text.find(':');
    const auto low = trim(text.substr(0, colon));
    const auto high = colon == std::string_view::npos ? low : trim(text.substr(colon + 1));
    if (colon != std::string_view::npos && low.empty() && high.empty())
        return fail(ErrorCode::invalid, "'" + std::string(text) + "' is not a range of ports");
    const auto first = low.empty() ? Result<std::int64_t>(0) : parse_number(low, 0, 65535);
    const auto last = high.empty() && colon != std::string_view::npos ? Result<std::int64_t>(65535)
                                                                      : parse_number(high, 0, 65535);
    if (!first || !last)
        return fail(ErrorCode::invalid, "'" + std::string(text) + "' is not a port (0 to 65535) or range of ports");
    if (*last < *first) return fail(ErrorCode::invalid, "'" + std::string(text) + "': the range runs backwards");
    Ports set;
    set.add(static_cast<std::uint16_t>(*first), static_cast<std::uint16_t>(*last));
    return set;
}

}  // namespace

Result<std::vector<std::string_view>> split_group(std::string_view inside) {
    std::vector<std::string_view> pieces;
    std::size_t begin = 0;
    int depth = 0;
    for (std::size_t i = 0; i < inside.size(); ++i) {
        const char c = inside[i];
        depth += c == '[' ? 1 : c == ']' ? -1 : 0;
        if (depth < 0) return fail(ErrorCode::invalid, "']' without '['");
        if (c != ',' || depth != 0) continue;
        pieces.push_back(inside.substr(begin, i - begin));
        begin = i + 1;
    }
    if (depth != 0) return fail(ErrorCode::invalid, "']' is missing");
    pieces.push_back(inside.substr(begin));
    return pieces;
}

namespace {

/// Whether a group, with the variables that it names, has a "!" in it.
bool mentions_negation(std::string_view text, const Variables& variables, int depth = 0) {
    constexpr int kDepthMax = 16;  // the parser has refused what goes round in circles
    if (text.find('!') != std::string_view::npos) return true;
    for (auto at = text.find('$'); at != std::string_view::npos; at = text.find('$', at + 1)) {
        const auto end = std::find_if_not(text.begin() + static_cast<std::ptrdiff_t>(at) + 1, text.end(),
                                          [](char c) { return c == '_' || std::isalnum(static_cast<unsigned char>(c)); });
        const auto name = text.substr(at + 1, static_cast<std::size_t>(end - text.begin()) - at - 1);
        const auto found = variables.find(name);
        if (depth < kDepthMax && found != variables.end() && mentions_negation(found->second, variables, depth + 1))
            return true;
    }
    return false;
}

}  // namespace

Result<AddressSet> parse_addresses(std::string_view text, const Variables& variables) {
    const auto parsed = GroupParser<IpAddress>(variables, "address", single_address).parse(text);
    if (!parsed) return fail(parsed.error());
    AddressSet set;
    set.any = parsed->is_all();
    set.negated = mentions_negation(text, variables);
    if (set.any) return set;
    set.ranges.reserve(parsed->ranges().size());
    for (const auto& range : parsed->ranges()) set.ranges.push_back({range.first, range.last});
    return set;
}

Result<PortSet> parse_ports(std::string_view text, const Variables& variables) {
    const auto parsed = GroupParser<std::uint16_t>(variables, "port", single_port).parse(text);
    if (!parsed) return fail(parsed.error());
    PortSet set;
    set.any = parsed->is_all();
    if (set.any) return set;
    for (const auto& range : parsed->ranges()) set.ranges.emplace_back(range.first, range.last);
    return set;
}

bool AddressSet::contains(const IpAddress& ip) const noexcept {
    if (any) return true;
    const auto after = std::upper_bound(ranges.begin(), ranges.end(), ip,
                                        [](const IpAddress& value, const AddressRange& r) { return value < r.first; });
    return after != ranges.begin() && ip <= std::prev(after)->last;
}

bool PortSet::contains(std::uint16_t port) const noexcept {
    if (any) return true;
    const auto after = std::upper_bound(ranges.begin(), ranges.end(), port,
                                        [](std::uint16_t value, const auto& range) { return value < range.first; });
    return after != ranges.begin() && port <= std::prev(after)->second;
}

}  // namespace sekisho::signature
