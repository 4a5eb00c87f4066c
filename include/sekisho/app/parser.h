// The contract of a protocol parser. A parser sees in-order bytes of one direction and a sink for what it
// finds; it never sees packets, never allocates, never copies bytes that it can point at.
//
//   Step parse(State&, Direction, Bytes in, FieldSink&)
//     consumed(n)   n octets of `in` are done with; called again at once while n > 0 and bytes remain
//     need_more     `in` begins with an unfinished unit; called again with the same start and more bytes
//     broken        this is not the protocol (any more); the engine stops parsing, counts, and goes on
//                   with packet and stream inspection alone. With Fault::none the parser has done its part
//                   (CONNECT, STARTTLS): what follows in both directions is another protocol, to be found anew
//                   unless the step says which (becomes)
//
// Cut into any pieces, the same bytes give the same fields: tests and fuzz targets check it for every parser.
// Units longer than the parser's own stated limit are consumed in pieces or broken, never waited for.
#pragma once

#include <cstddef>
#include <cstdint>

#include "sekisho/app/app_event.h"
#include "sekisho/app/field.h"
#include "sekisho/app/protocol.h"
#include "sekisho/base/bytes.h"

namespace sekisho::app {

enum class Direction : std::uint8_t { to_server = 0, to_client = 1 };

/// Why a parser gave up.
enum class Fault : std::uint8_t { none, not_this_protocol, too_long, bad_length, bad_syntax, too_many, compression };

struct Step {
    enum class Kind : std::uint8_t { consumed, need_more, broken } kind;
    Fault fault;
    Protocol next;  ///< broken with Fault::none: what was agreed on; unknown: to be found
    std::size_t octets;

