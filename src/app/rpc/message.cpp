#include "app/rpc/message.h"

#include "sekisho/base/byte_reader.h"

namespace sekisho::app::rpc {
namespace {

constexpr std::uint32_t kCall = 0, kReply = 1, kVersion = 2;
constexpr std::size_t kAuthMax = 400;  // RFC 5531 section 8.2

bool skip_auth(ByteReader& reader) noexcept {
    reader.skip(4);
    const std::size_t size = reader.u32();
    return size <= kAuthMax && reader.skip((size + 3) / 4 * 4);
}

}  // namespace

std::optional<Call> read_call(Bytes message) noexcept {
    ByteReader reader(message);
    Call call;
    call.xid = reader.u32();
    const std::uint32_t type = reader.u32(), version = reader.u32();
    call.program = reader.u32();
    call.version = reader.u32();
    call.procedure = reader.u32();
    if (!reader.ok() || type != kCall || version != kVersion) return std::nullopt;
    if (skip_auth(reader) && skip_auth(reader)) call.arguments = reader.rest();
    return call;
}

std::optional<Reply> read_reply(Bytes message) noexcept {
    ByteReader reader(message);
    Reply reply;
    reply.xid = reader.u32();
    const std::uint32_t type = reader.u32(), state = reader.u32();
    if (!reader.ok() || type != kReply || state > 1) return std::nullopt;
    if (state == 0 && skip_auth(reader)) {
        reply.accepted = reader.u32() == 0 && reader.ok();
        if (reply.accepted) reply.results = reader.rest();
    }
    return reply;
}

}  // namespace sekisho::app::rpc
