// The open transactions of a worker: what a parser has put of one request and response, kept until both are
// done. Field values are copied once into blocks of the window pool; bodies are views into the stream where
// they lie there as they are, else a window of their own.
#pragma once

#include <array>
#include <cstdint>

#include "file_state.h"
#include "sekisho/base/pool.h"
#include "sekisho/detect/message.h"
#include "sekisho/engine/limits.h"
#include "sekisho/flow/flow.h"
#include "sekisho/stream/window.h"
#include "session.h"

namespace sekisho::engine {

/// Where a body's bytes are.
struct BodyStore {
    bool started = false;
    bool in_stream = false;            ///< a stretch of the stream window
    std::uint64_t stream_begin = 0;    ///< stream offset of the body's first octet
    std::uint64_t octets = 0;          ///< of the body so far
    stream::Window window;             ///< when not in the stream
    std::uint64_t settled_at = 0;      ///< octets at the last verification
    bool lost = false;                 ///< no memory: the body is no longer looked at
};

struct Transaction {
    detect::Message message;
    std::array<BodyStore, detect::kBodySlots> bodies;
    std::array<FileState*, 4> files{};   ///< as in Message::files
    std::array<std::array<ArchiveLevel*, file::kArchiveDepth>, 2> archives{};   ///< by direction, outermost first
    std::array<ToldName, 2> told_names{};   ///< of the file to come, by direction
    static constexpr std::size_t kBlocks = 8;
    struct Block {
        std::uint8_t* data = nullptr;
        std::uint8_t order = 0;
    };
    std::array<Block, kBlocks> blocks{};
    std::uint8_t block_count = 0;
    std::uint32_t block_used = 0;      ///< octets used of the last block
    std::uint32_t bytes = 0;           ///< octets of fields kept
    bool closed = false;               ///< the parser is done with it; freed when the packet is
    bool url_judged = false;
    Transaction* older = nullptr;
};

class TransactionStore {
  public:
    explicit TransactionStore(stream::WindowPool& memory) : pool_(kTransactionsMax), memory_(memory) {}

    /// A new transaction of the session; null when none is left.
    Transaction* open(flow::Session& session) noexcept;
    Transaction* find(flow::Session& session, app::TxId id) noexcept;
    Transaction* oldest(flow::Session& session) noexcept;
    Transaction* oldest_open(flow::Session& session) noexcept;
    /// Unlinks and frees.
    void free(flow::Session& session, Transaction& tx) noexcept;

    /// Keeps the name of a file to come in place of the one before. False when there is no room.
    bool keep_name(Transaction& tx, app::Direction direction, Bytes name) noexcept;
    /// Keeps a copy of a value. False when the transaction or the worker has no room.
    bool keep(Transaction& tx, app::Field field, app::Direction direction, Bytes value) noexcept;
    /// Lengthens the value of a single field; keeps it when there is none. False as above: the value stays as it was.
    bool append(Transaction& tx, app::Field field, app::Direction direction, Bytes more) noexcept;
    stream::WindowPool& memory() noexcept { return memory_; }

  private:
    std::uint8_t* room(Transaction& tx, std::size_t size) noexcept;
    std::uint8_t* move_to_larger(Transaction& tx, Bytes value, std::size_t size) noexcept;
    Pool<Transaction> pool_;
    stream::WindowPool& memory_;
};

}  // namespace sekisho::engine
