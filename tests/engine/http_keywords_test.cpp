// Buffers of HTTP by all their names, on one request and its answer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/keyword_cases.h"

namespace sekisho::engine {
namespace {

using namespace testing;

std::vector<Octets> exchange() {
    return talk(80)
        .open()
        .client("POST /a%20b?x=1 HTTP/1.1\r\nHost: H.Example\r\nUser-Agent: probe/1\r\nReferer: http://r.example/\r\n"
                "Accept: text/html\r\nAccept-Encoding: gzip\r\nAccept-Language: ja\r\nConnection: close\r\nCookie: k=v\r\n"
                "Content-Type: text/xml\r\nContent-Length: 4\r\n\r\nasks")
        .server("HTTP/1.1 301 Moved Away\r\nServer: nginx\r\nLocation: /new\r\nContent-Type: image/png\r\n"
                "Set-Cookie: s=t\r\nContent-Length: 7\r\n\r\nanswers")
        .frames();
}

void expect_http(const std::vector<OptionCase>& cases) { expect_options("http", exchange(), cases); }

TEST(HttpKeywords, ARuleOfNoDirectionHitsRequestAndAnswerWhereBothHaveTheField) {
    const std::string rules = alert_rule("http", "http.protocol; content:\"HTTP/1.1\";", 1) + alert_rule("http", "http.header; content:\"image\";", 2) +
                              alert_rule("http", "flow:to_client; http.protocol; content:\"HTTP/1.1\";", 3) +
                              alert_rule("http", "http.uri; content:\"x=1\";", 4) +
                              alert_rule("http", "http.method; content:\"POST\"; http.header; content:\"text/html\";", 5);
    EXPECT_THAT(sids_of_frames(rules, exchange()), ::testing::UnorderedElementsAre(1u, 1u, 2u, 3u, 4u, 5u));
}

TEST(HttpKeywords, RequestLine) {
    expect_http({{"http.uri; content:\"/a b?x=1\"; bsize:8;", true},
                 {"http.uri; content:\"%20\";", false},
                 {"http.uri.raw; content:\"/a%20b?x=1\"; bsize:10;", true},
                 {"http.uri.raw; content:\"/a b\";", false},
                 {"http.method; content:\"POST\"; bsize:4;", true},
                 {"http.method; content:\"GET\";", false},
                 {"http.protocol; content:\"HTTP/1.1\"; bsize:8;", true},
                 {"http.request_line; content:\"POST /a%20b?x=1 HTTP/1.1\"; bsize:24;", true},
                 {"http.request_line; content:\"Host\";", false},
                 {"content:\"/a%20b\"; http_raw_uri;", true},
                 {"content:\"/a b\"; http_raw_uri;", false},
                 {"http_protocol; content:\"HTTP/1.0\";", false},
                 {"http_request_line; content:\"POST /\"; startswith;", true},
                 {"urilen:8;", true},
                 {"urilen:10;", false},
                 {"urilen:10,raw;", true},
                 {"urilen:8,raw;", false},
                 {"urilen:8,norm;", true},
                 {"urilen:5<>9,norm;", true},
                 {"urilen:>10;", false}});
}

TEST(HttpKeywords, Absence) {
    expect_http({{"http.request_body; absent;", false},
                 {"http.request_body; absent:or_else; content:\"asks\";", true},
                 {"http.request_body; absent:or_else; content:!\"asks\";", false},
                 {"http.user_agent; absent;", false}});
    const auto bodiless = talk(80)
                              .open()
                              .client("GET / HTTP/1.1\r\nHost: h.example\r\n\r\n")
                              .server("HTTP/1.1 204 No Content\r\n\r\n")
                              .frames();
    expect_options("http", bodiless, {{"http.request_body; absent;", true},
                                      {"http.request_body; absent; http.method; content:\"GET\";", true},
                                      {"http.request_body; absent; http.method; content:\"POST\";", false},
                                      {"http.request_body; absent:or_else; content:\"never\";", true},
                                      {"http.referer; absent;", true},
                                      {"http.host; absent;", false},
                                      {"flow:to_client; file.data; absent;", true},
                                      {"flow:to_client; file.data; absent:or_else; content:!\"a\"; http.stat_code; content:\"204\";", true},
                                      {"flow:to_client; http.location; absent; http.stat_code; content:\"204\";", true}});
}

TEST(HttpKeywords, BothSidesOfATransaction) {
    std::string rules;
    const std::vector<OptionCase> cases{
        {"http.uri; content:\"/a b\"; http.stat_code; content:\"301\";", true},
        {"http.uri; content:\"/a b\"; http.stat_code; content:\"404\";", false},
        {"http.uri; content:\"/other\"; http.stat_code; content:\"301\"; fast_pattern;", false},
        {"http.uri; content:\"/a b\"; http.server; content:\"nginx\"; fast_pattern;", true},
        {"http.content_type: to_client; content:\"image/png\"; http.content_type: to_server; content:\"text/xml\";", true},
        {"http.content_type; content:\"image/png\"; http.stat_code; content:\"301\";", false},
        {"http.request_body; content:\"asks\"; http.response_body; content:\"answers\";", true},
        {"http.method; content:\"POST\"; filesize: to_client, <100;", true},
        {"http.method; content:\"POST\"; filesize: to_client, >100;", false},
        {"http.stat_code; content:\"301\"; file.data: to_client; content:\"answers\";", true}};
    for (std::size_t i = 0; i < cases.size(); ++i)
        rules += "alert http 192.0.2.0/24 any => any 80 (" + cases[i].options + " sid:" + std::to_string(i + 1) + ";)\n";
    rules += "alert http any 80 => any any (http.method; content:\"POST\"; http.stat_code; content:\"301\"; sid:99;)\n";
    Rig rig(policy_of(rules, no_filter()), small_config());
    rig.feed(exchange());
    rig.finish();
    const auto told = rig.sids();
    for (std::size_t i = 0; i < cases.size(); ++i)
        EXPECT_EQ(std::count(told.begin(), told.end(), i + 1), cases[i].matches ? 1 : 0) << cases[i].options;
    EXPECT_EQ(std::count(told.begin(), told.end(), 99u), 0) << "source and destination are the client's way";
}

TEST(HttpKeywords, NamesOfTheHeaders) {
    expect_http({{"flow:to_server; http.header_names; content:\"|0d 0a|Host|0d 0a|User-Agent|0d 0a|\"; startswith;", true},
                 {"flow:to_server; http.header_names; content:\"|0d 0a|Content-Length|0d 0a 0d 0a|\"; endswith;", true},
                 {"flow:to_server; http.header_names; content:!\"Origin\";", true},
                 {"flow:to_server; http.header_names; content:\"Server\";", false},
                 {"flow:to_client; http_header_names; content:\"|0d 0a|Server|0d 0a|Location|0d 0a|\"; startswith;", true},
                 {"flow:to_client; http.header_names; content:\"Host\";", false}});
}

TEST(HttpKeywords, HeadAsItWasSent) {
    expect_http({{"http.start; content:\"POST /a%20b?x=1 HTTP/1.1|0d 0a|Host: H.Example|0d 0a|\"; startswith;", true},
                 {"http_start; content:\"HTTP/1.1 301 Moved Away|0d 0a|Server: \"; startswith;", true},
                 {"http.start; content:\"asks\";", false},
                 {"flow:to_server; http.header.raw; content:\"Host: H.Example|0d 0a|User\";", true},
                 {"flow:to_server; http.header.raw; content:\"asks\";", false},
                 {"content:\"Accept-Language: ja\"; http_raw_header; flow:to_server;", true},
                 {"content:\"asks\"; http_raw_header; flow:to_server;", false},
                 {"http.header; content:\"User-Agent: probe/1|0d 0a|\";", true},
                 {"http.header; content:\"Cookie\";", false},
                 {"http.header; header_lowercase; content:\"user-agent: probe/1\";", true},
                 {"http.header; header_lowercase; content:\"User-Agent\";", false},
                 {"http.header; strip_pseudo_headers; content:\"Host: H.Example\";", true}});
}

TEST(HttpKeywords, SingleHeadersOfTheRequest) {
    expect_http({{"http.host; content:\"h.example\"; bsize:9;", true},
                 {"http.host; content:\"other\";", false},
                 {"http.host.raw; content:\"H.Example\"; bsize:9;", true},
                 {"content:\"h.example\"; http_host;", true},
                 {"content:\"H.Example\"; http_raw_host;", true},
                 {"content:\"h.example\"; http_raw_host;", false},
                 {"http.user_agent; content:\"probe/1\"; bsize:7;", true},
                 {"http.referer; content:\"http://r.example/\"; bsize:17;", true},
                 {"http_referer; content:\"h.example\";", false},
                 {"http.accept; content:\"text/html\"; bsize:9;", true},
                 {"http_accept; content:\"gzip\";", false},
                 {"http.accept_enc; content:\"gzip\"; bsize:4;", true},
                 {"http_accept_enc; content:\"html\";", false},
                 {"http.accept_lang; content:\"ja\"; bsize:2;", true},
                 {"http_accept_lang; content:\"en\";", false},
                 {"http.connection; content:\"close\"; bsize:5;", true},
                 {"http_connection; content:\"keep\";", false},
                 {"flow:to_server; http.cookie; content:\"k=v\"; bsize:3;", true},
                 {"flow:to_server; http.content_type; content:\"text/xml\"; bsize:8;", true},
                 {"flow:to_server; http_content_type; content:\"image\";", false},
                 {"flow:to_server; http.content_len; content:\"4\"; bsize:1;", true},
                 {"flow:to_server; http_content_len; content:\"7\";", false},
                 {"http.request_body; content:\"asks\"; bsize:4;", true},
                 {"http.request_body; content:\"answers\";", false},
                 {"content:\"asks\"; http_client_body;", true},
                 {"content:\"answers\"; http_client_body;", false},
                 {"content:\"k=v\"; http_cookie; flow:to_server;", true},
                 {"content:\"s=t\"; http_cookie; flow:to_server;", false},
                 {"content:\"probe/1\"; http_user_agent;", true},
                 {"content:\"Probe\"; http_user_agent;", false}});
}

TEST(HttpKeywords, TheAnswer) {
    expect_http({{"http.stat_code; content:\"301\"; bsize:3;", true},
                 {"content:\"301\"; http_stat_code;", true},
                 {"content:\"200\"; http_stat_code;", false},
                 {"http.stat_msg; content:\"Moved Away\"; bsize:10;", true},
                 {"content:\"Moved\"; http_stat_msg;", true},
                 {"content:\"Found\"; http_stat_msg;", false},
                 {"http.response_line; content:\"HTTP/1.1 301 Moved Away\"; bsize:23;", true},
                 {"http.response_line; content:\"Server\";", false},
                 {"http_response_line; content:\"HTTP/1.1 301\"; startswith;", true},
                 {"http.server; content:\"nginx\"; bsize:5;", true},
                 {"http.location; content:\"/new\"; bsize:4;", true},
                 {"http.location; content:\"/a b\";", false},
                 {"flow:to_client; http.content_type; content:\"image/png\"; bsize:9;", true},
                 {"flow:to_client; http.cookie; content:\"s=t\";", true},
                 {"flow:to_client; http.content_len; content:\"7\"; bsize:1;", true},
                 {"http.response_body; content:\"answers\"; bsize:7;", true},
                 {"content:\"answers\"; http_server_body;", true},
                 {"content:\"asks\"; http_server_body;", true},
                 {"flow:to_client; content:\"asks\"; http_server_body;", false},
                 {"pcre:\"/^asks$/Q\";", true},
                 {"http.response_body; content:\"ans\"; pcre:\"/^wers$/QR\";", true},
                 {"http.response_body; content:\"asks\";", false}});
}

TEST(HttpKeywords, AHeaderThatIsNotThereHasNoBuffer) {
    const auto frames = talk(80).open().client("GET / HTTP/1.1\r\nHost: h\r\n\r\n").server("HTTP/1.1 204 No\r\n\r\n").frames();
    expect_options("http", frames, {{"http.referer; content:!\"x\";", false}, {"http.accept; content:!\"x\";", false},
                                    {"http.location; content:!\"x\";", false}, {"http.uri; content:!\"x\";", true}});
}

TEST(Transforms, AreAppliedToTheBufferBeforeTheyAreSearched) {
    const auto frames = talk(80).open().client("GET /Ab%20cd HTTP/1.1\r\nHost: h\r\nUser-Agent: a  b%41\r\n\r\n").frames();
    expect_options("http", frames,
                   {{"http.uri; to_uppercase; content:\"/AB CD\";", true},
                    {"http.uri; to_uppercase; content:\"Ab\";", false},
                    {"http.uri; to_lowercase; content:\"/ab cd\";", true},
                    {"http.uri; strip_whitespace; content:\"/Abcd\";", true},
                    {"http.user_agent; compress_whitespace; content:\"a b%41\"; bsize:6;", true},
                    {"http.user_agent; compress_whitespace; content:\"a  b\";", false},
                    {"http.user_agent; url_decode; content:\"a  bA\"; endswith;", true},
                    {"http.method; to_md5; content:\"|75 28 03 5a 93 ee 69 ce db 1d bd db 2f 0b fc c8|\"; bsize:16;", true},
                    {"http.method; to_sha1; bsize:20;", true},
                    {"http.method; to_sha256; bsize:32;", true},
                    {"http.method; to_sha256; content:\"GET\";", false}});
}

TEST(PayloadKeywords, BackToThePayload) {
    expect_http({{"http.uri; content:\"/a b\"; pkt_data; content:\"User-Agent|3a|\";", true},
                 {"http.uri; content:\"/a b\"; pkt_data; content:\"Server|3a|\";", false},
                 {"content:\"User-Agent|3a|\"; rawbytes;", true},
                 {"content:\"User-Agent|3b|\"; rawbytes;", false}});
}

}  // namespace
}  // namespace sekisho::engine
