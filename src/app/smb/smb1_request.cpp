// SMB 1 requests (MS-CIFS section 2.2.4, MS-SMB section 2.2.4). Offsets of words count from the first word.
#include "app/detail.h"
#include "app/smb/security.h"
#include "app/smb/smb1_parts.h"
#include "app/smb/text.h"
#include "sekisho/app/app_event_list.h"

namespace sekisho::app::smb {
namespace {

using Path = Text<512>;
constexpr std::uint16_t kTransactPipe = 0x0026;  ///< TRANS_TRANSACT_NMPIPE

/// Reads texts behind one another; UTF-16 begins at an even offset of the message.
class Strings {
  public:
    explicit Strings(const Smb1Block& block, std::size_t skip = 0) noexcept
        : block_(block), rest_(block.data()), at_(block.data_at) {
        drop(skip);
    }
    template <std::size_t N>
    void read(Text<N>& text) noexcept {
        if (!block_.header.unicode) return read_ascii(text);
        if (at_ % 2 != 0) drop(1);
        const std::size_t size = utf16_length(rest_);
        text.put_utf16(rest_.first(size));
        drop(size + 2);
    }
    template <std::size_t N>
    void read_ascii(Text<N>& text) noexcept {
        const std::size_t size = std::min(as_text(rest_).find('\0'), rest_.size());
        text.put(as_text(rest_.first(size)));
        drop(size + 1);
    }

