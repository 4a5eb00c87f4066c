// What an SMB connection remembers, bounded: requests that wait for their answer, shares that are pipes, open files
// and pipes, and the remote procedure calls in them. Numbers: app/limits.h.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "app/dcerpc/conversation.h"
#include "app/dcerpc/pdu_reader.h"
#include "sekisho/app/limits.h"
#include "sekisho/app/parser.h"

namespace sekisho::app::smb {

constexpr std::uint8_t kNone = 0xff;  ///< no slot of a table

using FileId = std::array<std::uint8_t, 16>;  ///< SMB 1: two octets, then zeros

/// A request that waits for its answer. Reads and writes have no transaction of their own: their content belongs to
/// the file's.
struct Request {
    std::uint64_t id = 0;
    std::uint64_t offset = 0;     ///< read: where in the file
    TxId tx = 0;
    std::uint32_t length = 0;     ///< read: octets asked for
    std::uint16_t command = 0;
    std::uint8_t file = kNone;
    bool used = false;
    bool has_tx = false;
};

struct Tree {
    std::uint32_t id = 0;
    bool used = false;
    bool pipe = false;
};

enum class FileKind : std::uint8_t { unknown, file, pipe };

struct File {
    FileId id{};
    TxId tx = 0;
    std::uint64_t next[2] = {0, 0};   ///< offset behind the last content, written and read
    std::uint64_t size = 0;           ///< as the server told it when it was opened
    std::uint32_t used_at = 0;        ///< for the choice of the one to forget
    FileKind kind = FileKind::unknown;
    std::uint8_t pipe = kNone;        ///< slot of `pipes`
    std::uint8_t name_size = 0;
    bool used = false, opened = false, has_size = false;
    bool has_tx = false;
    bool begun[2] = {false, false};
    std::array<char, kSmbNameMax> name{};
};

struct Pipe {
    dcerpc::PduReader readers[2];
    std::uint32_t used_at = 0;
    std::uint8_t file = kNone;
};

/// Content that goes to a file or pipe as it comes.
struct Region {
    std::uint32_t skip = 0;       ///< octets before it
    std::uint32_t octets = 0;
    std::uint64_t offset = 0;     ///< in the file
    std::uint8_t file = kNone;
};

/// One direction of the connection.
struct Side {
    std::uint32_t record = 0;     ///< octets of the NetBIOS message that are not taken yet
    std::uint32_t message = 0;    ///< of the SMB message in it, once its head is read
    std::uint32_t waiting = 0;    ///< octets that wait for the rest of a head
    Region region;
    std::uint8_t related = kNone; ///< file of the command before in the same chain
    bool begun_content = false;   ///< the first piece of the region is told
    bool lost = false;            ///< after a gap: looks for the next message
};

struct State {
    Side sides[2];
    std::array<Request, kSmbRequestsMax> requests{};
    std::array<Tree, kSmbTreesMax> trees{};
    std::array<File, kSmbFilesMax> files{};
    std::array<Pipe, kSmbPipesMax> pipes{};
    dcerpc::Conversation calls;
    std::uint32_t clock = 0;
    std::uint32_t max_read = 0, max_write = 0;  ///< as the server told them; 0: not known
    std::uint16_t dialect = 0;
    std::uint8_t next_request = 0, next_tree = 0;
    bool negotiated[3] = {false, false, false}; ///< by version
    bool sealed = false;                        ///< encrypted or compressed messages were seen
    bool ended[2] = {false, false};
};

// --- requests (requests.cpp) ------------------------------------------------------------------------------
Request& add_request(State& state, std::uint64_t id, std::uint16_t command, FieldSink& out) noexcept;
Request* find_request(State& state, std::uint64_t id) noexcept;
/// Opens the request's transaction.
TxId open_tx(Request& request, std::uint8_t version, FieldSink& out) noexcept;
/// The answer has come (or never will): the transaction is complete in both directions.
void end_request(Request& request, FieldSink& out) noexcept;
/// A transaction for what is told once: events, answers without a request.
void tell_event(Direction direction, AppEvent event, FieldSink& out) noexcept;

void set_tree(State& state, std::uint32_t id, bool pipe) noexcept;
void drop_tree(State& state, std::uint32_t id) noexcept;
/// What files of a share are; unknown when its connect was not seen.
FileKind kind_in_tree(const State& state, std::uint32_t id) noexcept;
/// "\\server\IPC$": the share of the pipes.
bool is_pipe_share(std::string_view path) noexcept;

// --- files (files.cpp) ---------------------------------------------------------------------------------------
/// A slot for a file that a request wants to open.
std::uint8_t add_file(State& state, std::string_view name, FileKind kind, FieldSink& out) noexcept;
std::uint8_t find_file(State& state, const FileId& id) noexcept;
/// The file with this id, made when it is not known (it was opened before we looked).
std::uint8_t need_file(State& state, const FileId& id, FieldSink& out) noexcept;
void close_file(State& state, std::uint8_t slot, FieldSink& out) noexcept;
/// The file's own transaction, with its name.
TxId file_tx(File& file, FieldSink& out) noexcept;
/// Content of a read or write. @param fresh  the first piece of it
void put_content(State& state, Direction direction, std::uint8_t slot, std::uint64_t offset, Bytes piece, bool fresh,
                 FieldSink& out) noexcept;
/// Which a handle is that was opened before we looked: content that begins like a DCERPC PDU belongs to a pipe.
void settle_kind(State& state, std::uint8_t slot, Bytes begin) noexcept;
/// Octets of content that were lost: what comes next does not follow what came before.
void lose_content(State& state, Direction direction, std::uint8_t slot, std::uint64_t octets, FieldSink& out) noexcept;

}  // namespace sekisho::app::smb
