// EtherNet/IP encapsulation over TCP and UDP (CIP Networks Library, volume 2, chapter 2). Each message is a
// transaction of its own; CIP inside it is in cip.cpp. Implicit (I/O) messages on UDP 2222 have no header to know.
#include "app/enip/enip.h"

#include <algorithm>
#include <array>

#include "app/detail.h"
#include "app/enip/cip.h"
#include "app/make_parser.h"
#include "sekisho/app/app_event_list.h"
#include "sekisho/app/limits.h"
#include "sekisho/app/record.h"
#include "sekisho/base/byte_reader.h"

namespace sekisho::app {
namespace {

constexpr std::uint16_t kPort = 44818;
constexpr std::size_t kHeaderSize = 24;
constexpr std::size_t kItemsMax = 16;

enum Command : std::uint16_t {
    nop = 0x00, list_services = 0x04, list_identity = 0x63, list_interfaces = 0x64, register_session = 0x65,
    unregister_session = 0x66, send_rr_data = 0x6f, send_unit_data = 0x70, indicate_status = 0x72, cancel = 0x73,
};
enum Item : std::uint16_t { identity = 0x0c, connected = 0xb1, unconnected = 0xb2, services = 0x100 };

struct NoState {};
struct State {
    std::size_t skip[2] = {0, 0};
};

// [ command ][ length ][ session ][ status ][ context ][ options ]  little-endian
struct Header {
    std::uint16_t command = 0, length = 0;
    std::uint32_t session = 0, status = 0, options = 0;
};

Header read_header(Bytes in) noexcept {
    ByteReader reader(in);
    Header header;
    header.command = reader.u16_le();
    header.length = reader.u16_le();
    header.session = reader.u32_le();
    header.status = reader.u32_le();
    reader.skip(8);
    header.options = reader.u32_le();
    return header;
}

bool is_known(std::uint16_t command) noexcept {
    constexpr std::uint16_t kKnown[] = {nop, list_services, list_identity, list_interfaces, register_session,
                                        unregister_session, send_rr_data, send_unit_data, indicate_status, cancel};
    return std::find(std::begin(kKnown), std::end(kKnown), command) != std::end(kKnown);
}

void put_identity(TxId tx, Bytes item, FieldSink& out) noexcept {
    constexpr std::size_t kSocketAddress = 16;
    ByteReader reader(item);
    std::array<std::uint8_t, enip_record::kIdentitySize> record{};
    std::size_t at = 0;
    const auto put = [&](std::uint32_t value, std::size_t octets) {
        for (std::size_t i = octets; i > 0; --i) record[at++] = static_cast<std::uint8_t>(value >> (8 * (i - 1)));
    };
    put(reader.u16_le(), 2);  // protocol version
    reader.skip(kSocketAddress);
    for (int i = 0; i < 3; ++i) put(reader.u16_le(), 2);  // vendor, device type, product code
    put(reader.u16(), 2);                                 // revision: major, minor
    put(reader.u16_le(), 2);                              // status
    put(reader.u32_le(), 4);                              // serial
    const Bytes name = reader.bytes(reader.u8());
    put(reader.u8(), 1);  // state
    if (!reader.ok()) return out.event(tx, AppEvent::enip_invalid_pdu);
    out.put(tx, Field::enip_identity, record);
    out.put(tx, Field::enip_product_name, name);
    put_detail(out, tx, "product_name", as_text(name));
}

void put_service_name(TxId tx, Bytes item, FieldSink& out) noexcept {
    constexpr std::size_t kNameAt = 4;
    if (item.size() <= kNameAt) return out.event(tx, AppEvent::enip_invalid_pdu);
    const std::string_view name = as_text(item.subspan(kNameAt));
    out.put(tx, Field::enip_service_name, as_bytes(name.substr(0, name.find('\0'))));
}

/// Item count, then type, length and data of each (volume 2, section 2-6).
void put_items(TxId tx, ByteReader& reader, FieldSink& out) noexcept {
    const std::size_t count = std::min<std::size_t>(reader.u16_le(), kItemsMax);
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint16_t type = reader.u16_le();
        const Bytes item = reader.bytes(reader.u16_le());
        if (!reader.ok()) return out.event(tx, AppEvent::enip_invalid_pdu);
        switch (type) {
            case Item::identity: put_identity(tx, item, out); break;
            case Item::services: put_service_name(tx, item, out); break;
            case Item::unconnected: enip::put_services(tx, item, out); break;
            case Item::connected:
                if (item.size() > 2) enip::put_services(tx, item.subspan(2), out);  // behind a sequence number
                break;
            default: break;
        }
    }
}

void put_record(TxId tx, const Header& header, FieldSink& out) noexcept {
    std::array<std::uint8_t, enip_record::kSize> record{static_cast<std::uint8_t>(header.command >> 8), static_cast<std::uint8_t>(header.command)};
    for (std::size_t i = 0; i < 4; ++i) record[2 + i] = static_cast<std::uint8_t>(header.status >> (24 - 8 * i));
    out.put(tx, Field::enip_message, record);
    put_detail(out, tx, "command", header.command);
    put_detail(out, tx, "status", header.status);
}

void put_message(Direction direction, const Header& header, Bytes data, FieldSink& out) noexcept {
    const TxId tx = out.open();
    put_record(tx, header, out);
    ByteReader reader(data);
    const bool carries_cip = header.command == Command::send_rr_data || header.command == Command::send_unit_data;
    if (carries_cip) reader.skip(6);  // interface handle, time-out
    const bool lists = header.command == Command::list_identity || header.command == Command::list_services;
    if ((carries_cip || lists) && reader.remaining() >= 2) put_items(tx, reader, out);
    out.stage(tx, direction, Stage::complete);
    out.close(tx);
}

Step parse_stream(State& state, Direction direction, Bytes in, FieldSink& out) noexcept {
    std::size_t& skip = state.skip[static_cast<std::size_t>(direction)];
    if (skip != 0) {
        const std::size_t now = std::min(skip, in.size());
        skip -= now;
        return Step::consumed(now);
    }
    if (in.size() < kHeaderSize) return Step::need_more();
    const Header header = read_header(in);
    if (!is_known(header.command)) return Step::broken(Fault::bad_syntax);
    const std::size_t wanted = std::min<std::size_t>(header.length, kEnipMessageMax);
    if (in.size() < kHeaderSize + wanted) return Step::need_more();
    put_message(direction, header, in.subspan(kHeaderSize, wanted), out);
    skip = header.length - wanted;
    return Step::consumed(kHeaderSize + wanted);
}

Step parse_datagram(NoState&, Direction direction, Bytes in, FieldSink& out) noexcept {
    for (Bytes rest = in; rest.size() >= kHeaderSize;) {
        const Header header = read_header(rest);
        if (!is_known(header.command)) break;
        const std::size_t size = std::min(rest.size() - kHeaderSize, std::size_t{header.length});
        put_message(direction, header, rest.subspan(kHeaderSize, size), out);
        rest = rest.subspan(kHeaderSize + size);
    }
    return Step::consumed(in.size());
}

bool gap_stream(State&, Direction, std::uint64_t, FieldSink&) noexcept { return false; }
bool gap_datagram(NoState&, Direction, std::uint64_t, FieldSink&) noexcept { return true; }
void end_stream(State&, Direction, FieldSink&) noexcept {}
void end_datagram(NoState&, Direction, FieldSink&) noexcept {}

// On its port a sound header is enough; elsewhere the session's begin, which is always the same.
bool looks_like(Bytes in, bool own_port) noexcept {
    if (in.size() < kHeaderSize) return false;
    const Header header = read_header(in);
    if (!is_known(header.command) || header.options != 0) return false;
    if (own_port) return true;
    constexpr std::size_t kRegisterData = 4;
    return header.command == Command::register_session && header.length == kRegisterData && header.status == 0 &&
           in.size() >= kHeaderSize + kRegisterData && in[kHeaderSize] == 1 && in[kHeaderSize + 1] == 0;
}

Probe probe(const ProbeInput& input) noexcept {
    const bool own_port = input.server_port == kPort || input.client_port == kPort;
    return looks_like(input.to_server, own_port) || looks_like(input.to_client, own_port) ? Probe::yes : Probe::no;
}

}  // namespace

constinit const Parser kEnipTcp =
    make_parser<State, &probe, &parse_stream, &gap_stream, &end_stream>(Protocol::enip, Transport::tcp);
constinit const Parser kEnipUdp =
    make_parser<NoState, &probe, &parse_datagram, &gap_datagram, &end_datagram>(Protocol::enip, Transport::udp);

}  // namespace sekisho::app
