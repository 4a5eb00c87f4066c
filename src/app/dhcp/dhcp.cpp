// DHCP for IPv4 (RFC 2131, 2132). Each message is a transaction of its own. Host name, vendor class and the list of
// wanted parameters go into the record: by them a device is known.
#include "app/dhcp/dhcp.h"

#include <algorithm>
#include <charconv>

#include "app/detail.h"
#include "app/make_parser.h"
#include "sekisho/app/app_event_list.h"
#include "sekisho/app/limits.h"
#include "sekisho/base/byte_reader.h"

namespace sekisho::app {
namespace {

constexpr std::size_t kFixedSize = 240;  // BOOTP's fields and the magic cookie
constexpr std::size_t kCookieAt = 236;
constexpr std::string_view kCookie = "\x63\x82\x53\x63";
constexpr std::string_view kTypes[] = {"",     "discover", "offer",  "request", "decline",
                                       "ack",  "nak",      "release", "inform"};

enum Option : std::uint8_t {
    pad = 0, subnet_mask = 1, routers = 3, dns_servers = 6, host_name = 12, requested_address = 50, lease_time = 51,
    message_type = 53, server_id = 54, parameter_list = 55, renewal_time = 58, rebinding_time = 59, vendor_class = 60,
    client_id = 61, end_of_options = 255,
};

struct NoState {};

void put_time(TxId tx, Fact fact, std::string_view key, Bytes value, FieldSink& out) noexcept {
    if (value.size() != 4) return out.event(tx, AppEvent::dhcp_malformed_options);
    ByteReader reader(value);
    const std::uint32_t seconds = reader.u32();
    out.fact(tx, fact, seconds);
    put_detail(out, tx, key, seconds);
}

/// "1,3,6,15": the numbers of the options that the client asks for, in its order.
void put_parameters(TxId tx, Bytes numbers, FieldSink& out) noexcept {
    char text[kDetailTextMax];
    char* at = text;
    for (const std::uint8_t number : numbers) {
        if (text + sizeof text - at < 5) break;
        if (at != text) *at++ = ',';
        at = std::to_chars(at, text + sizeof text, number).ptr;
    }
    put_detail(out, tx, "params", std::string_view(text, static_cast<std::size_t>(at - text)));
}

void put_option(TxId tx, std::uint8_t option, Bytes value, FieldSink& out) noexcept {
    switch (option) {
        case Option::message_type: {
            const std::size_t type = value.size() == 1 ? value[0] : 0;
            if (type == 0 || type >= std::size(kTypes)) return out.event(tx, AppEvent::dhcp_malformed_options);
            return put_detail(out, tx, "dhcp_type", kTypes[type]);
        }
        case Option::host_name:
            out.put(tx, Field::dhcp_hostname, value);
            return put_detail(out, tx, "hostname", as_text(value));
        case Option::vendor_class: return put_detail(out, tx, "vendor_class_identifier", as_text(value));
        case Option::parameter_list: return put_parameters(tx, value, out);
        case Option::lease_time: return put_time(tx, Fact::dhcp_lease_time, "lease_time", value, out);
        case Option::rebinding_time: return put_time(tx, Fact::dhcp_rebinding_time, "rebinding_time", value, out);
        case Option::renewal_time: return put_time(tx, Fact::dhcp_renewal_time, "renewal_time", value, out);
        case Option::requested_address: return put_detail_address(out, tx, "requested_ip", value);
        case Option::subnet_mask: return put_detail_address(out, tx, "subnet_mask", value);
        case Option::routers: return put_detail_address(out, tx, "routers", value.first(std::min<std::size_t>(4, value.size())));
        case Option::dns_servers: return put_detail_address(out, tx, "dns_servers", value.first(std::min<std::size_t>(4, value.size())));
        case Option::server_id: return put_detail_address(out, tx, "server_id", value);
        case Option::client_id: return put_detail_hex(out, tx, "client_id", value);
        default: return;
    }
}

void put_options(TxId tx, ByteReader& reader, FieldSink& out) noexcept {
    for (std::size_t count = 0; reader.remaining() > 0;) {
        const std::uint8_t option = reader.u8();
        if (option == Option::end_of_options) return;
        if (option == Option::pad) continue;
        if (++count > kDhcpOptionsMax) return out.event(tx, AppEvent::dhcp_malformed_options);
        const Bytes value = reader.bytes(reader.u8());
        if (!reader.ok()) return out.event(tx, AppEvent::dhcp_truncated_options);
        put_option(tx, option, value, out);
    }
    out.event(tx, AppEvent::dhcp_truncated_options);  // the end option is missing
}

void put_address(TxId tx, std::string_view key, Bytes address, FieldSink& out) noexcept {
    for (const std::uint8_t octet : address)
        if (octet != 0) return put_detail_address(out, tx, key, address);
}

Step parse(NoState&, Direction direction, Bytes in, FieldSink& out) noexcept {
    if (in.size() < kFixedSize || as_text(in.subspan(kCookieAt, 4)) != kCookie) return Step::consumed(in.size());
    const TxId tx = out.open();
    ByteReader reader(in);
    const std::uint8_t operation = reader.u8();
    reader.skip(1);
    const std::size_t address_size = reader.u8();
    reader.skip(1);
    put_detail(out, tx, "type", operation == 1 ? "request" : "reply");
    put_detail(out, tx, "id", reader.u32());
    reader.skip(4);  // seconds, flags
    for (const std::string_view key : {"client_ip", "assigned_ip", "next_server_ip", "relay_ip"})
        put_address(tx, key, reader.bytes(4), out);
    put_detail_hex(out, tx, "client_mac", reader.bytes(16).first(std::min<std::size_t>(address_size, 16)));
    reader.skip(kFixedSize - reader.position());
    put_options(tx, reader, out);
    out.stage(tx, direction, Stage::complete);
    out.close(tx);
    return Step::consumed(in.size());
}

bool gap(NoState&, Direction, std::uint64_t, FieldSink&) noexcept { return true; }
void end(NoState&, Direction, FieldSink&) noexcept {}

Probe probe(const ProbeInput& input) noexcept {
    for (const Bytes side : {input.to_server, input.to_client})
        if (side.size() >= kFixedSize && (side[0] == 1 || side[0] == 2) && as_text(side.subspan(kCookieAt, 4)) == kCookie)
            return Probe::yes;
    return Probe::no;
}

}  // namespace

constinit const Parser kDhcp = make_parser<NoState, &probe, &parse, &gap, &end>(Protocol::dhcp, Transport::udp);

}  // namespace sekisho::app
