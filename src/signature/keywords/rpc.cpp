// rpc:program,version,procedure with * for any: the ONC RPC call (RFC 5531 section 9) at the begin of a packet.
#include "sekisho/base/byte_reader.h"
#include "signature/keywords/all.h"
#include "signature/keywords/byte_fetch.h"
#include "signature/number.h"

namespace sekisho::signature {
namespace {

constexpr std::uint64_t kAny = ~std::uint64_t{0};

bool calls(const PacketTest& test, const packet::Packet& packet) noexcept {
    if (!packet.is_tcp() && !packet.is_udp()) return false;
    ByteReader reader(packet.payload_bytes());
    reader.skip(packet.is_tcp() ? 8 : 4);  // record mark; transaction id
    const std::uint32_t type = reader.u32();
    reader.skip(4);
    const std::uint64_t program = reader.u32(), version = reader.u32(), procedure = reader.u32();
    return reader.ok() && type == 0 && program == test.a && (test.b == kAny || version == test.b) &&
           (test.c == kAny || procedure == test.c);
}

}  // namespace

Status parse_rpc(RuleBuilder& builder, const Use& use) {
    const auto words = words_of(use.value);
    if (words.size() > 3) return wrong("the form is 'program,version,procedure'");
    PacketTest test;
    test.match = calls;
    test.keyword = use.keyword.name;
    test.b = test.c = kAny;
    std::uint64_t* const places[] = {&test.a, &test.b, &test.c};
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (words[i] == "*" && i > 0) continue;
        const auto number = parse_number(words[i], 0, 0xffffffff);
        if (!number) return fail(number.error());
        *places[i] = static_cast<std::uint64_t>(*number);
    }
    builder.rule().packet_tests.push_back(test);
    return {};
}

}  // namespace sekisho::signature
