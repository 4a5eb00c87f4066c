// Files that bodies carry: their names, types, sizes and digests as far as rules ask, and the members of archives,
// which are files of the same transaction.
#include <algorithm>

#include "app_layer.h"
#include "sekisho/signature/compiled_set.h"

namespace sekisho::engine {
namespace {

using app::Direction;
using app::Field;
using detect::FileView;

constexpr std::size_t place_of(Direction direction, bool member) noexcept {
    return static_cast<std::size_t>(direction) + (member ? 2u : 0u);
}
constexpr std::size_t member_slot(Direction direction) noexcept {
    return detect::kMemberSlot + static_cast<std::size_t>(direction);
}

}  // namespace

/// Members of one archive into the transaction; an archive among them is opened in its turn.
class ArchiveMembers final : public file::MemberSink {
  public:
    ArchiveMembers(AppLayer& app, Transaction& tx, Direction direction, unsigned level) noexcept
        : app_(app), tx_(tx), direction_(direction), level_(level) {}

    void member_begin(std::string_view name) noexcept override {
        ++app_.counters_.archive_members;
        app_.begin_file(tx_, direction_, true, member_slot(direction_), as_bytes(name));
        mine().member_fresh = true;
    }
    void member_piece(Bytes piece) noexcept override {
        const bool first = mine().member_fresh;
        mine().member_fresh = false;
        if (first) app_.open_archive(tx_, direction_, level_ + 1, piece);
        if (ArchiveLevel* inner = inner_level()) {
            ArchiveMembers members(app_, tx_, direction_, level_ + 1);
            return inner->archive.write(piece, members);
        }
        app_.take_body(tx_, member_slot(direction_), direction_, Field::file_data, piece, {first, false});
        app_.grow_file(tx_, direction_, true, piece, false);
    }
    void member_end() noexcept override {
        if (inner_level() != nullptr) return app_.close_archive(tx_, direction_, level_ + 1);
        const bool empty = mine().member_fresh;
        app_.take_body(tx_, member_slot(direction_), direction_, Field::file_data, {}, {empty, true});
        app_.end_file(tx_, direction_, true);
    }

  private:
    ArchiveLevel& mine() noexcept { return *tx_.archives[static_cast<std::size_t>(direction_)][level_]; }
    ArchiveLevel* inner_level() noexcept {
        const unsigned inner = level_ + 1;
        return inner < file::kArchiveDepth ? tx_.archives[static_cast<std::size_t>(direction_)][inner] : nullptr;
    }

