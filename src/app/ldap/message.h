// LDAP messages (RFC 4511 section 4): BER with definite lengths. Nothing is descended into further than rules ask: the depth
// of what is read is fixed, filters and controls are passed over as they are.
#pragma once

#include <cstdint>
#include <optional>

#include "app/ber.h"
#include "app/ldap/operation.h"
#include "sekisho/app/parser.h"

namespace sekisho::app::ldap {

/// The values inside a constructed one, in order. Of a message that is read in part (`cut`) the last one ends with what
/// is there.
class Parts {
  public:
    Parts(Bytes content, bool cut) noexcept : reader_(content), cut_(cut) {}

    bool empty() const noexcept { return reader_.remaining() == 0; }
    /// The next value. Not ok at the end of what is there, and when it is malformed: then sound() is false.
    ber::Value next() noexcept;
    /// The content of the next value, which must have this tag.
    Bytes take(std::uint8_t tag) noexcept;
    /// Nothing malformed was seen.
    bool sound() const noexcept { return sound_; }
    bool cut() const noexcept { return cut_; }

  private:
    ByteReader reader_;
    bool cut_;
    bool sound_ = true;
};

struct Message {
    std::uint32_t id = 0;
    const Operation* operation = nullptr;
    Bytes content;     ///< of the operation
    bool cut = false;  ///< the end of it is missing
};

/// Head of a message: octets before its content, and those of its content.
struct Head {
    std::size_t size = 0;
    std::uint64_t length = 0;
};
enum class HeadResult : std::uint8_t { good, need_more, bad };
HeadResult read_head(Bytes in, Head& head) noexcept;

/// @param content  of the message's SEQUENCE
/// @return nothing when it is malformed
std::optional<Message> read_message(Bytes content, bool cut) noexcept;

/// What the transaction of a request has to remember of it.
struct Request {
    bool sound = true;
    bool sasl = false;           ///< a bind by other means than a password in the clear
    bool start_tls = false;
    std::uint32_t abandons = 0;  ///< message that an abandon request means
};
Request tell_request(TxId tx, const Message& message, FieldSink& out) noexcept;

struct Response {
    bool sound = true;
    std::optional<std::uint32_t> result;
};
/// @param names       whether the names in it are told
/// @param attributes  told of this transaction's responses so far; counted up
Response tell_response(TxId tx, const Message& message, bool names, std::uint8_t& attributes, FieldSink& out) noexcept;

/// Whether `in` begins like a message, and whose it is then. `maybe`: it is too short to tell.
struct Look {
    Probe probe = Probe::no;
    bool request = false;
};
Look look(Bytes in) noexcept;

}  // namespace sekisho::app::ldap
