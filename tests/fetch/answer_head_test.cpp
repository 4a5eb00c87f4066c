#include "fetch/answer_head.h"

#include <gtest/gtest.h>

using namespace sekisho::fetch;

namespace {

std::string etag_of(std::string_view value) {
    AnswerHead head;
    head.line("HTTP/1.1 200 OK\r\n");
    head.line("ETag: " + std::string(value) + "\r\n");
    return head.etag();
}

TEST(AnswerHead, KeepsAnEntityTagAsItIs) {
    EXPECT_EQ(etag_of("\"5f3-abc\""), "\"5f3-abc\"");
    EXPECT_EQ(etag_of("W/\"1\""), "W/\"1\"");
    EXPECT_EQ(etag_of("\"\""), "\"\"");
    AnswerHead head;
    head.line("eTAG:\"a\"");
    EXPECT_EQ(head.etag(), "\"a\"");
}

TEST(AnswerHead, TakesNothingThatWouldNotBeATag) {
    for (const char* wrong : {"5f3", "\"", "\"a\"b\"", "\"a b\"", "\"a\rX-Other: 1\"", "w/\"1\"", ""}) EXPECT_EQ(etag_of(wrong), "") << wrong;
    EXPECT_EQ(etag_of('"' + std::string(254, 'a') + '"').size(), AnswerHead::kEtagMaxBytes);
    EXPECT_EQ(etag_of('"' + std::string(255, 'a') + '"'), "");
}

TEST(AnswerHead, ForgetsTheTagOfARedirect) {
    AnswerHead head;
    head.line("HTTP/1.1 302 Found\r\n");
    head.line("ETag: \"old\"\r\n");
    head.line("HTTP/1.1 200 OK\r\n");
    EXPECT_EQ(head.etag(), "");
}

}  // namespace
