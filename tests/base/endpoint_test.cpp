#include "sekisho/base/endpoint.h"

#include <gtest/gtest.h>

namespace sekisho {
namespace {

TEST(Endpoint, IsAnAddressAndAPort) {
    const auto v4 = Endpoint::parse("192.0.2.1:514");
    ASSERT_TRUE(v4);
    EXPECT_EQ(v4->address.to_string(), "192.0.2.1");
    EXPECT_EQ(v4->port, 514);
    const auto v6 = Endpoint::parse("[2001:db8::1]:0");
    ASSERT_TRUE(v6);
    EXPECT_EQ(v6->address.to_string(), "2001:db8::1");
    for (const char* wrong : {"", ":", "192.0.2.1", "192.0.2.1:", "192.0.2.1:65536", "192.0.2.1:-1", "2001:db8::1:514", "[192.0.2.1:514", "host:514", "[]:1"})
        EXPECT_FALSE(Endpoint::parse(wrong)) << wrong;
}

}  // namespace
}  // namespace sekisho
