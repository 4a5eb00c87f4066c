#include "app/smb/state.h"
#include "sekisho/base/text.h"

namespace sekisho::app::smb {

Request* find_request(State& state, std::uint64_t id) noexcept {
    for (Request& request : state.requests)
        if (request.used && request.id == id) return &request;
    return nullptr;
}

void end_request(Request& request, FieldSink& out) noexcept {
    if (request.has_tx) {
        out.stage(request.tx, Direction::to_client, Stage::complete);
        out.close(request.tx);
    }
    request = Request{};
}

Request& add_request(State& state, std::uint64_t id, std::uint16_t command, FieldSink& out) noexcept {
    Request* place = find_request(state, id);
    for (Request& request : state.requests)
        if (place == nullptr && !request.used) place = &request;
    if (place == nullptr) {
        place = &state.requests[state.next_request];
        state.next_request = static_cast<std::uint8_t>((state.next_request + 1) % state.requests.size());
    }
    if (place->used) end_request(*place, out);
    place->used = true;
    place->id = id;
    place->command = command;
    return *place;
}

TxId open_tx(Request& request, std::uint8_t version, FieldSink& out) noexcept {
    request.tx = out.open();
    request.has_tx = true;
    out.fact(request.tx, Fact::smb_version, version);
    return request.tx;
}

void tell_event(Direction direction, AppEvent event, FieldSink& out) noexcept {
    const TxId tx = out.open();
    out.event(tx, event);
    out.stage(tx, direction, Stage::complete);
    out.close(tx);
}

void set_tree(State& state, std::uint32_t id, bool pipe) noexcept {
    Tree* place = nullptr;
    for (Tree& tree : state.trees)
        if (tree.used && tree.id == id) place = &tree;
    for (Tree& tree : state.trees)
        if (place == nullptr && !tree.used) place = &tree;
    if (place == nullptr) {
        place = &state.trees[state.next_tree];
        state.next_tree = static_cast<std::uint8_t>((state.next_tree + 1) % state.trees.size());
    }
    *place = {id, true, pipe};
}

void drop_tree(State& state, std::uint32_t id) noexcept {
    for (Tree& tree : state.trees)
        if (tree.id == id) tree.used = false;
}

FileKind kind_in_tree(const State& state, std::uint32_t id) noexcept {
    for (const Tree& tree : state.trees)
        if (tree.used && tree.id == id) return tree.pipe ? FileKind::pipe : FileKind::file;
    return FileKind::unknown;
}

bool is_pipe_share(std::string_view path) noexcept {
    constexpr std::string_view kShare = "IPC$";
    return path.size() >= kShare.size() && equals_nocase(path.substr(path.size() - kShare.size()), kShare);
}

}  // namespace sekisho::app::smb
