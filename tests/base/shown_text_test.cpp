#include "sekisho/base/shown_text.h"

#include <gtest/gtest.h>

namespace sekisho {
namespace {

TEST(ShownText, LeavesWhatIsFitToRead) {
    EXPECT_EQ(shown_line("KEIRI-PC 経理"), "KEIRI-PC 経理");
    EXPECT_EQ(shown_html("経理 & 総務"), "経理 &amp; 総務");
}

TEST(ShownText, ReplacesWhatSteers) {
    EXPECT_EQ(shown_line("a\r\nb\tc"), "a  b c");
    EXPECT_EQ(shown_line(std::string_view("a\0b\x1b[31m\x7f", 9)), "a\xef\xbf\xbd"
                                                                   "b\xef\xbf\xbd[31m\xef\xbf\xbd");
    EXPECT_EQ(shown_line("exe.\xe2\x80\xae"
                         "fdp"),
              "exe.\xef\xbf\xbd"
              "fdp");                                                     // U+202E turns the direction
    EXPECT_EQ(shown_line("\xc2\x85\xe2\x80\xa8"), "\xef\xbf\xbd\xef\xbf\xbd");  // NEL, LINE SEPARATOR
    EXPECT_EQ(shown_line("\xff\xc0\xaf\xed\xa0\x80"), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
}

TEST(ShownText, EscapesHtml) {
    EXPECT_EQ(shown_html("<script>alert('x')</script>\" onload=\"y"),
              "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot; onload=&quot;y");
}

TEST(ShownText, CutsAtACharacter) {
    EXPECT_EQ(shown_line("abcdef", 6), "abcdef");
    EXPECT_EQ(shown_line("abcdefg", 6), "abc...");
    EXPECT_EQ(shown_line("関所関所", 9), "関所...");
    EXPECT_EQ(shown_line("関所関所", 8), "関...");
    EXPECT_EQ(shown_line("関所", 3), "...");
}

}  // namespace
}  // namespace sekisho
