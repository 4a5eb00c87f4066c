// Datagrams of any content, each given whole: as they are, and sealed as an Initial packet of version 1, so that the
// frames behind the encryption are reached.
#include "app/quic/keys.h"
#include "app/quic/quic.h"
#include "support/parser_segments.h"

namespace {

using namespace sekisho;

constexpr std::uint8_t kId[] = {1, 2, 3, 4, 5, 6, 7, 8};

std::string sealed(const testing::Segment& segment) {
    const std::string frames = segment.bytes.substr(0, 1200) + std::string(20, '\0');
    std::string plain("\xc3\0\0\0\1\x08", 6);
    const std::string id(reinterpret_cast<const char*>(kId), sizeof kId);
    plain += id + std::string("\0\0", 2);
    const std::size_t length = frames.size() + 4 + crypto::kGcmTag;
    plain += static_cast<char>(0x40 | length >> 8);
    plain += static_cast<char>(length & 0xff);
    const std::size_t number_at = plain.size();
    plain += std::string("\0\0\0\1", 4) + frames;
    app::quic::InitialKeys keys;
    std::string out(plain.size() + crypto::kGcmTag, '\0');
    MutableBytes octets(reinterpret_cast<std::uint8_t*>(out.data()), out.size());
    if (!keys.derive(app::quic::kVersion1, kId, segment.direction)) std::abort();
    if (keys.seal(as_bytes(plain), number_at, octets) != out.size()) std::abort();
    return out;
}

void run(const std::vector<testing::Segment>& segments) {
    testing::RecordingSink sink;
    testing::run_segments(app::kQuic, segments, 0, sink);
    if (sink.stage_fell || sink.closed_twice) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto segments = testing::read_segments(as_text({data, size}));
    run(segments);
    for (auto& segment : segments) segment.bytes = sealed(segment);
    run(segments);
    return 0;
}
