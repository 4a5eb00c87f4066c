#include "app/dcerpc/pdu_reader.h"

#include <algorithm>

#include "app/dcerpc/pdu.h"

namespace sekisho::app::dcerpc {
namespace {

constexpr std::size_t kHeader = 16, kCallHead = 8, kBindHead = 12, kItem = 24, kAckHead = 10, kAckCount = 4, kResult = 24;
constexpr std::size_t kObject = 16, kTransferSyntax = 20, kVerifierHead = 8;

}  // namespace

std::uint16_t PduReader::u16(std::size_t at) const noexcept {
    const unsigned a = carry_[at], b = carry_[at + 1];
    return static_cast<std::uint16_t>(little_ ? b << 8 | a : a << 8 | b);
}

std::uint32_t PduReader::u32(std::size_t at) const noexcept {
    const std::uint32_t a = u16(at), b = u16(at + 2);
    return little_ ? b << 16 | a : a << 16 | b;
}

/// Octets that must be together before the phase can be read.
std::size_t PduReader::unit() const noexcept {
    switch (phase_) {
        case Phase::header: return kHeader;
        case Phase::call_head: return kCallHead;
        case Phase::bind_head: return kBindHead;
        case Phase::bind_item: return kItem;
        case Phase::ack_head: return kAckHead;
        case Phase::ack_count: return kAckCount;
        case Phase::ack_result: return kResult;
        case Phase::stub:
        case Phase::skip: break;
    }
    return 0;
}

bool PduReader::gather(Bytes& in) noexcept {
    const std::size_t n = std::min(in.size(), unit() - have_);
    std::copy_n(in.begin(), n, carry_.begin() + have_);
    have_ = static_cast<std::uint8_t>(have_ + n);
    in = in.subspan(n);
    if (have_ < unit()) return false;
    have_ = 0;
    return true;
}

bool PduReader::feed(Conversation& conversation, std::uint8_t channel, Direction direction, Bytes in, FieldSink& out) noexcept {
    const Target to{conversation, channel, direction, out};
    while (!in.empty()) {
        if (bulk()) {
            const std::size_t n = std::min<std::size_t>(in.size(), bulk_);
            if (phase_ == Phase::stub && known_call_) conversation.stub(channel, call_, direction, in.first(n), out);
            in = in.subspan(n);
            bulk_ = static_cast<std::uint16_t>(bulk_ - n);
            left_ = static_cast<std::uint16_t>(left_ - n);
        } else {
            if (!gather(in)) return true;
            if (phase_ != Phase::header) left_ = static_cast<std::uint16_t>(left_ - unit());
            if (!on_unit(to)) {
                reset();
                return false;
            }
        }
        advance(to);
    }
    return true;
}

/// Goes on until there is something to read: through empty parts, over what is too short, past the fragment's end.
void PduReader::advance(const Target& to) noexcept {
    while (phase_ != Phase::header) {
        if (bulk() && bulk_ != 0) return;
        if (left_ == 0) return end_fragment(to);
        if (bulk() && after_ == Phase::stub) {
            pass_stub();
            continue;
        }
        if (bulk()) phase_ = after_;
        if (phase_ == Phase::header || (!bulk() && left_ < unit())) pass(Phase::skip, left_, Phase::header);
        else if (!bulk()) return;
    }
}

void PduReader::pass(Phase phase, std::size_t octets, Phase after) noexcept {
    phase_ = phase;
    bulk_ = static_cast<std::uint16_t>(std::min<std::size_t>(octets, left_));
    after_ = after;
}

void PduReader::end_fragment(const Target& to) noexcept {
    phase_ = Phase::header;
    if (type_ == pdu::kBindNak && to.direction == Direction::to_client) to.conversation.refuse_all(to.channel);
    const bool call = type_ == pdu::kRequest || type_ == pdu::kResponse || type_ == pdu::kFault;
    if (call && known_call_ && (flags_ & pdu::kLastFragment) != 0)
        to.conversation.complete(to.channel, call_, to.direction, to.out);
    known_call_ = false;
}

bool PduReader::on_unit(const Target& to) noexcept {
    switch (phase_) {
        case Phase::header: return on_header();
        case Phase::call_head: on_call_head(to); break;
        case Phase::bind_head:
            to.conversation.begin_bind(to.channel);
            items_ = carry_[8];
            item_ = 0;
            if (items_ == 0) pass(Phase::skip, left_, Phase::header);
            else phase_ = Phase::bind_item;
            break;
        case Phase::bind_item: on_bind_item(to); break;
        case Phase::ack_head: {
            // The secondary address, then padding to a multiple of four octets from the PDU's begin.
            const std::size_t address = u16(8), end = kHeader + kAckHead + address;
            pass(Phase::skip, address + (4 - end % 4) % 4, Phase::ack_count);
            break;
        }
        case Phase::ack_count:
            items_ = carry_[0];
            item_ = 0;
            if (items_ == 0) pass(Phase::skip, left_, Phase::header);
            else phase_ = Phase::ack_result;
            break;
        case Phase::ack_result: on_result(to); break;
        case Phase::stub:
        case Phase::skip: break;
    }
    return true;
}

bool PduReader::on_header() noexcept {
    little_ = (carry_[4] & pdu::kLittleEndian) != 0;
    type_ = carry_[2];
    flags_ = carry_[3];
    const std::size_t length = u16(8), verifier = u16(10);
    if (carry_[0] != 5 || carry_[1] > 1 || type_ >= pdu::kTypesEnd || length < kHeader) return false;
    call_ = u32(12);
    known_call_ = false;
    left_ = static_cast<std::uint16_t>(length - kHeader);
    const bool between = (flags_ & pdu::kLastFragment) == 0;
    trailer_ = static_cast<std::uint16_t>(verifier == 0 || !between ? 0 : std::min<std::size_t>(verifier + kVerifierHead, left_));
    switch (type_) {
        case pdu::kRequest:
        case pdu::kResponse:
        case pdu::kFault: phase_ = Phase::call_head; break;
        case pdu::kBind:
        case pdu::kAlterContext: phase_ = Phase::bind_head; break;
        case pdu::kBindAck:
        case pdu::kAlterContextResponse: phase_ = Phase::ack_head; break;
        default: pass(Phase::skip, left_, Phase::header); break;
    }
    return true;
}

void PduReader::on_call_head(const Target& to) noexcept {
    const bool first = (flags_ & pdu::kFirstFragment) != 0;
    // The side that a PDU comes from counts: a request to the client is no call to this server.
    const bool request = type_ == pdu::kRequest && to.direction == Direction::to_server;
    const bool answer = type_ != pdu::kRequest && to.direction == Direction::to_client;
    if (request)
        known_call_ = to.conversation.request({to.channel, call_, u16(4), u16(6), little_, first}, to.out);
    if (answer) {
        to.conversation.response(to.channel, call_, little_, type_ == pdu::kFault, to.out);
        known_call_ = true;
        if (answer_head_) to.conversation.stub(to.channel, call_, to.direction, Bytes(carry_).first(kCallHead), to.out);
    }
    const std::size_t object = type_ == pdu::kRequest && !first && (flags_ & pdu::kHasObject) != 0 ? kObject : 0;
    if (object != 0) return pass(Phase::skip, object, Phase::stub);
    pass_stub();
}

void PduReader::pass_stub() noexcept { pass(Phase::stub, left_ - std::min(left_, trailer_), Phase::header); }

bool PduReader::lost(std::uint64_t octets) noexcept {
    if (phase_ == Phase::header || octets + have_ > left_) return false;
    left_ = static_cast<std::uint16_t>(left_ - have_ - octets);
    have_ = 0;
    known_call_ = false;
    if (left_ == 0) phase_ = Phase::header;
    else pass(Phase::skip, left_, Phase::header);
    return true;
}

void PduReader::on_bind_item(const Target& to) noexcept {
    const Uuid uuid = read_uuid(Bytes(carry_).subspan(4, 16), little_);
    if (to.direction == Direction::to_server) to.conversation.offer(to.channel, u16(0), uuid, u16(20));
    const bool last = ++item_ >= items_;
    pass(Phase::skip, carry_[2] * kTransferSyntax, last ? Phase::header : Phase::bind_item);
}

void PduReader::on_result(const Target& to) noexcept {
    if (to.direction == Direction::to_client) to.conversation.answer(to.channel, item_, u16(0) == 0);
    if (++item_ >= items_) pass(Phase::skip, left_, Phase::header);
}

}  // namespace sekisho::app::dcerpc
