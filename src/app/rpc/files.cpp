#include "app/rpc/files.h"

#include <algorithm>

#include "app/detail.h"
#include "app/rpc/tell.h"
#include "sekisho/base/bytes.h"
#include "sekisho/base/hash.h"

namespace sekisho::app::rpc {
namespace {

constexpr FileKey not_none(std::uint64_t hash) noexcept { return hash == 0 ? 1 : hash; }

/// The entry that was used least lately; free ones were never used.
template <class Table>
auto& least_lately_used(Table& table) noexcept {
    return *std::min_element(table.begin(), table.end(), [](const auto& a, const auto& b) { return a.used_at < b.used_at; });
}

template <class Table>
auto* entry_of(Table& table, FileKey file) noexcept {
    const auto found = std::find_if(table.begin(), table.end(), [file](const auto& entry) { return entry.file == file; });
    return found == table.end() ? nullptr : &*found;
}

}  // namespace

FileKey key_of(Bytes handle) noexcept { return not_none(hash_bytes(handle, process_hash_seed())); }
FileKey key_of(FileKey folder, Bytes name) noexcept { return not_none(hash_bytes(name, process_hash_seed() ^ folder)); }

FileKey Files::remember(FileKey folder, Bytes name) noexcept {
    const FileKey file = key_of(folder, name);
    Name* known = entry_of(names_, file);
    if (known == nullptr) known = &least_lately_used(names_);
    const Bytes kept = name.last(std::min(name.size(), kNfsNameMax));
    *known = {file, ++clock_, static_cast<std::uint8_t>(kept.size()), {}};
    std::copy(kept.begin(), kept.end(), known->text.begin());
    return file;
}

void Files::rename(FileKey before, FileKey now) noexcept {
    if (before == 0 || before == now) return;
    for (Content& content : contents_)
        if (content.file == before && find(now, content.direction) == nullptr) content.file = now;
    Name* name = entry_of(names_, before);
    if (name == nullptr) return;
    if (Name* old = entry_of(names_, now)) *old = Name{};  // a file may have several names: the newest counts
    name->file = now;
}

std::string_view Files::name_of(FileKey file) noexcept {
    Name* name = entry_of(names_, file);
    if (name == nullptr) return {};
    name->used_at = ++clock_;
    return {name->text.data(), name->size};
}

Files::Content* Files::find(FileKey file, Direction direction) noexcept {
    for (Content& content : contents_) {
        if (content.file != file || content.direction != direction) continue;
        content.used_at = ++clock_;
        return &content;
    }
    return nullptr;
}

Files::Content& Files::open(const ContentOf& of, FieldSink& out) noexcept {
    Content& content = least_lately_used(contents_);
    if (content.file != 0) close(content, out);
    content = {of.file, out.open(), 0, ++clock_, of.direction, false};
    out.fact(content.tx, Fact::nfs_version, of.version);
    put_procedure(content.tx, of.procedure, out);
    if (const auto name = name_of(of.file); !name.empty()) put_detail(out, content.tx, "filename", name);
    return content;
}

void Files::end_body(Content& content, FieldSink& out) noexcept {
    if (content.begun) out.body(content.tx, content.direction, Field::file_data, {}, {false, true});
    content.begun = false;
}

void Files::close(Content& content, FieldSink& out) noexcept {
    end_body(content, out);
    for (const auto direction : {Direction::to_server, Direction::to_client}) out.stage(content.tx, direction, Stage::complete);
    out.close(content.tx);
    content = Content{};
}

void Files::put(const ContentOf& of, std::uint64_t offset, Bytes piece, bool last, FieldSink& out) noexcept {
    if (of.file == 0 || (piece.empty() && !last)) return;
    Content* content = find(of.file, of.direction);
    const bool follows = content != nullptr && content->begun && offset == content->next;
    if (!follows) {
        if (piece.empty()) return;
        if (content == nullptr) content = &open(of, out);
        end_body(*content, out);
        // Each content of the transaction is a file of this name.
        if (const auto name = name_of(of.file); !name.empty()) out.put(content->tx, Field::file_name, as_bytes(name));
    }
    content->next = offset + piece.size();
    content->begun = !last;
    out.body(content->tx, of.direction, Field::file_data, piece, {!follows, last});
    if (last) close(*content, out);
}

void Files::lose(FileKey file, Direction direction, FieldSink& out) noexcept {
    if (file == 0) return;
    if (Content* content = find(file, direction)) end_body(*content, out);
}

void Files::finish(FileKey file, FieldSink& out) noexcept {
    for (Content& content : contents_)
        if (file != 0 && content.file == file) close(content, out);
}

void Files::finish_all(FieldSink& out) noexcept {
    for (Content& content : contents_)
        if (content.file != 0) close(content, out);
}

}  // namespace sekisho::app::rpc
