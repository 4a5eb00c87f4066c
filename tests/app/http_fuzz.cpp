// Any conversation, whole and in pieces, gives the same fields. Where a compressed body is broken the place at
// which zlib notices depends on the pieces; then bodies are not compared.
#include "app/http/http.h"
#include "support/parser_segments.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace sekisho;
    const auto segments = testing::read_segments(as_text({data, size}));
    testing::RecordingSink sink;
    testing::run_segments(app::kHttp, segments, 0, sink);
    bool broken_coding = false;
    for (std::size_t tx = 0; tx < sink.transactions.size(); ++tx)
        broken_coding |= sink.has_event(tx, app::AppEvent::http_gzip_decompression_failed);
    testing::check_cuts(app::kHttp, segments, !broken_coding);
    return 0;
}
