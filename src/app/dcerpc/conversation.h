// What a DCERPC association remembers: which interface each presentation context means (bind, alter context), and
// which calls wait for their answer. Shared by TCP, UDP and SMB pipes; `channel` tells the pipes of one SMB
// connection apart and is 0 elsewhere. C706 chapter 12, MS-RPCE section 3.
#pragma once

#include <array>
#include <cstdint>

#include "sekisho/app/limits.h"
#include "sekisho/app/parser.h"

namespace sekisho::app::dcerpc {

/// UUID as it is written: time_low, time_mid and time_hi in network order, whatever the wire's byte order.
using Uuid = std::array<std::uint8_t, 16>;

/// The value of Field::dcerpc_iface: UUID, version (big-endian), 1 when the call began with a first fragment.
constexpr std::size_t kIfaceVersionAt = 16, kIfaceFirstAt = 18, kIfaceOctets = 19;

/// Reads a UUID in the byte order of its sender. @param octets  16
Uuid read_uuid(Bytes octets, bool little_endian) noexcept;

/// A call as its header tells it.
struct CallStart {
    std::uint8_t channel = 0;
    std::uint32_t id = 0;
    std::uint16_t context = 0;
    std::uint16_t opnum = 0;
    bool little_endian = false;
    bool first_fragment = true;
};

class Conversation {
  public:
    /// A bind (or alter context) offers its items in order; the answers come in the same order.
    void begin_bind(std::uint8_t channel) noexcept;
    void offer(std::uint8_t channel, std::uint16_t context, const Uuid& uuid, std::uint16_t version) noexcept;
    void answer(std::uint8_t channel, std::uint8_t item, bool accepted) noexcept;
    void refuse_all(std::uint8_t channel) noexcept;

    /// The first or a further fragment of a request. A first one makes a new call.
    /// @return false when the fragment belongs to no call
    bool request(const CallStart& start, FieldSink& out) noexcept;
    /// A datagram names its interface itself (connectionless).
    bool request(const CallStart& start, const Uuid& uuid, std::uint16_t version, FieldSink& out) noexcept;
    void response(std::uint8_t channel, std::uint32_t id, bool little_endian, bool fault, FieldSink& out) noexcept;

    /// Stub octets of the fragment begun last in this direction.
    void stub(std::uint8_t channel, std::uint32_t id, Direction direction, Bytes octets, FieldSink& out) noexcept;
    /// The last fragment of the direction is done: its fields are inspected; an answered call ends.
    void complete(std::uint8_t channel, std::uint32_t id, Direction direction, FieldSink& out) noexcept;

    /// Ends the calls of a channel and forgets its interfaces.
    void forget(std::uint8_t channel, FieldSink& out) noexcept;
    void end_all(FieldSink& out) noexcept;
    /// No more octets of this direction will come: its calls are complete as they are.
    void end(Direction direction, FieldSink& out) noexcept;

  private:
    struct Interface {
        Uuid uuid{};
        std::uint16_t version = 0;
        std::uint16_t context = 0;
        std::uint8_t channel = 0;
        std::uint8_t item = 0;
        bool used = false, answered = false, accepted = false;
    };
    struct Call {
        TxId tx = 0;
        std::uint32_t id = 0;
        std::uint32_t octets[2] = {0, 0};
        std::uint8_t channel = 0;
        std::uint8_t little = 0;  ///< bit per direction
        bool used = false;
        bool done[2] = {false, false};
        std::uint16_t context = 0;
    };

    Call* find(std::uint8_t channel, std::uint32_t id) noexcept;
    Call& start(std::uint8_t channel, std::uint32_t id, FieldSink& out) noexcept;
    void end_call(Call& call, FieldSink& out) noexcept;
    void put_interfaces(const Call& call, bool first_fragment, FieldSink& out) noexcept;
    void note_order(Call& call, Direction direction, bool little_endian, FieldSink& out) noexcept;

    std::array<Interface, kDcerpcInterfacesMax> interfaces_{};
    std::array<Call, kDcerpcCallsMax> calls_{};
    std::uint8_t next_interface_ = 0, next_call_ = 0;
    std::uint8_t offered_ = 0;  ///< items of the bind at hand
};

}  // namespace sekisho::app::dcerpc
