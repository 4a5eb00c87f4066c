// SSH banners (RFC 4253 section 4.2): "SSH-protoversion-softwareversion SP comments CR LF" from each side, and the
// KEXINIT behind it (section 7.1), whose algorithms give HASSH (Salesforce 2018). What follows NEWKEYS is encrypted and
// passed over. One transaction per connection.
#include "app/ssh/ssh.h"

#include <algorithm>
#include <string_view>

#include "app/make_parser.h"
#include "app/ssh/kex_init.h"
#include "sekisho/app/app_event_list.h"
#include "sekisho/app/frame.h"
#include "sekisho/app/limits.h"
#include "sekisho/base/byte_reader.h"

namespace sekisho::app {
namespace {

constexpr std::string_view kPrefix = "SSH-";

struct State {
    TxId tx = 0;
    std::uint32_t preamble = 0;  ///< octets of lines before the server's banner
    std::uint32_t skip[2] = {0, 0};  ///< octets of a long record that are passed over
    std::uint8_t records[2] = {0, 0};
    bool opened = false;
    bool greeted[2] = {false, false};
    bool done[2] = {false, false};
    bool closed = false;
};

void finish(State& state, Direction direction, FieldSink& out) noexcept {
    bool& done = state.done[static_cast<std::size_t>(direction)];
    if (done) return;
    done = true;
    if (!state.opened) return;
    out.stage(state.tx, direction, Stage::complete);
    if (!state.done[0] || !state.done[1] || state.closed) return;
    state.closed = true;
    out.close(state.tx);
}

void put_banner(TxId tx, std::string_view banner, FieldSink& out) noexcept {
    banner.remove_prefix(kPrefix.size());
    const std::size_t dash = banner.find('-');
    if (dash == std::string_view::npos) return out.event(tx, AppEvent::ssh_invalid_banner);
    std::string_view software = banner.substr(dash + 1);
    software = software.substr(0, software.find(' '));
    out.put(tx, Field::ssh_proto, as_bytes(banner.substr(0, dash)));
    out.put(tx, Field::ssh_software, as_bytes(software));
}

constexpr std::uint8_t kKexInit = 20;
constexpr std::uint8_t kNewKeys = 21;

/// A binary packet (section 6): length, length of the padding, message, padding. Until NEWKEYS there is no MAC.
Step record(State& state, Direction direction, Bytes in, FieldSink& out) noexcept {
    constexpr std::size_t kHead = 6;  // with the message's number
    const auto side = static_cast<std::size_t>(direction);
    if (in.size() < kHead) return Step::need_more();
    const std::size_t length = ByteReader(in).u32();
    const std::uint8_t padding = in[4], type = in[5];
    if (length < 2 || length > kSshRecordMax || padding + std::size_t{1} >= length) {
        out.event(state.tx, AppEvent::ssh_invalid_record);
        finish(state, direction, out);
        return Step::consumed(in.size());
    }
    const std::size_t size = length + 4;
    if (type == kKexInit && size <= kSshKexMax) {
        if (in.size() < size) return Step::need_more();
        ssh::put_kex_init(state.tx, direction, in.subspan(kHead, length - 2 - padding), out);
        out.stage(state.tx, direction, Stage::body);
    } else if (type == kKexInit) {
        out.event(state.tx, AppEvent::ssh_long_kex_record);
    }
    if (type == kNewKeys || ++state.records[side] >= kSshRecordsMax) finish(state, direction, out);
    put_unit_frames(out, direction, {Field::frame_ssh_record_pdu, Field::frame_ssh_record_hdr, Field::frame_ssh_record_data}, in,
                    size, kHead);
    const std::size_t n = std::min(size, in.size());
    state.skip[side] = static_cast<std::uint32_t>(size - n);
    return Step::consumed(n);
}

Step banner(State& state, Direction direction, Bytes in, FieldSink& out) noexcept {
    // One octet more than a line may have: the same is seen however the bytes are cut.
    const std::string_view text = as_text(in).substr(0, kSshBannerMax + 1);
    const std::size_t lf = text.find('\n');
    const bool is_banner = text.starts_with(kPrefix);
    if (lf == std::string_view::npos && text.size() <= kSshBannerMax) return Step::need_more();
    const std::size_t end = std::min(lf, text.size());
    const std::size_t used = lf == std::string_view::npos ? text.size() : lf + 1;
    if (!is_banner) {
        state.preamble += static_cast<std::uint32_t>(used);
        if (direction == Direction::to_server || state.preamble > kSshPreambleMax)
            return Step::broken(Fault::not_this_protocol);
        return Step::consumed(used);
    }
    if (!state.opened) {
        state.tx = out.open();
        state.opened = true;
    }
    state.greeted[static_cast<std::size_t>(direction)] = true;
    std::string_view line = text.substr(0, std::min(end, kSshBannerMax));
    while (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    put_banner(state.tx, line, out);
    if (end > kSshBannerMax) {
        out.event(state.tx, AppEvent::ssh_long_banner);
        finish(state, direction, out);
    } else {
        out.stage(state.tx, direction, Stage::headers);
    }
    return Step::consumed(used);
}

Step parse(State& state, Direction direction, Bytes in, FieldSink& out) noexcept {
    const auto side = static_cast<std::size_t>(direction);
    if (state.done[side]) return Step::consumed(in.size());
    if (state.skip[side] != 0) {
        const std::size_t n = std::min<std::size_t>(state.skip[side], in.size());
        state.skip[side] -= static_cast<std::uint32_t>(n);
        return Step::consumed(n);
    }
    return state.greeted[side] ? record(state, direction, in, out) : banner(state, direction, in, out);
}

bool gap(State& state, Direction direction, std::uint64_t, FieldSink& out) noexcept {
    finish(state, direction, out);
    return true;
}

void end(State& state, Direction direction, FieldSink& out) noexcept { finish(state, direction, out); }

Probe probe(const ProbeInput& input) noexcept {
    for (const Bytes side : {input.to_server, input.to_client}) {
        if (side.empty()) continue;
        const std::size_t n = std::min(side.size(), kPrefix.size());
        if (as_text(side).substr(0, n) != kPrefix.substr(0, n)) continue;
        return n == kPrefix.size() ? Probe::yes : Probe::maybe;
    }
    return Probe::no;
}

}  // namespace

constinit const Parser kSsh = make_parser<State, &probe, &parse, &gap, &end>(Protocol::ssh, Transport::tcp);

}  // namespace sekisho::app
