// RDP's connection sequence up to the agreement on TLS.
#include "app/rdp/rdp.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/corpus.h"


namespace sekisho::app {
namespace {

using sekisho::testing::RecordingSink;
using ::testing::Contains;

RecordingSink run_broken(std::string_view name, Fault fault) {
    const auto segments = corpus("rdp/" + std::string(name));
    testing::check_cuts(kRdp, segments);
    RecordingSink sink;
    testing::ParserRun parser(kRdp, sink);
    for (const auto& segment : segments) parser.feed(segment.direction, segment.bytes);
    EXPECT_TRUE(parser.broken());
    EXPECT_EQ(parser.fault(), fault);
    parser.end();
    return sink;
}

TEST(Rdp, CookieAndTheStartOfTls) {
    const auto sink = run_broken("tls", Fault::none);
    EXPECT_EQ(sink.value(0, Field::rdp_cookie), "hanako");
    EXPECT_THAT(sink.transactions[0].fields.at(Field::detail), Contains("protocol=credssp"));
    EXPECT_TRUE(sink.transactions[0].closed);
}

TEST(Rdp, WithoutTlsItGoesOn) {
    const auto sink = run_broken("plain", Fault::none);
    EXPECT_EQ(sink.value(0, Field::rdp_cookie), "old");
    EXPECT_TRUE(sink.transactions[0].closed);
}

TEST(Rdp, ARefusalTellsItsCode) {
    const auto sink = run_broken("refused", Fault::bad_length);
    EXPECT_THAT(sink.transactions[0].fields.at(Field::detail), Contains("error_code:5"));
}

}  // namespace
}  // namespace sekisho::app
