// SMB 1 responses (MS-CIFS section 2.2.4, MS-SMB section 2.2.4). Offsets of words count from the first word.
#include "app/detail.h"
#include "app/smb/security.h"
#include "app/smb/smb1_parts.h"
#include "app/smb/status.h"

namespace sekisho::app::smb {
namespace {

constexpr std::uint32_t kBufferOverflow = 0x80000005, kMoreProcessing = 0xc0000016;

void on_open(State& state, const Request& request, const Smb1Block& block) noexcept {
    File& file = state.files[request.file];
    const bool nt = block.command == kNtCreateAndX1;
    file.id = fid(block.word(nt ? 5 : 4));
    file.opened = true;
    if (nt && block.words.size() >= 68) {
        const bool pipe = block.word(63) == 1 || block.word(63) == 2;  // byte-mode, message-mode
        if (pipe) file.kind = FileKind::pipe;
        file.size = std::uint64_t{block.double_word(59)} << 32 | block.double_word(55);
        file.has_size = !pipe;
    } else if (!nt && block.words.size() >= 30) {
        file.size = block.double_word(12);
        file.has_size = file.kind != FileKind::pipe;
    }
}

Region on_read(State& state, const Request& request, const Smb1Block& block, FieldSink& out) noexcept {
    if (block.command == kRead1)
        return take_content(state, Direction::to_client, block, request.file, block.data_at + 3, block.word(0),
                            request.offset, out);
    const std::uint64_t length = std::uint64_t{block.word(14)} << 16 | block.word(10);
    return take_content(state, Direction::to_client, block, request.file, block.word(12), length, request.offset, out);
}

/// True when the answer is complete: a long one comes in several messages.
bool on_transaction(State& state, const Request& request, const Smb1Block& block, Region& region, FieldSink& out) noexcept {
    if (block.words.size() < 20) return block.header.status != 0;  // the server asks for the rest of the request
    const std::uint32_t total = block.word(2), count = block.word(12), before = block.word(16);
    if (request.file != kNone)
        region = take_content(state, Direction::to_client, block, request.file, block.word(14), count, 0, out);
    return before + count >= total;
}

void on_tree_connect(State& state, const Smb1Block& block) noexcept {
    set_tree(state, block.header.tree, as_text(block.data()).starts_with("IPC"));
}

}  // namespace

Region on_smb1_response(State& state, const Smb1Block& block, FieldSink& out) noexcept {
    Request* request = find_request(state, block.request_id(block.command));
    if (request == nullptr) return {};
    const std::uint32_t status = block.header.status;
    const bool failed = status != 0 && status != kBufferOverflow && status != kMoreProcessing;
    if (request->has_tx) put_status(request->tx, status, out);
    Region region;
    switch (block.command) {
        case kSessionSetupAndX1:
            if (!failed && block.words.size() == 8)
                tell_security(request->tx, Direction::to_client, block.part(block.data_at, block.word(6)), out);
            break;
        case kTreeConnectAndX1:
            if (!failed) on_tree_connect(state, block);
            break;
        case kNtCreateAndX1:
        case kOpenAndX1:
            if (request->file == kNone) break;
            if (failed) close_file(state, request->file, out);
            else on_open(state, *request, block);
            break;
        case kClose1:
        case kWriteAndClose1:
            if (request->file != kNone) close_file(state, request->file, out);
            break;
        case kReadAndX1:
        case kRead1:
            if (!failed && request->file != kNone) region = on_read(state, *request, block, out);
            break;
        case kTransaction1:
            if (!failed && !on_transaction(state, *request, block, region, out)) return region;
            break;
        default: break;
    }
    end_request(*request, out);
    return region;
}

}  // namespace sekisho::app::smb
