#include "sekisho/foreign/framing.h"

#include <gtest/gtest.h>

#include <vector>

#include "foreign/limits.h"

namespace sekisho::foreign {
namespace {

std::vector<std::string> messages(std::string_view stream, std::size_t step, Framer::Counts* counts = nullptr) {
    Framer framer;
    std::vector<std::string> all;
    const auto give = [&](std::string_view message) { all.emplace_back(message); };
    for (std::size_t at = 0; at < stream.size(); at += step) framer.take(stream.substr(at, step), give);
    framer.end(give);
    if (counts != nullptr) *counts = framer.counts();
    return all;
}

TEST(Framing, CountedAndByLinesInOneStreamHoweverItIsCut) {
    const std::string stream = "9 <14>a b\nc<14>line\r\n7 <14>two1,2 columns\n\n<14>last";
    const std::vector<std::string> wanted{"<14>a b\nc", "<14>line", "<14>two", "1,2 columns", "<14>last"};
    for (std::size_t step = 1; step < stream.size() + 2; ++step) EXPECT_EQ(messages(stream, step), wanted) << step;
}

TEST(Framing, TooLongIsThrownAwayWholeAndTheNextIsRead) {
    const std::string huge(kMessageMax + 1, 'x');
    for (const std::string& stream : {"<14>" + huge + "\n<14>next\n", std::to_string(huge.size()) + " " + huge + "8 <14>next"}) {
        for (const std::size_t step : {std::size_t{1000}, stream.size()}) {
            Framer::Counts counts;
            EXPECT_EQ(messages(stream, step, &counts), std::vector<std::string>{"<14>next"});
            EXPECT_EQ(counts.too_long, 1U);
        }
    }
}

TEST(Framing, ACountThatIsNotReachedIsNoMessage) {
    EXPECT_TRUE(messages("20 <14>half", 3).empty());
    EXPECT_EQ(messages("123456789 x\n", 4), std::vector<std::string>{"123456789 x"});  // too many digits for a count
}

}  // namespace
}  // namespace sekisho::foreign
