#include "control/frame.h"

#include <gtest/gtest.h>

namespace sekisho::control {
namespace {

using State = FrameReader::State;

Bytes body_of(const std::string& frame) { return as_bytes(frame).subspan(kLengthBytes); }

TEST(Frame, RequestsRoundTrip) {
    const Request cases[] = {
        {"status", {}},
        {"rule", {"2024001"}},
        {"add", {"alert tcp any any -> any any (msg:\"x\"; sid:1;)", "", std::string("\0\n", 2)}},
        {"words", std::vector<std::string>(kWordsMax - 1, "w")},
    };
    for (const auto& request : cases) {
        const auto frame = encode_request(request);
        ASSERT_TRUE(frame);
        const auto back = parse_request(body_of(*frame));
        ASSERT_TRUE(back) << back.error().message();
        EXPECT_EQ(*back, request);
    }
}

TEST(Frame, RepliesRoundTrip) {
    for (const Reply& reply :
         {Reply{true, ""}, Reply{false, "no such rule"}, Reply{true, std::string(100000, 'x')}}) {
        const auto back = parse_reply(body_of(encode_reply(reply)));
        ASSERT_TRUE(back);
        EXPECT_EQ(*back, reply);
    }
}

TEST(Frame, RequestsOverTheLimitsAreRefusedBeforeTheyAreSent) {
    EXPECT_EQ(encode_request({"", {}}).error().code, ErrorCode::invalid);
    EXPECT_EQ(encode_request({"a", std::vector<std::string>(kWordsMax, "w")}).error().code,
              ErrorCode::limit);
    EXPECT_EQ(encode_request({"a", {std::string(kRequestMaxBytes + 1, 'x')}}).error().code,
              ErrorCode::limit);
}

TEST(Frame, AReplyTooLongBecomesARefusal) {
    const auto back = parse_reply(body_of(encode_reply({true, std::string(kReplyMaxBytes, 'x')})));
    ASSERT_TRUE(back);
    EXPECT_FALSE(back->ok);
    EXPECT_NE(back->text.find("larger than"), std::string::npos);
}

TEST(Frame, MalformedBodiesAreRefused) {
    const std::string bodies[] = {
        "",
        std::string("\2\0\1\0\0\0\1x", 8),   // another version
        std::string("\1\0\0", 3),            // no word
        std::string("\1\0\1\0\0\0\0", 7),    // empty command
        std::string("\1\0\1\0\0\0\2x", 8),   // word longer than the body
        std::string("\1\0\1\0\0\0\1xy", 9),  // bytes left over
        std::string("\1\0\1\xff\xff\xff\xffx", 8),
        std::string("\1\xff\xff", 3),  // more words than allowed
    };
    for (const auto& body : bodies) EXPECT_FALSE(parse_request(as_bytes(body)));
    EXPECT_FALSE(parse_reply(as_bytes("")));
    EXPECT_FALSE(parse_reply(as_bytes(std::string("\1\2x", 3))));
}

TEST(FrameReader, GathersAFrameFromSingleBytes) {
    const auto frame = encode_request({"status", {"--json"}});
    ASSERT_TRUE(frame);
    FrameReader reader(kRequestMaxBytes);
    for (std::size_t i = 0; i + 1 < frame->size(); ++i)
        ASSERT_EQ(reader.append(as_bytes(*frame).subspan(i, 1)), State::need_more);
    EXPECT_EQ(reader.append(as_bytes(*frame).last(1)), State::whole);
    EXPECT_TRUE(parse_request(reader.body()));
}

TEST(FrameReader, RefusesLengthsOverTheLimitAndTrailingBytes) {
    FrameReader huge(kRequestMaxBytes);
    EXPECT_EQ(huge.append(as_bytes(std::string("\xff\xff\xff\xff", 4))), State::broken);
    FrameReader trailing(kRequestMaxBytes);
    EXPECT_EQ(trailing.append(as_bytes(std::string("\0\0\0\1ab", 6))), State::broken);
}

}  // namespace
}  // namespace sekisho::control
