#include "sekisho/event/support_end.h"

#include <gtest/gtest.h>

using namespace sekisho::event;

TEST(SupportEnd, IsFoundWhereItWasWritten) {
    EXPECT_EQ(support_end_of("Windows XP" + support_end_text("2014-04-08") + " (by ntlm)"), "2014-04-08");
    EXPECT_EQ(support_end_of("Windows XP, support ends 2014"), "2014");
    EXPECT_EQ(support_end_of("macOS 15 (by user-agent)"), "");
    EXPECT_EQ(support_end_of(""), "");
}
