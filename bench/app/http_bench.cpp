// HTTP/1.x: heads a second, and bytes a second of identity, chunked and gzip bodies. The sink does nothing, so
// that the parser alone is measured.
#include "app/http/http.h"

#include <benchmark/benchmark.h>
#include <zlib.h>

#include "app_bench.h"

namespace sekisho::app {
namespace {

constexpr std::string_view kRequest =
    "GET /assets/scripts/main.js?v=20240401 HTTP/1.1\r\nHost: www.example.com\r\n"
    "User-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:125.0) Gecko/20100101 Firefox/125.0\r\n"
    "Accept: */*\r\nAccept-Language: ja,en-US;q=0.7,en;q=0.3\r\nAccept-Encoding: gzip, deflate, br\r\n"
    "Referer: https://www.example.com/index.html\r\nConnection: keep-alive\r\nCookie: session=0123456789abcdef\r\n\r\n";

std::string response(std::string_view headers, std::string_view body) {
    return "HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nDate: Mon, 01 Apr 2024 00:00:00 GMT\r\n"
           "Content-Type: application/octet-stream\r\nConnection: keep-alive\r\n" +
           std::string(headers) + "\r\n" + std::string(body);
}

std::string text_body(std::size_t size) {
    std::string body;
    for (std::size_t i = 0; body.size() < size; ++i) body += "<li class=\"row\">item " + std::to_string(i * 7919) + "</li>\n";
    body.resize(size);
    return body;
}

std::string gzip(std::string_view text) {
    z_stream stream{};
    deflateInit2(&stream, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&stream, text.size()) + 64, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(out.size() - stream.avail_out);
    deflateEnd(&stream);
    return out;
}

void converse(benchmark::State& bench, const std::string& answer) {
    bench::Conversation conversation(kHttp);
    for (auto _ : bench) {
        conversation.give(Direction::to_server, kRequest);
        conversation.give(Direction::to_client, answer);
    }
    bench.SetBytesProcessed(bench.iterations() * static_cast<std::int64_t>(kRequest.size() + answer.size()));
}

void BM_HttpHeads(benchmark::State& bench) { converse(bench, response("Content-Length: 0\r\n", "")); }
BENCHMARK(BM_HttpHeads);

void BM_HttpIdentity(benchmark::State& bench) {
    const auto body = text_body(static_cast<std::size_t>(bench.range(0)));
    converse(bench, response("Content-Length: " + std::to_string(body.size()) + "\r\n", body));
}
BENCHMARK(BM_HttpIdentity)->Arg(1 << 10)->Arg(64 << 10)->Arg(256 << 10);

void BM_HttpChunked(benchmark::State& bench) {
    const auto body = text_body(256 << 10);
    std::string chunks;
    for (std::size_t at = 0; at < body.size(); at += 8192) chunks += "2000\r\n" + body.substr(at, 8192) + "\r\n";
    converse(bench, response("Transfer-Encoding: chunked\r\n", chunks + "0\r\n\r\n"));
}
BENCHMARK(BM_HttpChunked);

void BM_HttpGzip(benchmark::State& bench) {
    const auto body = gzip(text_body(256 << 10));
    converse(bench, response("Content-Encoding: gzip\r\nContent-Length: " + std::to_string(body.size()) + "\r\n", body));
}
BENCHMARK(BM_HttpGzip);

}  // namespace
}  // namespace sekisho::app