    static constexpr Step consumed(std::size_t n) noexcept { return {Kind::consumed, Fault::none, Protocol::unknown, n}; }
    static constexpr Step need_more() noexcept { return {Kind::need_more, Fault::none, Protocol::unknown, 0}; }
    static constexpr Step broken(Fault f) noexcept { return {Kind::broken, f, Protocol::unknown, 0}; }
    static constexpr Step becomes(Protocol next) noexcept { return {Kind::broken, Fault::none, next, 0}; }
};
static_assert(sizeof(Step) <= 16, "it is returned in registers");

/// A transaction: one request with its response, one handshake, one query with its answer. Numbered from 0
/// in each flow.
using TxId = std::uint64_t;

/// How far one direction of a transaction has come. Stages only rise.
enum class Stage : std::uint8_t {
    none,
    line,      ///< request or status line done
    headers,   ///< all header fields are known
    body,      ///< body bytes have begun
    complete,  ///< nothing more will come in this direction
};

struct BodyPart {
    bool first = false;
    bool last = false;
};

/// A conversation between the same two hosts that a message announces: FTP's data connection, a transfer that goes on
/// from another port. Announcing it again tells more about it.
struct Expected {
    Protocol protocol = Protocol::unknown;
    Direction listener = Direction::to_server;  ///< the side whose port will be spoken to: to_server is the server
    std::uint16_t port = 0;                     ///< of the listener; 0: the port that it uses now
    Bytes name = {};                            ///< of the file that will come; may be empty
    std::uint8_t command = 0;                   ///< as Fact::ftp_data_command; 0: no file
};

/// Takes what a parser finds. The engine's sink keeps a bounded copy per transaction and runs detection
/// when a stage is reached; tests use a recording sink.
class FieldSink {
  public:
    virtual ~FieldSink() = default;
    /// A new transaction. The sink may be at its cap; then the oldest one is ended for it (counted).
    virtual TxId open() noexcept = 0;
    /// The value of a field in `tx`. The bytes need live only through the call. For `single` fields the
    /// last value counts; `multi` fields collect.
    virtual void put(TxId tx, Field field, Bytes value) noexcept = 0;
    /// More octets of a `single` field's value, behind those that were put or appended before; the first ones begin
    /// it. What was appended is inspected at the next stage, as one value.
    virtual void append(TxId tx, Field field, Bytes more) noexcept = 0;
    virtual void fact(TxId tx, Fact fact, std::uint64_t value) noexcept = 0;
    /// A piece of a body field, in order. When the bytes are part of `in` (no coding was removed) pass them
    /// as that very sub-view: then they are scanned together with the stream, once.
    virtual void body(TxId tx, Direction direction, Field field, Bytes piece, BodyPart part) noexcept = 0;
    /// `direction` of `tx` has come this far: everything put so far is inspected now.
    virtual void stage(TxId tx, Direction direction, Stage stage) noexcept = 0;
    virtual void event(TxId tx, AppEvent event) noexcept = 0;
    /// A frame begins: a stretch of `octets` (kFrameOpen: to where frame_ends says) that rules may look at by its name.
    /// Told once, as soon as its first octets are there.
    /// @param begin  what is there of it, a sub-view of `in`; frames of bytes that were made elsewhere are left out
    virtual void frame(Direction direction, Field frame, Bytes begin, std::uint64_t octets) noexcept = 0;
    /// The open frame ends with the octets that the present step consumes.
    virtual void frame_ends(Direction direction, Field frame) noexcept = 0;
    /// The transaction is of another protocol than its connection so far, which the one so far carries: so is the
    /// connection from now on. Told before the stage at which rules are to know it.
    virtual void speaks(TxId tx, Protocol protocol) noexcept = 0;
    /// Another conversation is announced. The name needs live only through the call.
    virtual void expect(const Expected& conversation) noexcept = 0;
    /// Both directions are done (or never will be): the record is written, the memory given back.
    virtual void close(TxId tx) noexcept = 0;
};

/// Answer of a probe: does this look like the protocol? `reversed`: it does, but what the flow's client says is
/// what a server says, so the flow is seen the wrong way round (datagrams whose request was not seen, and the first
/// packet of a connection whose opening was not seen).
enum class Probe : std::uint8_t { no, maybe, yes, reversed };

/// What a probe may look at: the first bytes of each direction (either may be empty) and the server port.
struct ProbeInput {
    Bytes to_server;
    Bytes to_client;
    std::uint16_t server_port = 0;
    std::uint16_t client_port = 0;
};

enum class Transport : std::uint8_t { tcp = 1, udp = 2, both = 3 };

/// One line of the parser table (app/table.cpp). Function pointers over opaque state: the engine places
/// `state_size` zeroed octets (alignment 8) in the flow's arena, calls `init` when the protocol is decided
/// and `destroy` before the memory is reused (a parser that holds a decompressor frees it there).
struct Parser {
    Protocol protocol;
    Transport transport;
    std::size_t state_size;
    Probe (*probe)(const ProbeInput& input) noexcept;
    void (*init)(void* state) noexcept;
    void (*destroy)(void* state) noexcept;
    Step (*parse)(void* state, Direction direction, Bytes in, FieldSink& out) noexcept;
    /// `octets` of the stream were lost before what comes next. Gives false when the parser cannot go on.
    bool (*gap)(void* state, Direction direction, std::uint64_t octets, FieldSink& out) noexcept;
    /// The direction is closed; pending transactions are completed.
    void (*end)(void* state, Direction direction, FieldSink& out) noexcept;
    /// For protocols that are only found by being announced: called after init. Null for all others.
    void (*announced)(void* state, const Expected& conversation) noexcept = nullptr;
    /// What parse() left and waited for more behind, when the direction closes: called before end. Null: it means nothing.
    void (*rest)(void* state, Direction direction, Bytes left, FieldSink& out) noexcept = nullptr;
    /// What the parser leaves to the one of the protocol that the connection becomes (Step::becomes): at most kInheritedMax
    /// octets, which live in its state. Null: nothing.
    Bytes (*leave)(const void* state) noexcept = nullptr;
    /// Takes that: called after init, when there is something. Null: it is of no use here.
    void (*inherit)(void* state, Bytes left, FieldSink& out) noexcept = nullptr;
};

/// A recognised-only protocol has parse == nullptr.
struct ParserTable {
    const Parser* const* parsers;
    std::size_t count;
};
const ParserTable& parser_table() noexcept;
const Parser* find_parser(Protocol protocol, Transport transport) noexcept;

}  // namespace sekisho::app
