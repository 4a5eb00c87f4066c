// HTTP/1.x: what a conversation gives, field by field.
#include "app/http/http.h"

#include <algorithm>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/corpus.h"
#include "sekisho/app/limits.h"

namespace sekisho::app {
namespace {

using sekisho::testing::ParserRun;
using sekisho::testing::RecordingSink;
using ::testing::ElementsAre;

constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

/// A conversation of one request and one answer, closed at the end.
RecordingSink talk(std::string_view request, std::string_view response) {
    RecordingSink sink;
    ParserRun run(kHttp, sink);
    run.feed(kUp, request);
    run.feed(kDown, response);
    run.end();
    return sink;
}
std::string response_body(std::string_view response, std::string_view request = kGet) {
    return talk(request, response).body_of(0, kDown, Field::http_response_body);
}
std::string uri_of(std::string_view target) {
    const std::string request = "GET " + std::string(target) + " HTTP/1.1\r\nHost: h\r\n\r\n";
    return talk(request, "").value(0, Field::http_uri);
}

TEST(HttpRequest, FieldsOfAHead) {
    const auto sink = talk(
        "POST /a?b=c HTTP/1.1\r\nHost: WWW.Example.COM:8080\r\nUser-Agent: ua \r\nCookie: k=v\r\nX-A: 1\r\nx-a: 2\r\n"
        "Content-Length: 4\r\n\r\nbody",
        "");
    EXPECT_EQ(sink.value(0, Field::http_method), "POST");
    EXPECT_EQ(sink.value(0, Field::http_protocol), "HTTP/1.1");
    EXPECT_EQ(sink.value(0, Field::http_request_line), "POST /a?b=c HTTP/1.1");
    EXPECT_EQ(sink.value(0, Field::http_host), "www.example.com");
    EXPECT_EQ(sink.value(0, Field::http_host_raw), "WWW.Example.COM:8080");
    EXPECT_EQ(sink.value(0, Field::http_user_agent), "ua");
    EXPECT_EQ(sink.value(0, Field::http_cookie), "k=v");
    EXPECT_EQ(sink.value(0, Field::http_header),
              "Host: WWW.Example.COM:8080\r\nUser-Agent: ua\r\nX-A: 1, 2\r\nContent-Length: 4\r\n");
    EXPECT_EQ(sink.value(0, Field::http_header_names),
              "\r\nHost\r\nUser-Agent\r\nCookie\r\nX-A\r\nContent-Length\r\n\r\n");
    EXPECT_TRUE(sink.value(0, Field::http_header_raw).ends_with("Content-Length: 4\r\n\r\n"));
    EXPECT_TRUE(sink.value(0, Field::http_start).starts_with("POST /a?b=c HTTP/1.1\r\nHost: "));
    EXPECT_EQ(sink.transactions[0].fields.at(Field::http_request_header).size(), 5u);
    EXPECT_EQ(sink.body_of(0, kUp, Field::http_request_body), "body");
}

TEST(HttpRequest, UriIsNormalised) {
    EXPECT_EQ(uri_of("/a/../b/./c//d"), "/b/c/d");
    EXPECT_EQ(uri_of("/../../etc/passwd"), "/etc/passwd");
    EXPECT_EQ(uri_of("/%61%2fb%5cc\\d"), "/a/b/c/d");
    EXPECT_EQ(uri_of("/%u0041%uff0fx"), "/A/x");
    EXPECT_EQ(uri_of("/%zz%4"), "/%zz%4");
    EXPECT_EQ(uri_of("/a%20b?q=%41+c%2#f"), "/a b?q=A+c%2#f");
    EXPECT_EQ(uri_of("/a?x=%2541/../%5c"), "/a?x=%41/../\\");
    EXPECT_EQ(uri_of("http://Host.Example/p?q"), "/p?q");
    EXPECT_EQ(uri_of("/a b"), "/a b");
    EXPECT_EQ(uri_of("*"), "*");
    EXPECT_EQ(uri_of("/a/.."), "/");
}

TEST(HttpRequest, DoubleEncodingIsAnEventAndDecodedOnce) {
    const auto sink = talk("GET /%2541 HTTP/1.1\r\nHost: h\r\n\r\n", "");
    EXPECT_EQ(sink.value(0, Field::http_uri), "/%41");
    EXPECT_TRUE(sink.has_event(0, AppEvent::http_double_encoded_uri));
}

TEST(HttpRequest, HostComesFromTheTargetFirst) {
    const auto sink = talk("GET http://user@A.example:81/ HTTP/1.1\r\nHost: b.example\r\n\r\n", "");
    EXPECT_EQ(sink.value(0, Field::http_host), "a.example");
    EXPECT_TRUE(sink.has_event(0, AppEvent::http_host_header_ambiguous));
}

TEST(HttpRequest, Events) {
    const auto missing = talk("GET / HTTP/1.1\r\nX: y\r\n\r\n", "");
    EXPECT_TRUE(missing.has_event(0, AppEvent::http_missing_host_header));
    const auto invalid = talk("GET / HTTP/1.1\r\nHost: a b<>\r\nno colon\r\nAuthorization: Weird x\r\n\r\n", "");
    EXPECT_TRUE(invalid.has_event(0, AppEvent::http_request_header_host_invalid));
    EXPECT_TRUE(invalid.has_event(0, AppEvent::http_request_field_missing_colon));
    EXPECT_TRUE(invalid.has_event(0, AppEvent::http_request_auth_unrecognized));
    const auto twice = talk("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx", "");
    EXPECT_TRUE(twice.has_event(0, AppEvent::http_duplicate_request_content_length));
    EXPECT_TRUE(twice.has_event(0, AppEvent::http_invalid_request_content_length));
}

TEST(HttpRequest, LineIsToldBeforeTheHeadIsWhole) {
    RecordingSink sink;
    ParserRun run(kHttp, sink);
    run.feed(kUp, "GET /early HTTP/1.1\r\nHost:");
    EXPECT_EQ(sink.value(0, Field::http_uri), "/early");
    EXPECT_EQ(sink.transactions[0].stage[0], Stage::line);
    run.feed(kUp, " h\r\n\r\n");
    EXPECT_EQ(sink.value(0, Field::http_host), "h");
    EXPECT_EQ(sink.transactions[0].stage[0], Stage::complete);
}

TEST(HttpRequest, FilesOfAFormAreToldByNameAndContent) {
    const auto segments = corpus("http/multipart");
    for (const std::size_t piece : {0u, 1u, 5u}) {
        RecordingSink sink;
        testing::run_segments(kHttp, segments, piece, sink);
        EXPECT_THAT(sink.transactions[0].fields.at(Field::file_name), ElementsAre("up", "a.bin"));
        EXPECT_EQ(sink.body_of(0, kUp, Field::file_data), "file\r\n--bn data\r");
    }
}

TEST(HttpRequest, HeadBeyondTheLimitIsCutAndTheNextRequestIsRead) {
    std::string request = "GET /long HTTP/1.1\r\nHost: h\r\n";
    for (int i = 0; i < 9000; ++i) request += "X-" + std::to_string(i) + ": y\r\n";
    RecordingSink sink;
    ParserRun run(kHttp, sink);
    run.feed(kUp, request + "\r\nGET /next HTTP/1.1\r\nHost: h\r\n\r\n");
    ASSERT_EQ(sink.transactions.size(), 2u);
    EXPECT_TRUE(sink.has_event(0, AppEvent::http_request_field_too_long));
    EXPECT_TRUE(sink.has_event(0, AppEvent::http_request_too_many_headers));
    EXPECT_EQ(sink.value(0, Field::http_host), "h");
    EXPECT_EQ(sink.value(1, Field::http_uri), "/next");
}

TEST(HttpRequest, AFieldThatIsTooLongIsToldBeforeItsEndAndOnce) {
    RecordingSink sink;
    ParserRun run(kHttp, sink);
    run.feed(kUp, "GET / HTTP/1.1\r\nCookie: " + std::string(kHttpLineLong - 8, 'a'));  // with its name: as long as may be
    EXPECT_FALSE(sink.has_event(0, AppEvent::http_request_field_too_long));
    run.feed(kUp, "b");
    ASSERT_TRUE(sink.has_event(0, AppEvent::http_request_field_too_long));
    run.feed(kUp, "\r\n\r\n");
    const auto& events = sink.transactions[0].events;
    EXPECT_EQ(std::count(events.begin(), events.end(), AppEvent::http_request_field_too_long), 1);
}

TEST(HttpRequest, NoHttpIsRefused) {
    RecordingSink sink;
    ParserRun run(kHttp, sink);
    EXPECT_FALSE(run.feed(kUp, std::string("\x01\x02\x03\n", 4)));
    EXPECT_EQ(run.fault(), Fault::bad_syntax);
}

TEST(HttpResponse, FieldsOfAHead) {
    const auto sink = talk(kGet, "HTTP/1.1 404 Not  Found\r\nServer: s\r\nSet-Cookie: a=b\r\nLocation: /l\r\nContent-Length: 2\r\n\r\nno");
    EXPECT_EQ(sink.value(0, Field::http_stat_code), "404");
    EXPECT_EQ(sink.value(0, Field::http_stat_msg), "Not  Found");
    EXPECT_EQ(sink.value(0, Field::http_response_line), "HTTP/1.1 404 Not  Found");
    EXPECT_EQ(sink.value(0, Field::http_server), "s");
    EXPECT_EQ(sink.value(0, Field::http_cookie), "a=b");
    EXPECT_EQ(sink.transactions[0].facts.at(Fact::http_status), 404u);
    EXPECT_EQ(sink.transactions[0].facts.at(Fact::http_response_length), 2u);
    EXPECT_EQ(sink.transactions.size(), 1u);
    EXPECT_TRUE(sink.transactions[0].closed);
}

// What is sent is on the left, what a browser would show on the right.
TEST(HttpResponse, BodiesAsBrowsersFindThem) {
    struct Case {
        std::string_view response;
        std::string_view body;
    };
    using namespace std::string_view_literals;
    static constexpr Case cases[] = {
        {"HTTP/1.1 200 ok\r\nContent-Length: 4\r\n\r\nbody", "body"},
        {"HTTP/1.1 200 ok\r\n\r\nuntil the end", "until the end"},
        {"HTTP/1.1 200 ok\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nbo\r\n2;x\r\ndy\r\n0\r\n\r\n", "body"},
        {"HTTP/1.1 200 ok\r\nTransfer-Encoding: chunked\r\n\r\n \t2 junk\r\nbo\r\n\r\n02\r\ndy\r\n0\r\n\r\n", "body"},
        {"HTTP/1.1 200 ok\r\nTransfer-Encoding: chunked\r\n\r\nplain", "plain"},
        {"HTTP/1.1 200 ok\r\nTransfer-Encoding: x\r\n chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n", "body"},
        {"HTTP/1.1 200 ok\r\nTransfer-\0Encoding: chu\0nked\r\n\r\n4\r\nbody\r\n0\r\n\r\n"sv, "body"},
        {"HTTP/1.1 200 ok\nContent-Length: 4\n\nbody", "body"},
        {"HTTP/1.1 200 ok\rContent-Length: 4\r\r\n\r\nbody", "body"},
        {"HTTP/1.1 200 ok\n\rContent-Length: 4\n\r\nbody", "body"},
        {"\r\n \r\nHTTP/1.1 200 ok\r\nContent-Length: 4\r\n\r\nbody", "body"},
        {"junk\r\nHTTP/1.1 200 ok\r\nContent-Length: 4\r\n\r\nbody", "body"},
        {"HTTP/1.1 200 ok\r\nContent-Length: 2\r\n 4\r\nConnection: close\r\n\r\nbody", "body"},
        {"HTTP/1.1 204 none\r\nContent-Length: 4\r\n\r\nbody", "body"},
        {"HTTP/1.1 100 go\r\n\r\nHTTP/1.1 200 ok\r\nContent-Length: 4\r\n\r\nbody", "body"},
        {"<html>\r\nno head at all\r\n", "<html>\r\nno head at all\r\n"},
    };
    for (const auto& c : cases) EXPECT_EQ(response_body(c.response), c.body) << c.response;
}

TEST(HttpResponse, BodilessAnswersKeepThePipelineInStep) {
    const auto segments = corpus("http/head_304");
    RecordingSink sink;
    testing::run_segments(kHttp, segments, 0, sink);
    ASSERT_EQ(sink.transactions.size(), 3u);
    EXPECT_EQ(sink.body_of(0, kDown, Field::http_response_body), "");
    EXPECT_EQ(sink.value(1, Field::http_stat_code), "304");
    EXPECT_EQ(sink.body_of(1, kDown, Field::http_response_body), "");
    EXPECT_EQ(sink.body_of(2, kDown, Field::http_response_body), "ok");
    for (const auto& tx : sink.transactions) EXPECT_TRUE(tx.closed);
}

TEST(HttpResponse, FileNameOfTheDispositionFollowsTheOneOfThePath) {
    const auto sink = talk("GET /d/%61.bin?x HTTP/1.1\r\nHost: h\r\n\r\n",
                           "HTTP/1.1 200 ok\r\nContent-Disposition: attachment; filename=\"b.exe\"\r\nContent-Length: 0\r\n\r\n");
    EXPECT_THAT(sink.transactions[0].fields.at(Field::file_name), ElementsAre("a.bin", "b.exe"));
}

TEST(HttpResponse, WithoutRequestIsATransactionOfItsOwn) {
    const auto sink = talk("", "HTTP/1.1 200 ok\r\nContent-Length: 1\r\n\r\nx");
    ASSERT_EQ(sink.transactions.size(), 1u);
    EXPECT_TRUE(sink.has_event(0, AppEvent::http_unmatched_response));
    EXPECT_TRUE(sink.transactions[0].closed);
}

TEST(HttpResponse, IdentityBodyIsAViewAndCostsOneCall) {
    RecordingSink sink;
    ParserRun run(kHttp, sink);
    run.feed(kUp, kGet);
    run.feed(kDown, "HTTP/1.1 200 ok\r\nContent-Length: 100000\r\n\r\n");
    sink.body_calls = 0;
    run.feed(kDown, std::string(100000, 'x'));
    EXPECT_EQ(sink.body_calls, 1u);
    EXPECT_TRUE(sink.transactions[0].closed);
}

TEST(HttpTunnel, ConnectAndUpgradeEndTheProtocol) {
    RecordingSink sink;
    ParserRun run(kHttp, sink);
    run.feed(kUp, "CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n");
    run.feed(kDown, "HTTP/1.1 200 ok\r\n\r\n");
    EXPECT_EQ(sink.value(0, Field::http_host), "a.example");
    EXPECT_EQ(sink.value(0, Field::http_uri), "a.example:443");
    EXPECT_TRUE(sink.transactions[0].closed);
    EXPECT_FALSE(run.feed(kUp, "\x16\x03\x01"));
    EXPECT_EQ(run.fault(), Fault::none);
}

TEST(HttpGap, InsideABodyItGoesOn) {
    RecordingSink sink;
    ParserRun run(kHttp, sink);
    run.feed(kUp, kGet);
    run.feed(kDown, "HTTP/1.1 200 ok\r\nContent-Length: 10\r\n\r\nabc");
    EXPECT_TRUE(run.gap(kDown, 4));
    run.feed(kDown, "xyz");
    EXPECT_EQ(sink.body_of(0, kDown, Field::http_response_body), "abcxyz");
    EXPECT_TRUE(sink.transactions[0].closed);
    EXPECT_FALSE(run.gap(kDown, 4));
}

TEST(HttpPipeline, MoreRequestsThanPlacesAreStillRead) {
    std::string requests;
    for (int i = 0; i < 100; ++i) requests += kGet;
    const auto sink = talk(requests, "");
    EXPECT_EQ(sink.transactions.size(), 100u);
    for (const auto& tx : sink.transactions) EXPECT_TRUE(tx.closed);
}

TEST(HttpCuts, AnyCutGivesTheSame) {
    for (const auto& entry : std::filesystem::directory_iterator(SEKISHO_SOURCE_DIR "/tests/app/corpus/http"))
        testing::check_cuts(kHttp, testing::load_segments(entry.path()));
}

TEST(HttpProbe, ByContent) {
    const auto probe = [](std::string_view up, std::string_view down) {
        return kHttp.probe({as_bytes(up), as_bytes(down), 12345, 40000});
    };
    EXPECT_EQ(probe("GET / HTTP/1.1\r\n", ""), Probe::yes);
    EXPECT_EQ(probe("GE", ""), Probe::maybe);
    EXPECT_EQ(probe("ODDWORD /x HTTP/1.1\r\n", ""), Probe::yes);
    EXPECT_EQ(probe("EHLO x\r\n", ""), Probe::no);
    EXPECT_EQ(probe("", "HTTP/1.0 200 ok\r\n"), Probe::yes);
    EXPECT_EQ(probe("", "SSH-2.0-x\r\n"), Probe::no);
}

}  // namespace
}  // namespace sekisho::app
