// Any conversation, whole and in pieces, gives the same fields; of bodies whose coding is broken the pieces decide how
// far they can be decoded.
#include "app/http2/http2.h"
#include "support/parser_segments.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace sekisho;
    const auto segments = testing::read_segments(as_text({data, size}));
    testing::RecordingSink sink;
    testing::run_segments(app::kHttp2, segments, 0, sink);
    bool broken_coding = false;
    for (std::size_t tx = 0; tx < sink.transactions.size(); ++tx)
        broken_coding |= sink.has_event(tx, app::AppEvent::http_gzip_decompression_failed);
    testing::check_cuts(app::kHttp2, segments, !broken_coding);
    return 0;
}
