#include "control/frame.h"

#include "sekisho/base/byte_reader.h"

namespace sekisho::control {
namespace {

void put_u16(std::string& out, std::size_t value) {
    out.push_back(static_cast<char>(value >> 8 & 0xff));
    out.push_back(static_cast<char>(value & 0xff));
}

void put_u32(std::string& out, std::size_t value) {
    put_u16(out, value >> 16 & 0xffff);
    put_u16(out, value & 0xffff);
}

std::string frame(std::string_view body) {
    std::string out;
    out.reserve(kLengthBytes + body.size());
    put_u32(out, body.size());
    out.append(body);
    return out;
}

void put_word(std::string& out, std::string_view word) {
    put_u32(out, word.size());
    out.append(word);
}

constexpr std::size_t kReplyHeadBytes = 2;

}  // namespace

Result<std::string> encode_request(const Request& request) {
    if (request.command.empty()) return fail(ErrorCode::invalid, "a request needs a command word");
    if (request.args.size() + 1 > kWordsMax)
        return fail(ErrorCode::limit,
                    "a request has at most " + std::to_string(kWordsMax) + " words");
    std::string body;
    body.push_back(static_cast<char>(kProtocolVersion));
    put_u16(body, request.args.size() + 1);
    put_word(body, request.command);
    for (const auto& word : request.args) {
        if (word.size() > kRequestMaxBytes)
            break;  // refused below, before its size is cut to 32 bits
        put_word(body, word);
    }
    std::size_t total = body.size();
    for (const auto& word : request.args) total = std::max(total, word.size());
    if (total > kRequestMaxBytes)
        return fail(ErrorCode::limit,
                    "a request has at most " + std::to_string(kRequestMaxBytes) + " bytes");
    return frame(body);
}

std::string encode_reply(const Reply& reply) {
    if (reply.text.size() + kReplyHeadBytes > kReplyMaxBytes)
        return encode_reply({false, "the answer is larger than " + std::to_string(kReplyMaxBytes) +
                                        " bytes; ask for less"});
    std::string body;
    body.reserve(kReplyHeadBytes + reply.text.size());
    body.push_back(static_cast<char>(kProtocolVersion));
    body.push_back(reply.ok ? 1 : 0);
    body.append(reply.text);
    return frame(body);
}

Result<Request> parse_request(Bytes body) {
    ByteReader reader(body);
    if (reader.u8() != kProtocolVersion)
        return fail(ErrorCode::invalid, "the request has another protocol version");
    const std::size_t words = reader.u16();
    if (words == 0 || words > kWordsMax)
        return fail(ErrorCode::invalid, "the request has no word, or too many");
    Request request;
    for (std::size_t i = 0; i < words && reader.ok(); ++i) {
        const std::string_view word = as_text(reader.bytes(reader.u32()));
        if (i == 0)
            request.command = word;
        else
            request.args.emplace_back(word);
    }
    if (!reader.ok() || reader.remaining() != 0)
        return fail(ErrorCode::invalid, "the request's words do not fit its length");
    if (request.command.empty()) return fail(ErrorCode::invalid, "the request has no command word");
    return request;
}

Result<Reply> parse_reply(Bytes body) {
    ByteReader reader(body);
    const auto version = reader.u8();
    const auto ok = reader.u8();
    if (!reader.ok() || version != kProtocolVersion || ok > 1)
        return fail(ErrorCode::invalid, "the answer is not a reply");
    return Reply{ok == 1, std::string(as_text(reader.rest()))};
}

FrameReader::State FrameReader::append(Bytes piece) {
    buffer_.append(as_text(piece));
    if (buffer_.size() < kLengthBytes) return State::need_more;
    const std::size_t length = ByteReader(as_bytes(buffer_)).u32();
    if (length > body_max_bytes_ || buffer_.size() - kLengthBytes > length) return State::broken;
    return buffer_.size() - kLengthBytes == length ? State::whole : State::need_more;
}

}  // namespace sekisho::control
