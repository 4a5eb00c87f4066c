// Any message: no answer, or one that repeats id and question and fits.
#include <array>
#include <cstdlib>

#include "sekisho/urlfilter/dns_answer.h"

using namespace sekisho;
using namespace sekisho::urlfilter;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    DnsBlock block;
    if (size % 2 == 1) block.v4 = IpAddress::parse("192.0.2.1");
    if (size % 3 == 1) block.v6 = IpAddress::parse("2001:db8::1");
    std::array<std::uint8_t, kDnsAnswerMaxBytes> out{};
    const std::size_t used = make_dns_answer({data, size}, block, out);
    if (used == 0) return 0;
    if (used < 12 || out[0] != data[0] || out[1] != data[1] || (out[2] & 0x80) == 0) std::abort();
    return 0;
}
