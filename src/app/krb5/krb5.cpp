// Kerberos 5 over UDP and TCP, where each message stands behind its length (RFC 4120 section 7.2).
#include "app/krb5/krb5.h"

#include "app/ber.h"
#include "app/krb5/message.h"
#include "app/make_parser.h"
#include "app/unit_place.h"
#include "sekisho/app/limits.h"
#include "sekisho/base/byte_reader.h"

namespace sekisho::app {
namespace {

constexpr std::size_t kLengthOctets = 4;

struct State {
    UnitPlace place[2];
};

Step parse_stream(State& state, Direction direction, Bytes in, FieldSink& out) noexcept {
    UnitPlace& place = state.place[static_cast<std::size_t>(direction)];
    if (place.passing_over()) return Step::consumed(place.take(in.size()));
    ByteReader reader(in);
    const std::size_t length = reader.u32();
    place.waits(in.size(), 0);
    if (!reader.ok()) return Step::need_more();
    if (length == 0 || length > kKrb5MessageMax) return Step::broken(Fault::bad_length);
    // The identifier tells at once whether it is worth waiting.
    if (reader.remaining() > 0 && krb5::message_type(in[kLengthOctets]) == 0) return Step::broken(Fault::bad_syntax);
    const Bytes message = reader.bytes(length);
    if (!reader.ok()) {
        place.waits(in.size(), kLengthOctets + length);
        return Step::need_more();
    }
    place.done();
    krb5::tell_message(direction, message, out);
    return Step::consumed(kLengthOctets + length);
}

bool gap_stream(State& state, Direction direction, std::uint64_t octets, FieldSink&) noexcept {
    return state.place[static_cast<std::size_t>(direction)].lose(octets);
}

Step parse_datagram(State&, Direction direction, Bytes in, FieldSink& out) noexcept {
    if (in.empty() || krb5::message_type(in[0]) == 0) return Step::broken(Fault::bad_syntax);
    krb5::tell_message(direction, in, out);
    return Step::consumed(in.size());
}

bool gap_datagram(State&, Direction, std::uint64_t, FieldSink&) noexcept { return true; }

void end(State&, Direction, FieldSink&) noexcept {}

// An application tag of RFC 4120, then the sequence that begins with pvno or the message type.
Probe looks_like_message(Bytes in, std::size_t whole) noexcept {
    if (krb5::message_type(in[0]) == 0) return Probe::no;
    const std::size_t head = (in[1] & 0x80) != 0 ? 2u + (in[1] & 0x7f) : 2u;
    if (head > 6 || head >= in.size()) return Probe::no;
    std::size_t length = in[1];
    if (head > 2) {
        length = 0;
        for (std::size_t i = 2; i < head; ++i) length = length << 8 | in[i];
    }
    return in[head] == ber::kSequence && head + length == whole ? Probe::yes : Probe::no;
}

Probe probe_stream(const ProbeInput& input) noexcept {
    for (const Bytes in : {input.to_server, input.to_client}) {
        if (in.empty()) continue;
        if (in[0] != 0) return Probe::no;
        if (in.size() < 12) {
            const bool tagged = in.size() <= kLengthOctets || krb5::message_type(in[kLengthOctets]) != 0;
            return tagged && input.server_port == 88 ? Probe::maybe : Probe::no;
        }
        ByteReader reader(in);
        return looks_like_message(in.subspan(kLengthOctets), reader.u32());
    }
    return Probe::no;
}

Probe probe_datagram(const ProbeInput& input) noexcept {
    for (const Bytes in : {input.to_server, input.to_client})
        if (in.size() >= 12 && looks_like_message(in, in.size()) == Probe::yes) return Probe::yes;
    return Probe::no;
}

}  // namespace

constinit const Parser kKrb5Tcp =
    make_parser<State, &probe_stream, &parse_stream, &gap_stream, &end>(Protocol::krb5, Transport::tcp);
constinit const Parser kKrb5Udp =
    make_parser<State, &probe_datagram, &parse_datagram, &gap_datagram, &end>(Protocol::krb5, Transport::udp);

}  // namespace sekisho::app
