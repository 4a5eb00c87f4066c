// Any conversation, whole and in pieces, gives the same fields.
#include "app/ldap/ldap.h"
#include "support/parser_segments.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace sekisho;
    testing::check_cuts(app::kLdapTcp, testing::read_segments(as_text({data, size})));
    return 0;
}
