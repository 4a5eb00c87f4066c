#include "sekisho/crypto/base64.h"

#include <gtest/gtest.h>

#include <utility>

using sekisho::crypto::base64;

TEST(Base64, IsThatOfTheRfc) {
    const std::pair<const char*, const char*> vectors[] = {{"", ""},         {"f", "Zg=="},         {"fo", "Zm8="},        {"foo", "Zm9v"},
                                                           {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}};  // RFC 4648 section 10
    for (const auto& [octets, digits] : vectors) EXPECT_EQ(base64(octets), digits);
    EXPECT_EQ(base64("\xff\xfe\xfd"), "//79");
}
