#include "sekisho/urlfilter/dns_answer.h"

#include "sekisho/base/byte_reader.h"
#include "urlfilter/octet_writer.h"

namespace sekisho::urlfilter {
namespace {

constexpr std::size_t kHeaderBytes = 12;
constexpr unsigned kFlagResponse = 0x8000;
constexpr unsigned kOpcodeMask = 0x7800;
constexpr unsigned kFlagRecursionDesired = 0x0100;
constexpr unsigned kFlagRecursionAvailable = 0x0080;
constexpr unsigned kFlagCheckingDisabled = 0x0010;
constexpr unsigned kNxdomain = 3;
constexpr unsigned kTypeA = 1;
constexpr unsigned kTypeAaaa = 28;
constexpr unsigned kTypeOpt = 41;
constexpr unsigned kClassIn = 1;
constexpr unsigned kPointerToQuestion = 0xc00c;  // RFC 1035 section 4.1.4: offset 12
constexpr unsigned kUdpPayloadBytes = 1232;      // what fits a packet on any link, as resolvers agreed
constexpr unsigned kOptionExtendedError = 15;    // RFC 8914 section 2
constexpr unsigned kExtendedErrorBlocked = 15;   // RFC 8914 section 4.16
constexpr std::size_t kNameMaxBytes = 255;
constexpr std::size_t kRecordsMax = 16;  // walked to find OPT; queries carry one or two

struct Question {
    std::uint16_t id = 0;
    unsigned flags = 0;
    Bytes octets;  // name, type, class as they stand
    unsigned type = 0;
    unsigned klass = 0;
    bool edns = false;
};

/// Passes over an uncompressed name.
bool skip_plain_name(ByteReader& in) noexcept {
    const std::size_t from = in.position();
    for (;;) {
        const unsigned length = in.u8();
        if (!in.ok() || length > 63 || in.position() - from + length > kNameMaxBytes) return false;
        if (length == 0) return true;
        in.skip(length);
    }
}

/// True when an OPT record stands among the additional records.
bool has_opt(ByteReader& in, std::size_t records) noexcept {
    for (std::size_t i = 0; i < records && i < kRecordsMax; ++i) {
        if (!skip_plain_name(in)) return false;
        const unsigned type = in.u16();
        in.skip(6);  // class, TTL
        in.skip(in.u16());
        if (!in.ok()) return false;
        if (type == kTypeOpt) return true;
    }
    return false;
}

bool read_question(Bytes query, Question& question) noexcept {
    ByteReader in(query);
    question.id = in.u16();
    question.flags = in.u16();
    const unsigned questions = in.u16();
    const unsigned answers = in.u16();
    const unsigned authorities = in.u16();
    const unsigned additional = in.u16();
    if (!in.ok() || (question.flags & (kFlagResponse | kOpcodeMask)) != 0) return false;
    if (questions != 1 || answers != 0 || authorities != 0) return false;
    if (!skip_plain_name(in)) return false;
    question.type = in.u16();
    question.klass = in.u16();
    if (!in.ok()) return false;
    question.octets = query.subspan(kHeaderBytes, in.position() - kHeaderBytes);
    question.edns = has_opt(in, additional);
    return true;
}

void write_opt(OctetWriter& out) noexcept {
    out.u8(0);  // root
    out.u16(kTypeOpt);
    out.u16(kUdpPayloadBytes);
    out.u32(0);  // extended code, version, flags
    out.u16(6);
    out.u16(kOptionExtendedError);
    out.u16(2);
    out.u16(kExtendedErrorBlocked);
}

}  // namespace

std::size_t make_dns_answer(Bytes query, const DnsBlock& block, MutableBytes out) noexcept {
    Question question;
    if (!read_question(query, question)) return 0;
    const std::optional<IpAddress> none;
    const auto& address = question.klass != kClassIn   ? none
                          : question.type == kTypeA    ? block.v4
                          : question.type == kTypeAaaa ? block.v6
                                                       : none;
    const bool exists = block.v4.has_value() || block.v6.has_value();
    OctetWriter answer(out);
    answer.u16(question.id);
    answer.u16(kFlagResponse | kFlagRecursionAvailable | (exists ? 0 : kNxdomain) |
               (question.flags & (kFlagRecursionDesired | kFlagCheckingDisabled)));
    answer.u16(1);
    answer.u16(address ? 1 : 0);
    answer.u16(0);
    answer.u16(question.edns ? 1 : 0);
    answer.bytes(question.octets);
    if (address) {
        // An address of the other family would make a record its reader cannot parse: 4 or 16 octets by type.
        const Bytes wire =
            question.type == kTypeA ? Bytes(address->octets).subspan(12) : Bytes(address->octets);
        answer.u16(kPointerToQuestion);
        answer.u16(question.type);
        answer.u16(kClassIn);
        answer.u32(block.ttl_seconds);
        answer.u16(static_cast<unsigned>(wire.size()));
        answer.bytes(wire);
    }
    if (question.edns) write_opt(answer);
    return answer.ok() ? answer.size() : 0;
}

}  // namespace sekisho::urlfilter
