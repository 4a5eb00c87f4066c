// SMB 1, 2 and 3 over TCP port 445 or a NetBIOS session (RFC 1002 section 4.3): messages behind their length, one or
// several SMB messages in each. Encrypted and compressed messages of SMB 3 are passed over. Facts: MS-CIFS, MS-SMB,
// MS-SMB2.
//
//   0     1..3     4..
//   type  length   FE 'S' 'M' 'B' (2, 3), FF (1), FD (encrypted), FC (compressed)
#include "app/smb/smb.h"

#include <algorithm>
#include <string_view>

#include "app/detail.h"
#include "app/make_parser.h"
#include "app/smb/smb1.h"
#include "app/smb/smb2.h"
#include "app/smb/state.h"
#include "sekisho/app/app_event_list.h"
#include "sekisho/app/frame.h"
#include "sekisho/base/byte_reader.h"

namespace sekisho::app {
namespace {

using namespace smb;

static_assert(sizeof(State) <= KiB(8));  // one block of the engine's pool for each connection

constexpr std::size_t kNetbiosHeader = 4;
constexpr std::size_t kSmb3Header = 52;  // of an encrypted message (MS-SMB2 section 2.2.41)
constexpr UnitFrames kNbssFrames{Field::frame_smb_nbss_pdu, Field::frame_smb_nbss_hdr, Field::frame_smb_nbss_data};
constexpr std::uint8_t kSessionMessage = 0x00, kSessionRequest = 0x81, kRetarget = 0x84, kKeepAlive = 0x85;
constexpr std::uint8_t kVersion1 = 0xff, kVersion2 = 0xfe, kEncrypted = 0xfd, kCompressed = 0xfc;

bool is_magic(Bytes in) noexcept {
    return in.size() >= 4 && in[0] >= kCompressed && as_text(in.subspan(1, 3)) == "SMB";
}

/// The content of the message at hand goes on, or the rest of it is passed over.
Step take_message(State& state, Direction direction, Bytes in, FieldSink& out) noexcept {
    Side& side = state.sides[static_cast<std::size_t>(direction)];
    Region& region = side.region;
    std::size_t n = std::min<std::size_t>(in.size(), side.message);
    if (region.file != kNone && region.skip > 0) {
        n = std::min<std::size_t>(n, region.skip);
        region.skip -= static_cast<std::uint32_t>(n);
    } else if (region.file != kNone) {
        n = std::min<std::size_t>(n, region.octets);
        // Only the first piece of a read or write may overlap what came before.
        const bool fresh = !side.begun_content;
        side.begun_content = true;
        put_content(state, direction, region.file, region.offset, in.first(n), fresh, out);
        region.octets -= static_cast<std::uint32_t>(n);
        region.offset += n;
        if (region.octets == 0) region = Region{};
    }
    side.message -= static_cast<std::uint32_t>(n);
    side.record -= static_cast<std::uint32_t>(n);
    if (side.message == 0) region = Region{};
    return Step::consumed(n);
}

Step take_record(Side& side, Direction direction, Bytes in, FieldSink& out) noexcept {
    side.waiting = static_cast<std::uint32_t>(in.size());
    if (in.size() < kNetbiosHeader) return Step::need_more();
    side.waiting = 0;
    const std::uint8_t type = in[0];
    if (type != kSessionMessage && (type < kSessionRequest || type > kKeepAlive)) return Step::broken(Fault::bad_syntax);
    ByteReader reader(in.subspan(1));
    side.record = reader.u24();
    side.related = kNone;
    put_unit_frames(out, direction, kNbssFrames, in, kNetbiosHeader + side.record, kNetbiosHeader);
    // Requests for a session and their answers hold names only.
    if (type != kSessionMessage) side.message = side.record;
    return Step::consumed(kNetbiosHeader);
}

/// Told once a connection: from then on there is little more to see.
void on_unreadable(State& state, Direction direction, std::uint8_t magic, FieldSink& out) noexcept {
    if (state.sealed) return;
    state.sealed = true;
    const TxId tx = out.open();
    out.fact(tx, Fact::smb_version, 2);
    put_detail(out, tx, "command", magic == kEncrypted ? "SMB3_ENCRYPTED" : "SMB3_COMPRESSED");
    out.stage(tx, direction, Stage::complete);
    out.close(tx);
}

void put_frames(Direction direction, std::uint8_t magic, Bytes message, std::uint32_t octets, FieldSink& out) noexcept {
    const auto tell = [&](UnitFrames frames, std::size_t head) {
        if (message.size() >= head && octets >= head) put_unit_frames(out, direction, frames, message, octets, head);
    };
    if (magic == kVersion1) tell({Field::frame_smb1_pdu, Field::frame_smb1_hdr, Field::frame_smb1_data}, kSmb1Header);
    if (magic == kVersion2) tell({Field::frame_smb2_pdu, Field::frame_smb2_hdr, Field::frame_smb2_data}, kSmb2Header);
    if (magic == kEncrypted) tell({Field::frame_smb3_pdu, Field::frame_smb3_hdr, Field::frame_smb3_data}, kSmb3Header);
}

/// The head of an SMB message: waits for as much of it as its command needs.
Step take_head(State& state, Direction direction, Bytes in, FieldSink& out) noexcept {
    Side& side = state.sides[static_cast<std::size_t>(direction)];
    const std::size_t header = std::min<std::size_t>(side.record, kSmb2Header);
    side.waiting = static_cast<std::uint32_t>(in.size());
    if (in.size() < header) return Step::need_more();
    const std::uint8_t magic = is_magic(in.first(header)) ? in[0] : std::uint8_t{0};
    Smb2Extent extent{side.record, header};
    if (magic == kVersion1) extent.needed = std::min<std::size_t>(side.record, kSmb1WholeMax);
    if (magic == kVersion2 && header == kSmb2Header) extent = smb2_extent(in.first(header), side.record, direction);
    if (in.size() < extent.needed) return Step::need_more();
    side.waiting = 0;
    side.region = Region{};
    side.begun_content = false;
    const Bytes message = in.first(extent.needed);
    Region region;
    if (magic == kVersion1) region = on_smb1(state, direction, message, extent.size, out);
    else if (magic == kVersion2) region = on_smb2(state, direction, message, extent.size, out);
    else if (magic != 0) on_unreadable(state, direction, magic, out);
    else tell_event(direction, AppEvent::smb_malformed_data, out);
    put_frames(direction, magic, in, extent.size, out);
    side.message = extent.size;
    side.region = region;
    if (magic == kVersion1 && region.file != kNone) side.begun_content = true;
    return take_message(state, direction, in, out);
}

/// After a gap: the next octets that look like the begin of a message.
Step find_record(Side& side, Direction direction, Bytes in, FieldSink& out) noexcept {
    constexpr std::size_t kLook = kNetbiosHeader + 4;
    side.waiting = 0;
    for (std::size_t i = 0; i + kLook <= in.size(); ++i) {
        if (in[i] != kSessionMessage || !is_magic(in.subspan(i + kNetbiosHeader, 4))) continue;
        side.lost = false;
        if (i > 0) return Step::consumed(i);
        return take_record(side, direction, in, out);
    }
    return in.size() < kLook ? Step::need_more() : Step::consumed(in.size() - kLook + 1);
}

Step parse(State& state, Direction direction, Bytes in, FieldSink& out) noexcept {
    Side& side = state.sides[static_cast<std::size_t>(direction)];
    if (side.lost) return find_record(side, direction, in, out);
    if (side.message != 0) return take_message(state, direction, in, out);
    if (side.record != 0) return take_head(state, direction, in, out);
    return take_record(side, direction, in, out);
}

bool gap(State& state, Direction direction, std::uint64_t octets, FieldSink& out) noexcept {
    Side& side = state.sides[static_cast<std::size_t>(direction)];
    const std::uint64_t lost = octets + side.waiting;
    side.waiting = 0;
    Region& region = side.region;
    if (region.file != kNone) {
        // The content goes on behind the hole; a hole that begins before it takes its begin.
        const std::uint64_t of_content = lost > region.skip ? std::min<std::uint64_t>(lost - region.skip, region.octets) : 0;
        lose_content(state, direction, region.file, of_content, out);
        region.skip -= static_cast<std::uint32_t>(std::min<std::uint64_t>(lost, region.skip));
        region.octets -= static_cast<std::uint32_t>(of_content);
        region.offset += of_content;
        if (region.octets == 0) region = Region{};
    }
    side.lost = lost > side.record;
    if (side.lost) {
        side.record = side.message = 0;
        region = Region{};
        return true;
    }
    side.record -= static_cast<std::uint32_t>(lost);
    // Beyond the message at hand it is not known where the next one of the record begins.
    if (lost > side.message) region = Region{};
    side.message = lost > side.message ? side.record : side.message - static_cast<std::uint32_t>(lost);
    return true;
}

void end(State& state, Direction direction, FieldSink& out) noexcept {
    state.calls.end(direction, out);
    bool& ended = state.ended[static_cast<std::size_t>(direction)];
    ended = true;
    if (!state.ended[0] || !state.ended[1]) return;
    for (std::size_t i = 0; i < state.files.size(); ++i)
        if (state.files[i].used) close_file(state, static_cast<std::uint8_t>(i), out);
    for (Request& request : state.requests)
        if (request.used) end_request(request, out);
}

Probe probe(const ProbeInput& input) noexcept {
    constexpr std::size_t kLook = kNetbiosHeader + 4;
    for (const Bytes in : {input.to_server, input.to_client}) {
        if (in.empty()) continue;
        const bool session_port = input.server_port == 139 || input.server_port == 445;
        if (in[0] >= kSessionRequest && in[0] <= kRetarget)
            return in.size() >= kNetbiosHeader && in[1] <= 1 && session_port ? Probe::yes : Probe::no;
        if (in[0] != kSessionMessage) return Probe::no;
        if (in.size() >= kLook) return is_magic(in.subspan(kNetbiosHeader)) ? Probe::yes : Probe::no;
        return session_port ? Probe::maybe : Probe::no;
    }
    return Probe::no;
}

}  // namespace

constinit const Parser kSmb = make_parser<State, &probe, &parse, &gap, &end>(Protocol::smb, Transport::tcp);

}  // namespace sekisho::app