    AppLayer& app_;
    Transaction& tx_;
    Direction direction_;
    unsigned level_;
};

/// Whether anyone asks about files: some rule, or the records of them.
bool AppLayer::watches_files() const noexcept {
    return policy_->rules().file_needs().any || (records_.tells_files() && session_->protocol != app::Protocol::http);
}

/// The name that was told for the file to come. A download whose response names none has that of its request.
Bytes AppLayer::name_for(const Transaction& tx, Direction direction) const noexcept {
    const auto& told = tx.told_names[static_cast<std::size_t>(direction)];
    if (told.place != nullptr && told.size != 0) return {told.place, told.size};
    if (tx.message.protocol != app::Protocol::http || direction == Direction::to_server) return {};
    const auto& asked = tx.told_names[0];
    return asked.place != nullptr ? Bytes{asked.place, asked.size} : Bytes{};
}

void AppLayer::scan_file_text(Transaction& tx, Direction direction, Field field, Bytes text) noexcept {
    const auto* group = policy_->rules().field_group(field, direction);
    if (group != nullptr && !text.empty()) matcher_.scan_field(*group, text, 0, 0, tx.message, direction);
}

void AppLayer::begin_file(Transaction& tx, Direction direction, bool member, std::size_t slot, Bytes name) noexcept {
    FileView& view = tx.message.file(direction, member);
    if (view.begun) {
        matcher_.settle();
        if (view.body == slot) matcher_.forget_file_hits(tx.message);
        if (!member) {
            matcher_.settle();
            close_archive(tx, direction, 0);
            tx.message.file(direction, true) = {};
        }
    }
    view = {};
    view.begun = true;
    view.body = static_cast<std::uint8_t>(slot);
    ++counters_.files;
    if (!watches_files()) return;
    FileState*& state = tx.files[place_of(direction, member)];
    if (state == nullptr) {
        std::uint8_t* block = transactions_.memory().take(kFileStateOrder);
        if (block == nullptr) {
            ++counters_.files_untracked;
            return;
        }
        state = new (block) FileState;
    }
    state->digests.start(policy_->rules().file_needs().digests);
    state->magic = {};
    name = name.last(std::min(name.size(), file::kNameMax));
    std::copy(name.begin(), name.end(), state->name.begin());
    view.name = Bytes(state->name).first(name.size());
    if (!member) tx.told_names[static_cast<std::size_t>(direction)].size = 0;
    scan_file_text(tx, direction, Field::file_name, view.name);
    if (policy_->rules().file_needs().any) matcher_.file_changed(tx.message, direction);
}

/// `piece` has been added to the content of the file.
void AppLayer::grow_file(Transaction& tx, Direction direction, bool member, Bytes piece, bool last) noexcept {
    FileView& view = tx.message.file(direction, member);
    const bool first = view.size == 0;
    view.size += piece.size();
    if (FileState* state = tx.files[place_of(direction, member)]) state->digests.update(piece);
    tell_file_type(tx, direction, member, last);
    if (!member) {
        if (first && !piece.empty()) open_archive(tx, direction, 0, piece);
        if (ArchiveLevel* outermost = tx.archives[static_cast<std::size_t>(direction)][0]) {
            ArchiveMembers members(*this, tx, direction, 0);
            outermost->archive.write(piece, members);
        }
    }
    if (last) end_file(tx, direction, member);
}

void AppLayer::tell_file_type(Transaction& tx, Direction direction, bool member, bool last) noexcept {
    FileView& view = tx.message.file(direction, member);
    FileState* state = tx.files[place_of(direction, member)];
    if (!policy_->rules().file_needs().magic || state == nullptr || !view.magic.empty()) return;
    const detect::BufferView& content = tx.message.bodies[view.body].view;
    if (content.base != 0 || (content.bytes.size() < file::kMagicHead && !last)) return;
    state->magic = file::magic_of(content.bytes);
    view.magic = as_bytes(state->magic.text());
    scan_file_text(tx, direction, Field::file_magic, view.magic);
    matcher_.file_changed(tx.message, direction);
}

void AppLayer::end_file(Transaction& tx, Direction direction, bool member) noexcept {
    FileView& view = tx.message.file(direction, member);
    if (view.complete) return;
    if (!member) close_archive(tx, direction, 0);
    tell_file_type(tx, direction, member, true);
    view.complete = true;
    if (FileState* state = tx.files[place_of(direction, member)]) {
        state->digests.finish();
        for (std::size_t i = 0; i < view.digests.size(); ++i)
            view.digests[i] = state->digests.value(static_cast<crypto::DigestAlgorithm>(i));
    }
    if (policy_->rules().file_needs().any) matcher_.file_changed(tx.message, direction);
    // A file of HTTP has a record of its own only where rules ask about files: the request's tells of it already.
    const bool told_already = tx.message.protocol == app::Protocol::http && !policy_->rules().file_needs().any;
    if (!member && !told_already) records_.file(*flow_, tx.message, direction, matcher_.context().now);
}

/// Opens what `head` begins, if it is an archive and some rule looks into files.
void AppLayer::open_archive(Transaction& tx, Direction direction, unsigned level, Bytes head) noexcept {
    const file::ArchiveKind kind = file::archive_kind(head);
    if (kind == file::ArchiveKind::none) return;
    if (level >= file::kArchiveDepth) {
        ++counters_.archive_limits;
        return;
    }
    if (!policy_->rules().file_needs().any && !policy_->rules().uses(Field::file_data)) return;
    std::uint8_t* block = transactions_.memory().take(kArchiveOrder);
    if (block == nullptr) {
        ++counters_.files_untracked;
        return;
    }
    ++counters_.archives;
    ArchiveLevel*& place = tx.archives[static_cast<std::size_t>(direction)][level];
    if (place != nullptr) give_archive(place, transactions_.memory());
    place = new (block) ArchiveLevel(kind);
}

void AppLayer::close_archive(Transaction& tx, Direction direction, unsigned level) noexcept {
    if (level >= file::kArchiveDepth) return;
    ArchiveLevel*& place = tx.archives[static_cast<std::size_t>(direction)][level];
    if (place == nullptr) return;
    ArchiveMembers members(*this, tx, direction, level);
    place->archive.finish(members);
    if (place->archive.limit_reached()) ++counters_.archive_limits;
    give_archive(place, transactions_.memory());
    place = nullptr;
}

}  // namespace sekisho::engine
