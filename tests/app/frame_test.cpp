// Frames by name, and what parsers announce: the same however the octets are cut.
#include "sekisho/app/frame.h"

#include <gtest/gtest.h>

#include "support/parser_segments.h"

namespace sekisho::app {
namespace {

using sekisho::testing::ParserRun;
using sekisho::testing::RecordedFrame;
using sekisho::testing::RecordingSink;

TEST(Frame, IsFoundWithItsPrefixOrUnderItsProtocol) {
    EXPECT_EQ(find_frame("smb2.data", Protocol::smb)->field, Field::frame_smb2_data);
    EXPECT_EQ(find_frame("smb.smb2.data", Protocol::unknown)->field, Field::frame_smb2_data);
    EXPECT_EQ(find_frame("pdu", Protocol::mqtt)->field, Field::frame_mqtt_pdu);
    EXPECT_EQ(find_frame("tls.pdu", Protocol::unknown)->protocol, Protocol::tls);
    EXPECT_EQ(find_frame("http1.stream", Protocol::unknown)->field, Field::frame_stream);
    EXPECT_EQ(find_frame("http1.stream", Protocol::unknown)->protocol, Protocol::http);
    EXPECT_EQ(find_frame("stream", Protocol::ssh)->protocol, Protocol::ssh);
    EXPECT_FALSE(find_frame("stream", Protocol::unknown));
    EXPECT_FALSE(find_frame("pdu", Protocol::http));
    EXPECT_FALSE(find_frame("smtp.not_supported", Protocol::smtp));
}

TEST(Frame, OfAMessageIsAnnouncedOnceWithItsLength) {
    const std::string ping("\xc0\x00", 2), connect("\x10\x0c\x00\x04MQTT\x04\x02\x00\x3c\x00\x00", 14);
    for (const std::size_t piece : {1u, 3u, 100u}) {
        RecordingSink sink;
        ParserRun run(*find_parser(Protocol::mqtt, Transport::tcp), sink);
        const std::string all = connect + ping;
        for (std::size_t at = 0; at < all.size(); at += piece) run.feed(Direction::to_server, all.substr(at, piece));
        const std::vector<RecordedFrame> wanted{{Direction::to_server, Field::frame_mqtt_pdu, 14},
                                                {Direction::to_server, Field::frame_mqtt_header, 2},
                                                {Direction::to_server, Field::frame_mqtt_data, 12},
                                                {Direction::to_server, Field::frame_mqtt_pdu, 2},
                                                {Direction::to_server, Field::frame_mqtt_header, 2},
                                                {Direction::to_server, Field::frame_mqtt_data, 0}};
        EXPECT_EQ(sink.frames, wanted) << "pieces of " << piece;
    }
}

}  // namespace
}  // namespace sekisho::app