  private:
    void drop(std::size_t n) noexcept {
        n = std::min(n, rest_.size());
        rest_ = rest_.subspan(n);
        at_ += n;
    }
    const Smb1Block& block_;
    Bytes rest_;
    std::size_t at_;
};

std::uint8_t file_of(State& state, const Smb1Block& block, std::uint16_t number, FieldSink& out) noexcept {
    // Behind an open in the same chain the handle is not known yet: the file that it opens is meant.
    if (state.sides[0].related != kNone) return state.sides[0].related;
    const std::uint8_t slot = need_file(state, fid(number), out);
    if (state.files[slot].kind == FileKind::unknown) state.files[slot].kind = kind_in_tree(state, block.header.tree);
    return slot;
}

void on_negotiate(State& state, TxId tx, const Smb1Block& block, FieldSink& out) noexcept {
    const Bytes data = block.data();
    constexpr std::uint8_t kDialectFormat = 2;
    if (data.empty() || data[0] != kDialectFormat) out.event(tx, AppEvent::smb_negotiate_malformed_dialects);
    if (state.negotiated[1]) out.event(tx, AppEvent::smb_duplicate_negotiate);
    state.negotiated[1] = true;
}

void on_session_setup(TxId tx, const Smb1Block& block, FieldSink& out) noexcept {
    constexpr std::size_t kExtended = 24, kNtLm = 26;  // octets of words: with a security blob, with passwords
    if (block.words.size() == kExtended)
        return tell_security(tx, Direction::to_server, block.part(block.data_at, block.word(14)), out);
    if (block.words.size() != kNtLm) return;
    Strings strings(block, std::size_t{block.word(14)} + block.word(16));
    Text<128> user, domain, system;
    strings.read(user);
    strings.read(domain);
    strings.read(system);
    put_detail(out, tx, "user", user.view());
    put_detail(out, tx, "domain", domain.view());
    put_detail(out, tx, "native_os", system.view());
}

void on_tree_connect(TxId tx, const Smb1Block& block, FieldSink& out) noexcept {
    Strings strings(block, block.word(6));
    Path path;
    Text<16> service;
    strings.read(path);
    strings.read_ascii(service);
    const bool pipe = service.view() == "IPC" || is_pipe_share(path.view());
    out.put(tx, pipe ? Field::smb_named_pipe : Field::smb_share, path.bytes());
    put_detail(out, tx, pipe ? "named_pipe" : "share", path.view());
    put_detail(out, tx, "service", service.view());
}

void on_open(State& state, Request& request, const Smb1Block& block, FieldSink& out) noexcept {
    Strings strings(block);
    Path name;
    strings.read(name);
    put_detail(out, request.tx, "filename", name.view());
    request.file = add_file(state, name.view(), kind_in_tree(state, block.header.tree), out);
    state.sides[0].related = request.file;
}

Region on_write_and_x(State& state, Request& request, const Smb1Block& block, FieldSink& out) noexcept {
    request.file = file_of(state, block, block.word(4), out);
    const std::uint64_t high = block.words.size() >= 28 ? block.double_word(24) : 0;
    const std::uint64_t offset = high << 32 | block.double_word(6);
    const std::uint64_t length = std::uint64_t{block.word(18)} << 16 | block.word(20);
    return take_content(state, Direction::to_server, block, request.file, block.word(22), length, offset, out);
}

Region on_write(State& state, Request& request, const Smb1Block& block, FieldSink& out) noexcept {
    request.file = file_of(state, block, block.word(0), out);
    // A buffer format and a length, or one octet of padding, stand before the content.
    const std::size_t before = block.command == kWrite1 ? 3 : 1;
    return take_content(state, Direction::to_server, block, request.file, block.data_at + before, block.word(2),
                        block.double_word(4), out);
}

void on_read(State& state, Request& request, const Smb1Block& block, FieldSink& out) noexcept {
    const bool and_x = block.command == kReadAndX1;
    request.file = file_of(state, block, block.word(and_x ? 4 : 0), out);
    const std::uint64_t high = block.words.size() >= 24 ? block.double_word(20) : 0;
    request.offset = and_x ? high << 32 | block.double_word(6) : block.double_word(4);
}

Region on_transaction(State& state, Request& request, const Smb1Block& block, FieldSink& out) noexcept {
    if (block.words.size() < 32 || block.word(28) != kTransactPipe) return {};
    request.file = file_of(state, block, block.word(30), out);
    if (state.files[request.file].kind == FileKind::unknown) state.files[request.file].kind = FileKind::pipe;
    return take_content(state, Direction::to_server, block, request.file, block.word(24), block.word(22), 0, out);
}

Region on_secondary(State& state, const Smb1Block& block, FieldSink& out) noexcept {
    const Request* first = find_request(state, block.request_id(kTransaction1));
    if (first == nullptr || first->file == kNone || block.words.size() < 16) return {};
    return take_content(state, Direction::to_server, block, first->file, block.word(12), block.word(10), 0, out);
}

}  // namespace

Region on_smb1_request(State& state, const Smb1Block& block, FieldSink& out) noexcept {
    if (block.command == kTransactionSecondary1) return on_secondary(state, block, out);
    Request& request = add_request(state, block.request_id(block.command), block.command, out);
    const bool own_tx = !is_transfer(block.command);
    if (own_tx) open_tx(request, 1, out);
    const auto show = [&] { put_detail(out, request.tx, "command", smb1_command_name(block.command)); };
    Region region;
    switch (block.command) {
        case kNegotiate1:
            show();
            on_negotiate(state, request.tx, block, out);
            break;
        case kSessionSetupAndX1:
            show();
            on_session_setup(request.tx, block, out);
            break;
        case kTreeConnectAndX1:
            show();
            on_tree_connect(request.tx, block, out);
            break;
        case kTreeDisconnect1: drop_tree(state, block.header.tree); break;
        case kNtCreateAndX1:
        case kOpenAndX1:
            show();
            on_open(state, request, block, out);
            break;
        case kClose1: request.file = file_of(state, block, block.word(0), out); break;
        case kWriteAndX1: region = on_write_and_x(state, request, block, out); break;
        case kWrite1:
        case kWriteAndClose1: region = on_write(state, request, block, out); break;
        case kReadAndX1:
        case kRead1: on_read(state, request, block, out); break;
        case kTransaction1: region = on_transaction(state, request, block, out); break;
        default: break;
    }
    if (own_tx) out.stage(request.tx, Direction::to_server, Stage::complete);
    return region;
}

}  // namespace sekisho::app::smb
