// Any row of datagrams: nothing impossible is told.
#include "app/ldap/ldap.h"
#include "support/parser_segments.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace sekisho;
    testing::RecordingSink sink;
    testing::run_segments(app::kLdapUdp, testing::read_segments(as_text({data, size})), 0, sink);
    if (sink.stage_fell || sink.closed_twice) std::abort();
    return 0;
}
