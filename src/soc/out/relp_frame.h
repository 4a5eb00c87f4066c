// Frames of RELP (RELP specification by R. Gerhards, protocol version 0): TXNR SP COMMAND SP DATALEN [SP DATA] LF.
// Pure: octets in, frames out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sekisho/base/result.h"

namespace sekisho::soc {

struct RelpFrame {
    std::uint32_t transaction = 0;  ///< 0: the server speaks by itself
    std::string command;            ///< "rsp", "serverclose"
    std::string data;
};

/// A frame to be sent. `data` may be empty.
std::string relp_frame(std::uint32_t transaction, std::string_view command, std::string_view data);

/// The number of the answer's first line: 200 is well, anything else is not. Nothing: no number there.
std::optional<unsigned> relp_status(std::string_view data) noexcept;

/// Takes a server's octets in pieces of any size. Bounded: a frame beyond the limits is an error.
class RelpReader {
  public:
    static constexpr std::size_t kDataMax = 16'384;  ///< octets of an answer; real ones have some hundred

    void add(std::string_view octets) { pending_.append(octets); }
    /// The next whole frame, or nothing yet. @error invalid: not RELP, in words; the connection is to be given up
    Result<std::optional<RelpFrame>> next();

  private:
    std::string pending_;
};

}  // namespace sekisho::soc
