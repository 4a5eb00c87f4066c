// DER of any kind: parsed, and every text written into buffers of several sizes.
#include <vector>

#include "sekisho/crypto/certificate.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace sekisho;
    const auto parsed = crypto::parse_certificate({data, size});
    for (const std::size_t room : {0u, 10u, 4096u}) {
        std::vector<std::uint8_t> out(room);
        crypto::write_name(parsed.facts.subject, out);
        crypto::write_name(parsed.facts.issuer, out);
        crypto::write_name({data, size}, out);
        crypto::write_serial(parsed.facts.serial, out);
        crypto::write_fingerprint({data, size}, out);
    }
    Bytes names = parsed.facts.alt_names;
    while (crypto::next_alt_name(names)) {
    }
    return 0;
}
