#include "app/dcerpc/conversation.h"

#include <algorithm>

#include "app/detail.h"

namespace sekisho::app::dcerpc {
namespace {

void put_iface(TxId tx, const Uuid& uuid, std::uint16_t version, bool first_fragment, FieldSink& out) noexcept {
    std::array<std::uint8_t, kIfaceOctets> value{};
    std::copy(uuid.begin(), uuid.end(), value.begin());
    value[kIfaceVersionAt] = static_cast<std::uint8_t>(version >> 8);
    value[kIfaceVersionAt + 1] = static_cast<std::uint8_t>(version);
    value[kIfaceFirstAt] = first_fragment ? 1 : 0;
    out.put(tx, Field::dcerpc_iface, value);
}

void put_uuid_detail(TxId tx, const Uuid& uuid, FieldSink& out) noexcept {
    constexpr char kDigits[] = "0123456789abcdef";
    char text[36];
    std::size_t used = 0;
    for (std::size_t i = 0; i < uuid.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) text[used++] = '-';
        text[used++] = kDigits[uuid[i] >> 4];
        text[used++] = kDigits[uuid[i] & 15];
    }
    put_detail(out, tx, "interface", std::string_view(text, used));
}

void put_call(TxId tx, const CallStart& start, FieldSink& out) noexcept {
    out.fact(tx, Fact::dcerpc_opnum, start.opnum);
    put_detail(out, tx, "request", "REQUEST");
    put_detail(out, tx, "opnum", start.opnum);
    put_detail(out, tx, "call_id", start.id);
}

}  // namespace

Uuid read_uuid(Bytes octets, bool little_endian) noexcept {
    Uuid uuid{};
    if (octets.size() < uuid.size()) return uuid;
    std::copy_n(octets.begin(), uuid.size(), uuid.begin());
    if (!little_endian) return uuid;
    std::reverse(uuid.begin(), uuid.begin() + 4);
    std::reverse(uuid.begin() + 4, uuid.begin() + 6);
    std::reverse(uuid.begin() + 6, uuid.begin() + 8);
    return uuid;
}

void Conversation::begin_bind(std::uint8_t channel) noexcept {
    offered_ = 0;
    // An earlier bind that was never answered: its items must not take the answers of this one.
    for (Interface& known : interfaces_)
        if (known.used && known.channel == channel && !known.answered) known.used = false;
}

void Conversation::offer(std::uint8_t channel, std::uint16_t context, const Uuid& uuid, std::uint16_t version) noexcept {
    Interface* place = nullptr;
    for (Interface& known : interfaces_)
        if (known.used && known.channel == channel && known.context == context) place = &known;
    for (Interface& known : interfaces_)
        if (place == nullptr && !known.used) place = &known;
    if (place == nullptr) {
        place = &interfaces_[next_interface_];
        next_interface_ = static_cast<std::uint8_t>((next_interface_ + 1) % interfaces_.size());
    }
    *place = {uuid, version, context, channel, offered_++, true, false, false};
}

void Conversation::answer(std::uint8_t channel, std::uint8_t item, bool accepted) noexcept {
    for (Interface& known : interfaces_) {
        if (!known.used || known.channel != channel || known.answered || known.item != item) continue;
        known.answered = true;
        known.accepted = accepted;
        return;
    }
}

void Conversation::refuse_all(std::uint8_t channel) noexcept {
    for (Interface& known : interfaces_)
        if (known.channel == channel && !known.answered) known.used = false;
}

Conversation::Call* Conversation::find(std::uint8_t channel, std::uint32_t id) noexcept {
    for (Call& call : calls_)
        if (call.used && call.channel == channel && call.id == id) return &call;
    return nullptr;
}

void Conversation::end_call(Call& call, FieldSink& out) noexcept {
    for (const auto direction : {Direction::to_server, Direction::to_client})
        if (!call.done[static_cast<std::size_t>(direction)]) out.stage(call.tx, direction, Stage::complete);
    out.close(call.tx);
    call.used = false;
}

Conversation::Call& Conversation::start(std::uint8_t channel, std::uint32_t id, FieldSink& out) noexcept {
    Call* place = find(channel, id);
    for (Call& call : calls_)
        if (place == nullptr && !call.used) place = &call;
    if (place == nullptr) {
        place = &calls_[next_call_];
        next_call_ = static_cast<std::uint8_t>((next_call_ + 1) % calls_.size());
    }
    if (place->used) end_call(*place, out);
    *place = Call{};
    place->tx = out.open();
    place->id = id;
    place->channel = channel;
    place->used = true;
    return *place;
}

