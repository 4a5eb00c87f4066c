// Any mail, whole, octet by octet and in sevens, gives the same fields and files.
#include "app/mime/mime.h"
#include "support/recording_sink.h"

#include <cstdlib>
#include <memory>

namespace {

using namespace sekisho;

void read(std::string_view mail, std::size_t piece, testing::RecordingSink& sink) {
    const auto mime = std::make_unique<app::mime::Mime>();
    const app::TxId tx = sink.open();
    mime->start(app::Direction::to_server, app::Protocol::smtp);
    for (std::size_t at = 0; at < mail.size(); at += piece) {
        const std::string part(mail.substr(at, piece));  // exact size, so that a sanitizer sees a read past its end
        mime->write(tx, as_bytes(part), sink);
    }
    mime->finish(tx, sink);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view mail = as_text({data, size});
    testing::RecordingSink whole;
    read(mail, size + 1, whole);
    for (const std::size_t piece : {std::size_t{1}, std::size_t{7}}) {
        testing::RecordingSink cut;
        read(mail, piece, cut);
        if (whole.transactions != cut.transactions) std::abort();
    }
    return 0;
}
