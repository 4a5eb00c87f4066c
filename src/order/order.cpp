#include "sekisho/order/order.h"

#include <algorithm>
#include <array>
#include <optional>

#include "sekisho/base/bytes.h"
#include "sekisho/base/text.h"

namespace sekisho::order {
namespace {

constexpr std::string_view kHead = "sekisho-order 1";
constexpr std::string_view kSignature = "signature: ";
constexpr std::int64_t kTimeMost = std::int64_t{1} << 33;
constexpr std::int64_t kSequenceMost = std::int64_t{1} << 62;
constexpr std::int64_t kLongest = 366LL * 24 * 3600;
constexpr std::size_t kBoxMaxOctets = 255;

bool plain(std::string_view text, std::size_t most) noexcept {
    return !text.empty() && text.size() <= most && trim(text).size() == text.size() &&
           std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f; });
}

std::string body_of(const Order& order) {
    return std::string(kHead) + "\nbox: " + order.box + "\nsequence: " + std::to_string(order.sequence) +
           "\nissued: " + std::to_string(order.issued) + "\naction: " + (order.action == Order::Action::add ? "add" : "remove") +
           "\nhost: " + order.host.to_string() + "\nfor: " + std::to_string(order.seconds) + "\nreason: " + order.reason + "\n";
}

/// What must hold of an order, read or to be written. The message names the line.
Status check(const Order& order) {
    if (!plain(order.box, kBoxMaxOctets)) return fail(ErrorCode::invalid, "the box has no name that fits a line", "box");
    if (!plain(order.reason, kReasonMaxOctets)) return fail(ErrorCode::invalid, "a reason of 1 to 200 octets in one line is needed", "reason");
    if (order.sequence == 0 || order.sequence > static_cast<std::uint64_t>(kSequenceMost)) return fail(ErrorCode::invalid, "is out of range", "sequence");
    if (order.issued <= 0 || order.issued > kTimeMost) return fail(ErrorCode::invalid, "is out of range", "issued");
    if (order.host == IpAddress{}) return fail(ErrorCode::invalid, "is no host", "host");
    const bool fits = order.action == Order::Action::add ? order.seconds > 0 && order.seconds <= kLongest : order.seconds == 0;
    if (!fits) return fail(ErrorCode::invalid, "add takes 1 second to 366 days, remove takes 0", "for");
    return {};
}

std::optional<crypto::Signature> signature_in(std::string_view digits) noexcept {
    crypto::Signature signature{};
    if (digits.size() != signature.size() * 2) return std::nullopt;
    for (std::size_t i = 0; i < signature.size(); ++i) {
        const auto octet = parse_int("0x" + std::string(digits.substr(2 * i, 2)), 0, 255);
        if (!octet) return std::nullopt;
        signature[i] = static_cast<std::uint8_t>(*octet);
    }
    return signature;
}

/// Takes the next line, which must be "name: value".
Result<std::string_view> take_line(std::string_view& text, std::string_view name) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (!line.starts_with(name) || !line.substr(name.size()).starts_with(": "))
        return fail(ErrorCode::invalid, "'" + std::string(name) + ": ...' is expected here", std::string(name));
    return line.substr(name.size() + 2);
}

Result<Order> parse_body(std::string_view text) {
    if (!text.starts_with(kHead) || !text.substr(kHead.size()).starts_with('\n'))
        return fail(ErrorCode::invalid, "does not begin with '" + std::string(kHead) + "'", "order");
    text.remove_prefix(kHead.size() + 1);
    constexpr std::array<std::string_view, 7> kNames{"box", "sequence", "issued", "action", "host", "for", "reason"};
    std::array<std::string_view, kNames.size()> values;
    for (std::size_t i = 0; i < kNames.size(); ++i) {
        const auto value = take_line(text, kNames[i]);
        if (!value) return fail(value.error());
        values[i] = *value;
    }
    if (!text.empty()) return fail(ErrorCode::invalid, "is followed by something else", "reason");
    Order order;
    order.box = values[0];
    order.sequence = static_cast<std::uint64_t>(parse_int(values[1], 1, kSequenceMost).value_or(0));
    order.issued = parse_int(values[2], 1, kTimeMost).value_or(0);
    if (values[3] != "add" && values[3] != "remove") return fail(ErrorCode::invalid, "is neither add nor remove", "action");
    order.action = values[3] == "add" ? Order::Action::add : Order::Action::remove;
    order.host = IpAddress::parse(values[4]).value_or(IpAddress{});
    order.seconds = parse_int(values[5], 0, kLongest).value_or(-1);
    order.reason = values[6];
    return order;
}

}  // namespace

Result<std::string> write_order(const Order& order, const crypto::SigningKey& key) {
    if (auto fits = check(order); !fits) return fail(fits.error());
    std::string text = body_of(order);
    const auto signature = key.sign(as_bytes(text));
    if (!signature) return fail(signature.error());
    return text + std::string(kSignature) + hex(signature->data(), signature->size()) + "\n";
}

Result<Order> read_order(std::string_view text, const crypto::VerifyingKey& key) {
    if (text.size() > kOrderMaxOctets) return fail(ErrorCode::limit, "an order has at most 1024 octets");
    if (text.ends_with('\n')) text.remove_suffix(1);
    const auto at = text.rfind('\n');
    const std::string_view last = at == std::string_view::npos ? std::string_view{} : text.substr(at + 1);
    const auto signature = last.starts_with(kSignature) ? signature_in(last.substr(kSignature.size())) : std::nullopt;
    if (!signature) return fail(ErrorCode::denied, "the order has no signature");
    const std::string_view body = text.substr(0, at + 1);
    if (!key.verifies(as_bytes(body), *signature)) return fail(ErrorCode::denied, "the order is not signed by the SOC's key, or was changed on the way");
    auto order = parse_body(body);
    if (!order) return fail(order.error());
    if (auto fits = check(*order); !fits) return fail(fits.error());
    if (body_of(*order) != body) return fail(ErrorCode::invalid, "the order is not spelled as it must be");
    return order;
}

}  // namespace sekisho::order
