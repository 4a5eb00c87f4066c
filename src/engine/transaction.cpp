#include "transaction.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace sekisho::engine {
namespace {

constexpr unsigned kFirstOrder = 11;  // 2 KiB: the fields of an ordinary request
constexpr unsigned kNextOrder = 13;

}  // namespace

Transaction* TransactionStore::open(flow::Session& session) noexcept {
    Transaction* tx = pool_.take();
    if (tx == nullptr) return nullptr;
    tx->message.id = session.next_tx;
    tx->message.protocol = session.protocol;
    tx->older = session.newest;
    session.newest = tx;
    ++session.open_transactions;
    return tx;
}

Transaction* TransactionStore::find(flow::Session& session, app::TxId id) noexcept {
    for (Transaction* tx = session.newest; tx != nullptr; tx = tx->older)
        if (tx->message.id == id) return tx;
    return nullptr;
}

Transaction* TransactionStore::oldest(flow::Session& session) noexcept {
    Transaction* tx = session.newest;
    while (tx != nullptr && tx->older != nullptr) tx = tx->older;
    return tx;
}

Transaction* TransactionStore::oldest_open(flow::Session& session) noexcept {
    Transaction* oldest = nullptr;
    for (Transaction* tx = session.newest; tx != nullptr; tx = tx->older)
        if (!tx->closed) oldest = tx;
    return oldest;
}

void TransactionStore::free(flow::Session& session, Transaction& tx) noexcept {
    for (Transaction** link = &session.newest; *link != nullptr; link = &(*link)->older) {
        if (*link != &tx) continue;
        *link = tx.older;
        if (!tx.closed) --session.open_transactions;
        break;
    }
    for (std::uint8_t i = 0; i < tx.block_count; ++i) memory_.give(tx.blocks[i].data, tx.blocks[i].order);
    for (BodyStore& body : tx.bodies) body.window.release(memory_);
    for (FileState* state : tx.files)
        if (state != nullptr) give_file_state(state, memory_);
    for (auto& levels : tx.archives)
        for (ArchiveLevel* level : levels)
            if (level != nullptr) give_archive(level, memory_);
    pool_.give(&tx);
}

std::uint8_t* TransactionStore::room(Transaction& tx, std::size_t size) noexcept {
    if (tx.bytes + size > kTransactionBytes) return nullptr;
    if (tx.block_count > 0) {
        const Transaction::Block& last = tx.blocks[tx.block_count - 1u];
        if (tx.block_used + size <= std::size_t{1} << last.order) {
            std::uint8_t* place = last.data + tx.block_used;
            tx.block_used += static_cast<std::uint32_t>(size);
            return place;
        }
    }
    if (tx.block_count == Transaction::kBlocks) return nullptr;
    const auto least = static_cast<unsigned>(std::bit_width(size > 0 ? size - 1 : 0));
    const unsigned order = std::max(tx.block_count == 0 ? kFirstOrder : kNextOrder, least);
    std::uint8_t* data = memory_.take(order);
    if (data == nullptr) return nullptr;
    tx.blocks[tx.block_count++] = {data, static_cast<std::uint8_t>(order)};
    tx.block_used = static_cast<std::uint32_t>(size);
    return data;
}

bool TransactionStore::keep_name(Transaction& tx, app::Direction direction, Bytes name) noexcept {
    ToldName& told = tx.told_names[static_cast<std::size_t>(direction)];
    if (told.place == nullptr) told.place = room(tx, file::kNameMax);
    if (told.place == nullptr) return false;
    // The end of a long name counts: there is its extension.
    if (name.size() > file::kNameMax) name = name.last(file::kNameMax);
    std::copy(name.begin(), name.end(), told.place);
    told.size = static_cast<std::uint8_t>(name.size());
    return true;
}

bool TransactionStore::keep(Transaction& tx, app::Field field, app::Direction direction, Bytes value) noexcept {
    std::uint8_t* place = room(tx, value.size());
    if (place == nullptr) return false;
    if (!value.empty()) std::memcpy(place, value.data(), value.size());
    tx.bytes += static_cast<std::uint32_t>(value.size());
    const detect::FieldValue kept{{place, value.size()}, field, direction, 0};
    if (!app::repeats(app::info(field).kind)) {
        for (detect::FieldValue& old : tx.message.fields) {
            if (old.field != field || old.direction != direction) continue;
            old = kept;
            return true;
        }
    }
    return tx.message.fields.push_back(kept);
}

/// Copies a value that grows to a block of its own with room for as much again. A block that held nothing else is
/// given back, so that growing takes about twice the value's size.
std::uint8_t* TransactionStore::move_to_larger(Transaction& tx, Bytes value, std::size_t size) noexcept {
    Transaction::Block* last = tx.block_count > 0 ? &tx.blocks[tx.block_count - 1u] : nullptr;
    const bool alone = last != nullptr && last->data == value.data() && tx.block_used == value.size();
    if (!alone && tx.block_count == Transaction::kBlocks) return nullptr;
    const unsigned order = std::max(kNextOrder, static_cast<unsigned>(std::bit_width(size)));
    std::uint8_t* data = memory_.take(order);
    if (data == nullptr) return nullptr;
    if (!value.empty()) std::memcpy(data, value.data(), value.size());
    if (alone) memory_.give(last->data, last->order);
    else last = &tx.blocks[tx.block_count++];
    *last = {data, static_cast<std::uint8_t>(order)};
    return data;
}

bool TransactionStore::append(Transaction& tx, app::Field field, app::Direction direction, Bytes more) noexcept {
    detect::FieldValue* value = nullptr;
    for (detect::FieldValue& kept : tx.message.fields)
        if (kept.field == field && kept.direction == direction) value = &kept;
    if (value == nullptr) return keep(tx, field, direction, more);
    const std::size_t size = value->bytes.size() + more.size();
    if (tx.bytes + more.size() > kTransactionBytes || size > kTransactionBytes / 2) return false;
    const Transaction::Block& last = tx.blocks[tx.block_count - 1u];
    const auto* begin = value->bytes.data();
    const bool at_end = begin >= last.data && begin + value->bytes.size() == last.data + tx.block_used;
    const bool fits = at_end && tx.block_used + more.size() <= std::size_t{1} << last.order;
    std::uint8_t* data = fits ? last.data + (begin - last.data) : move_to_larger(tx, value->bytes, size);
    if (data == nullptr) return false;
    std::memcpy(data + value->bytes.size(), more.data(), more.size());
    tx.bytes += static_cast<std::uint32_t>(more.size());
    const auto& block = tx.blocks[tx.block_count - 1u];
    tx.block_used = static_cast<std::uint32_t>(data + size - block.data);
    value->bytes = {data, size};
    value->scanned = 0;
    return true;
}

}  // namespace sekisho::engine
