// Any datagrams, with and without an announcement before them: nothing is told twice, no stage falls.
#include "app/tftp/tftp.h"

#include "support/parser_segments.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace sekisho;
    const auto segments = testing::read_segments(as_text({data, size}));
    testing::RecordingSink sink;
    testing::run_segments(app::kTftp, segments, 0, sink);
    if (sink.stage_fell || sink.closed_twice) std::abort();
    return 0;
}
