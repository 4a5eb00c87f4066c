// IKE version 1 (RFC 2408, 2409) and 2 (RFC 7296) over UDP, also behind the non-ESP marker of port 4500 (RFC 3948): SPIs,
// exchange type, vendor ids, key exchange, nonce, and what the responder has chosen of the proposals. Each message is a
// transaction. Encrypted payloads end the walk.
#include "app/ike/ike.h"

#include <array>

#include "app/make_parser.h"
#include "sekisho/app/app_event_list.h"
#include "sekisho/app/limits.h"
#include "sekisho/app/record.h"
#include "sekisho/base/byte_reader.h"
#include "sekisho/crypto/digest.h"

namespace sekisho::app {
namespace {

using Kind = ike_record::Kind;

constexpr std::size_t kHeader = 28;
constexpr std::size_t kSpi = 8;
constexpr std::uint8_t kEncryptedFlag = 1;  // version 1

// Payload types; version 2 has its own for the same things.
struct PayloadTypes {
    std::uint8_t proposals, key_exchange, nonce, vendor;
};
constexpr PayloadTypes kVersion1{1, 4, 10, 13};
constexpr PayloadTypes kVersion2{33, 34, 40, 43};
constexpr std::uint8_t kEncrypted2 = 46, kEncryptedFragment2 = 53;

struct State {};

struct Message {
    TxId tx = 0;
    Direction direction = Direction::to_server;
    bool version1 = false;
    bool chosen = false;  ///< proposals are the responder's choice
    FieldSink& out;
};

void put_number(const Message& message, Kind kind, std::uint32_t value, std::uint16_t id = 0) noexcept {
    const std::uint8_t record[ike_record::kSize] = {
        kind, static_cast<std::uint8_t>(id >> 8), static_cast<std::uint8_t>(id), static_cast<std::uint8_t>(value >> 24),
        static_cast<std::uint8_t>(value >> 16), static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)};
    message.out.put(message.tx, Field::ike_message, record);
}

void put_hex(const Message& message, Field field, Bytes octets) noexcept {
    constexpr std::size_t kVendorMax = 256;
    std::array<std::uint8_t, 3 * kVendorMax> hex;
    octets = octets.first(std::min(octets.size(), kVendorMax));
    message.out.put(message.tx, field, Bytes(hex).first(crypto::write_hex(octets, '\0', false, hex)));
}

// RFC 2408 section 3.3: type with a bit for "the value is in place of the length".
void put_attributes(const Message& message, ByteReader reader, std::uint16_t first_id) noexcept {
    for (std::size_t i = 0; i < kIkePayloadsMax && reader.remaining() >= 4; ++i) {
        const std::uint16_t type = reader.u16();
        std::uint64_t value = reader.u16();
        if ((type & 0x8000) == 0) {
            const Bytes octets = reader.bytes(static_cast<std::size_t>(value));
            if (!reader.ok()) return message.out.event(message.tx, AppEvent::ike_malformed_data);
            value = 0;
            for (const std::uint8_t octet : octets) value = value << 8 | octet;
        }
        put_number(message, Kind::attribute, static_cast<std::uint32_t>(value), static_cast<std::uint16_t>(first_id + (type & 0x7fff)));
    }
}

// RFC 7296 section 3.3.2: type of transform, its id, attributes of which only the key length exists.
constexpr std::uint16_t kTransform2 = 256;

void put_transform(const Message& message, Bytes transform) noexcept {
    ByteReader reader(transform);
    if (message.version1) {
        reader.skip(4);  // number, id, reserved
        return put_attributes(message, reader, 0);
    }
    const std::uint8_t type = reader.u8();
    reader.skip(1);
    put_number(message, Kind::attribute, reader.u16(), static_cast<std::uint16_t>(kTransform2 + type));
    if (reader.ok()) put_attributes(message, reader, 0);
}

/// Calls take(content) for each payload of a chain: next type, reserved, length, content.
template <class Take>
bool each_payload(Bytes chain, Take&& take) noexcept {
    ByteReader reader(chain);
    for (std::size_t i = 0; i < kIkePayloadsMax && reader.remaining() > 0; ++i) {
        const std::uint8_t next = reader.u8();
        reader.skip(1);
        const std::size_t length = reader.u16();
        if (!reader.ok() || length < 4) return false;
        const Bytes content = reader.bytes(length - 4);
        if (!reader.ok()) return false;
        take(content);
        if (next == 0) return true;
    }
    return true;
}

void put_choice(const Message& message, Bytes association) noexcept {
    if (!message.chosen) return;
    constexpr std::size_t kSituation = 8;  // of version 1: domain of interpretation and situation
    const std::size_t skip = message.version1 ? kSituation : 0;
    if (association.size() < skip) return message.out.event(message.tx, AppEvent::ike_malformed_data);
    unsigned proposals = 0;
    const bool good = each_payload(association.subspan(skip), [&](Bytes proposal) {
        ByteReader reader(proposal);
        reader.skip(2);  // number, protocol
        const std::size_t spi = reader.u8();
        reader.skip(1 + spi);  // number of transforms
        if (++proposals == 2) message.out.event(message.tx, AppEvent::ike_multiple_server_proposal);
        if (!reader.ok() || !each_payload(reader.rest(), [&](Bytes transform) { put_transform(message, transform); }))
            message.out.event(message.tx, AppEvent::ike_malformed_data);
    });
    if (!good) message.out.event(message.tx, AppEvent::ike_malformed_data);
}

void put_payload(const Message& message, std::uint8_t type, Bytes content) noexcept {
    const PayloadTypes& types = message.version1 ? kVersion1 : kVersion2;
    if (type == types.proposals) return put_choice(message, content);
    if (type == types.vendor && message.direction == Direction::to_server) return put_hex(message, Field::ike_vendor, content);
    if (type == types.nonce) {
        message.out.put(message.tx, Field::ike_nonce_payload, content);
        return put_number(message, Kind::nonce_size, static_cast<std::uint32_t>(content.size()));
    }
    if (type != types.key_exchange) return;
    constexpr std::size_t kGroup = 4;  // version 2: group number and reserved
    if (!message.version1) content = content.subspan(std::min(content.size(), kGroup));
    message.out.put(message.tx, Field::ike_key_exchange_payload, content);
    put_number(message, Kind::key_exchange_size, static_cast<std::uint32_t>(content.size()));
}

void read_payloads(const Message& message, std::uint8_t type, Bytes payloads) noexcept {
    ByteReader reader(payloads);
    for (std::size_t i = 0; i < kIkePayloadsMax && type != 0; ++i) {
        if (!message.version1 && (type == kEncrypted2 || type == kEncryptedFragment2)) return;
        const std::uint8_t next = reader.u8();
        reader.skip(1);
        const std::size_t length = reader.u16();
        const Bytes content = length < 4 ? Bytes{} : reader.bytes(length - 4);
        if (!reader.ok() || length < 4) return message.out.event(message.tx, AppEvent::ike_malformed_data);
        put_payload(message, type, content);
        type = next;
    }
    if (type == 0 && reader.remaining() > 0) message.out.event(message.tx, AppEvent::ike_payload_extra_data);
}

Bytes behind_marker(Bytes in) noexcept {
    const bool marked = in.size() >= 4 + kHeader && in[0] == 0 && in[1] == 0 && in[2] == 0 && in[3] == 0;
    return marked ? in.subspan(4) : in;
}

Step parse(State&, Direction direction, Bytes datagram, FieldSink& out) noexcept {
    const Bytes in = behind_marker(datagram);
    Message message{.out = out};
    message.tx = out.open();
    message.direction = direction;
    ByteReader reader(in);
    const Bytes initiator = reader.bytes(kSpi), responder = reader.bytes(kSpi);
    const std::uint8_t first_payload = reader.u8(), version = reader.u8(), exchange = reader.u8(), flags = reader.u8();
    reader.skip(4);  // message id
    const std::size_t length = reader.u32();
    message.version1 = version >> 4 == 1;
    // The answer to a proposal has the responder's SPI.
    message.chosen = direction == Direction::to_client;
    if (!reader.ok() || length < kHeader || length > in.size() || (version >> 4 != 1 && version >> 4 != 2)) {
        out.event(message.tx, AppEvent::ike_malformed_data);
    } else {
        // Each side's own: rules look at the initiator's in requests, at the responder's in answers.
        if (direction == Direction::to_server) put_hex(message, Field::ike_init_spi, initiator);
        else put_hex(message, Field::ike_resp_spi, responder);
        put_number(message, Kind::exchange, exchange);
        out.fact(message.tx, Fact::ike_exchange_type, exchange);
        const bool encrypted = message.version1 && (flags & kEncryptedFlag) != 0;
        if (!encrypted) read_payloads(message, first_payload, in.first(length).subspan(kHeader));
    }
    out.stage(message.tx, direction, Stage::complete);
    out.stage(message.tx, direction == Direction::to_server ? Direction::to_client : Direction::to_server, Stage::complete);
    out.close(message.tx);
    return Step::consumed(datagram.size());
}

bool gap(State&, Direction, std::uint64_t, FieldSink&) noexcept { return true; }
void end(State&, Direction, FieldSink&) noexcept {}

/// The header: initiator's SPI, version 1.0 or 2.0, the length of the datagram.
Probe probe(const ProbeInput& input) noexcept {
    for (const Bytes side : {input.to_server, input.to_client}) {
        const Bytes in = behind_marker(side);
        if (in.size() < kHeader || (in[17] != 0x10 && in[17] != 0x20)) continue;
        if (ByteReader(in.subspan(24)).u32() == in.size()) return Probe::yes;
    }
    return Probe::no;
}

}  // namespace

constinit const Parser kIke = make_parser<State, &probe, &parse, &gap, &end>(Protocol::ike, Transport::udp);

}  // namespace sekisho::app
