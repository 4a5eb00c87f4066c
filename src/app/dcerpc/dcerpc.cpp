// DCERPC over TCP (C706 section 12.6) and UDP (section 12.5). Stub data is not unmarshalled and not decrypted; the
// endpoint mapper's answers are not followed: each association is told by its content.
#include "app/dcerpc/dcerpc.h"

#include <algorithm>

#include "app/dcerpc/conversation.h"
#include "app/dcerpc/pdu.h"
#include "app/dcerpc/pdu_reader.h"
#include "app/make_parser.h"
#include "sekisho/app/frame.h"
#include "sekisho/base/byte_reader.h"

namespace sekisho::app {
namespace {

using namespace dcerpc;

struct State {
    Conversation conversation;
    PduReader readers[2] = {PduReader(true), PduReader(true)};
};

constexpr std::size_t kHeader = 16;

/// frag_length of a header, whether or not the rest of it is sound.
std::size_t pdu_length(Bytes header) noexcept {
    const bool little = (header[4] & pdu::kLittleEndian) != 0;
    return static_cast<std::size_t>(little ? header[9] << 8 | header[8] : header[8] << 8 | header[9]);
}

/// A step ends where a PDU does, so that its frames are told where they begin.
Step parse(State& state, Direction direction, Bytes in, FieldSink& out) noexcept {
    PduReader& reader = state.readers[static_cast<std::size_t>(direction)];
    std::size_t left = reader.left();
    if (reader.at_begin()) {
        if (in.size() < kHeader) return Step::need_more();
        left = pdu_length(in);
        if (left < kHeader) return Step::broken(Fault::bad_syntax);
        put_unit_frames(out, direction, {Field::frame_dcerpc_pdu, Field::frame_dcerpc_hdr, Field::frame_dcerpc_data}, in, left, kHeader);
    }
    in = in.first(std::min(in.size(), left));
    if (!reader.feed(state.conversation, 0, direction, in, out)) return Step::broken(Fault::bad_syntax);
    return Step::consumed(in.size());
}

bool gap(State& state, Direction direction, std::uint64_t octets, FieldSink&) noexcept {
    return state.readers[static_cast<std::size_t>(direction)].lost(octets);
}

void end(State& state, Direction direction, FieldSink& out) noexcept { state.conversation.end(direction, out); }

// Version 5.0 or 5.1, a type, an integer format and a length that exist (C706 section 12.6.3.1).
Probe probe(const ProbeInput& input) noexcept {
    const Bytes in = input.to_server.empty() ? input.to_client : input.to_server;
    if (in.size() < kHeader) return !in.empty() && in[0] == 5 && (in.size() < 2 || in[1] <= 1) ? Probe::maybe : Probe::no;
    if (in[0] != 5 || in[1] > 1) return Probe::no;
    const bool known = in[2] == pdu::kRequest || in[2] == pdu::kResponse || in[2] == pdu::kFault ||
                       (in[2] >= pdu::kBind && in[2] < pdu::kTypesEnd);
    const bool format = (in[4] & 0xef) == 0 && in[5] <= 3 && in[6] == 0 && in[7] == 0;
    return known && format && pdu_length(in) >= kHeader ? Probe::yes : Probe::no;
}

// --- connectionless -----------------------------------------------------------------------------------------

constexpr std::size_t kDatagramHeader = 80;
constexpr std::uint8_t kDatagramVersion = 4;
constexpr std::uint8_t kDatagramTypesEnd = 12;
constexpr std::uint8_t kDatagramLast = 0x02, kDatagramFragment = 0x04;  // first flags octet

struct Datagram {
    std::uint8_t type = 0, flags = 0;
    bool little = false;
    Uuid uuid{};
    std::uint16_t version = 0, opnum = 0, fragment = 0;
    std::uint32_t call = 0;
    Bytes body;
};

bool read_datagram(Bytes in, Datagram& datagram) noexcept {
    if (in.size() < kDatagramHeader || in[0] != kDatagramVersion || (in[1] & 0x1f) >= kDatagramTypesEnd) return false;
    datagram.type = in[1] & 0x1f;
    datagram.flags = in[2];
    datagram.little = (in[4] & pdu::kLittleEndian) != 0;
    ByteReader reader(in);
    const auto u16 = [&] { return datagram.little ? reader.u16_le() : reader.u16(); };
    const auto u32 = [&] { return datagram.little ? reader.u32_le() : reader.u32(); };
    reader.skip(24);  // version to object
    datagram.uuid = read_uuid(reader.bytes(16), datagram.little);
    std::uint32_t activity = 2166136261u;  // one call of one activity: told apart by a hash of both
    for (const std::uint8_t octet : reader.bytes(16)) activity = (activity ^ octet) * 16777619u;
    reader.skip(4);  // server boot time
    datagram.version = static_cast<std::uint16_t>(u32());
    datagram.call = activity ^ u32();
    datagram.opnum = u16();
    reader.skip(4);  // interface and activity hints
    const std::size_t length = u16();
    datagram.fragment = u16();
    reader.skip(2);
    datagram.body = reader.rest().first(std::min(length, reader.remaining()));
    return reader.ok();
}

struct DatagramState {
    Conversation conversation;
};

Step parse_datagram(DatagramState& state, Direction direction, Bytes in, FieldSink& out) noexcept {
    Datagram datagram;
    if (!read_datagram(in, datagram)) return Step::broken(Fault::bad_syntax);
    const bool first = (datagram.flags & kDatagramFragment) == 0 || datagram.fragment == 0;
    const bool last = (datagram.flags & kDatagramFragment) == 0 || (datagram.flags & kDatagramLast) != 0;
    Conversation& conversation = state.conversation;
    bool known = false;
    if (datagram.type == pdu::kRequest && direction == Direction::to_server)
        known = conversation.request({0, datagram.call, 0, datagram.opnum, datagram.little, first}, datagram.uuid,
                                     datagram.version, out);
    if ((datagram.type == pdu::kResponse || datagram.type == pdu::kFault) && direction == Direction::to_client) {
        conversation.response(0, datagram.call, datagram.little, datagram.type == pdu::kFault, out);
        known = true;
    }
    if (!known) return Step::consumed(in.size());
    conversation.stub(0, datagram.call, direction, datagram.body, out);
    if (last) conversation.complete(0, datagram.call, direction, out);
    return Step::consumed(in.size());
}

bool gap_datagram(DatagramState&, Direction, std::uint64_t, FieldSink&) noexcept { return true; }

void end_datagram(DatagramState& state, Direction direction, FieldSink& out) noexcept {
    state.conversation.end(direction, out);
}

Probe probe_datagram(const ProbeInput& input) noexcept {
    for (const Bytes in : {input.to_server, input.to_client}) {
        Datagram datagram;
        if (!read_datagram(in, datagram)) continue;
        const bool format = (in[4] & 0xef) == 0 && in[5] <= 3 && in[6] == 0 && (in[3] & 0xfc) == 0;
        if (format) return Probe::yes;
    }
    return Probe::no;
}

}  // namespace

constinit const Parser kDcerpcTcp =
    make_parser<State, &probe, &parse, &gap, &end>(Protocol::dcerpc, Transport::tcp);
constinit const Parser kDcerpcUdp = make_parser<DatagramState, &probe_datagram, &parse_datagram, &gap_datagram, &end_datagram>(
    Protocol::dcerpc, Transport::udp);

}  // namespace sekisho::app
