#include "sekisho/crypto/signing_key.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

namespace sekisho::crypto {
namespace {

Bytes bytes(std::string_view text) { return as_bytes(text); }

struct SigningKeyTest : testing::Test {
    SigningKeyTest() : path(testing::TempDir() + "sekisho-key-" + std::to_string(::getpid())) {}
    ~SigningKeyTest() override {
        std::remove(path.c_str());
        std::remove((path + ".pub").c_str());
    }
    std::string path;
};

TEST_F(SigningKeyTest, IsMadeOnceAndSigns) {
    auto key = SigningKey::open(path);
    ASSERT_TRUE(key) << key.error().message();
    struct stat facts {};
    ASSERT_EQ(::stat(path.c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777U, 0600U);
    const auto signature = key->sign(bytes("a message"));
    ASSERT_TRUE(signature);
    const auto again = SigningKey::open(path);
    ASSERT_TRUE(again);
    EXPECT_EQ(*again->sign(bytes("a message")), *signature);  // the same key, and Ed25519 has no chance in it
    const auto verifying = VerifyingKey::load(path + ".pub");
    ASSERT_TRUE(verifying) << verifying.error().message();
    EXPECT_TRUE(verifying->verifies(bytes("a message"), *signature));
    EXPECT_FALSE(verifying->verifies(bytes("a massage"), *signature));
    auto bent = *signature;
    bent[5] ^= 1;
    EXPECT_FALSE(verifying->verifies(bytes("a message"), bent));
    EXPECT_FALSE(verifying->verifies(bytes("a message"), Bytes(bent).first(10)));
    EXPECT_EQ(key->public_half()->pem(), verifying->pem());
}

TEST_F(SigningKeyTest, RefusesOtherFiles) {
    std::ofstream(path) << "not a key";
    EXPECT_EQ(SigningKey::open(path).error().code, ErrorCode::invalid);
    EXPECT_EQ(VerifyingKey::load(path).error().code, ErrorCode::invalid);
    EXPECT_EQ(VerifyingKey::load(path + ".none").error().code, ErrorCode::not_found);
    EXPECT_FALSE(SigningKey::open("/nowhere/at/all/key"));
}

}  // namespace
}  // namespace sekisho::crypto