void Conversation::put_interfaces(const Call& call, bool first_fragment, FieldSink& out) noexcept {
    for (const Interface& known : interfaces_)
        if (known.used && known.channel == call.channel && known.context == call.context && known.accepted)
            put_iface(call.tx, known.uuid, known.version, first_fragment, out);
}

void Conversation::note_order(Call& call, Direction direction, bool little_endian, FieldSink& out) noexcept {
    if (little_endian) call.little = static_cast<std::uint8_t>(call.little | 1u << static_cast<unsigned>(direction));
    out.fact(call.tx, Fact::dcerpc_little_endian, call.little);
}

bool Conversation::request(const CallStart& begin, FieldSink& out) noexcept {
    if (!begin.first_fragment) return find(begin.channel, begin.id) != nullptr;
    Call& call = start(begin.channel, begin.id, out);
    call.context = begin.context;
    put_call(call.tx, begin, out);
    note_order(call, Direction::to_server, begin.little_endian, out);
    put_interfaces(call, true, out);
    for (const Interface& known : interfaces_)
        if (known.used && known.channel == call.channel && known.context == call.context && known.accepted)
            put_uuid_detail(call.tx, known.uuid, out);
    return true;
}

bool Conversation::request(const CallStart& begin, const Uuid& uuid, std::uint16_t version, FieldSink& out) noexcept {
    if (!begin.first_fragment) return find(begin.channel, begin.id) != nullptr;
    Call& call = start(begin.channel, begin.id, out);
    put_call(call.tx, begin, out);
    note_order(call, Direction::to_server, begin.little_endian, out);
    put_iface(call.tx, uuid, version, true, out);
    put_uuid_detail(call.tx, uuid, out);
    return true;
}

void Conversation::response(std::uint8_t channel, std::uint32_t id, bool little_endian, bool fault, FieldSink& out) noexcept {
    Call* call = find(channel, id);
    const bool unasked = call == nullptr;
    if (unasked) call = &start(channel, id, out);
    if (call->octets[1] == 0 && !call->done[1]) {
        put_detail(out, call->tx, "response", fault ? "FAULT" : "RESPONSE");
        if (unasked) put_detail(out, call->tx, "call_id", id);
        else put_interfaces(*call, true, out);
    }
    note_order(*call, Direction::to_client, little_endian, out);
}

void Conversation::stub(std::uint8_t channel, std::uint32_t id, Direction direction, Bytes octets, FieldSink& out) noexcept {
    Call* call = find(channel, id);
    if (call == nullptr || call->done[static_cast<std::size_t>(direction)]) return;
    std::uint32_t& have = call->octets[static_cast<std::size_t>(direction)];
    const Bytes kept = octets.first(std::min<std::size_t>(octets.size(), kDcerpcStubMax - have));
    if (kept.empty()) return;
    have += static_cast<std::uint32_t>(kept.size());
    out.append(call->tx, Field::dcerpc_stub_data, kept);
}

void Conversation::complete(std::uint8_t channel, std::uint32_t id, Direction direction, FieldSink& out) noexcept {
    Call* call = find(channel, id);
    if (call == nullptr || call->done[static_cast<std::size_t>(direction)]) return;
    call->done[static_cast<std::size_t>(direction)] = true;
    out.stage(call->tx, direction, Stage::complete);
    if (direction == Direction::to_client) end_call(*call, out);
}

void Conversation::forget(std::uint8_t channel, FieldSink& out) noexcept {
    for (Call& call : calls_)
        if (call.used && call.channel == channel) end_call(call, out);
    for (Interface& known : interfaces_)
        if (known.channel == channel) known.used = false;
}

void Conversation::end_all(FieldSink& out) noexcept {
    for (Call& call : calls_)
        if (call.used) end_call(call, out);
}

void Conversation::end(Direction direction, FieldSink& out) noexcept {
    for (Call& call : calls_) {
        if (!call.used) continue;
        bool& done = call.done[static_cast<std::size_t>(direction)];
        if (!done) out.stage(call.tx, direction, Stage::complete);
        done = true;
        if (call.done[0] && call.done[1]) end_call(call, out);
    }
}

}  // namespace sekisho::app::dcerpc
