// The server's end of TLS 1.2 or 1.3 without waiting: connections are served side by side by whoever polls their
// sockets. The client's certificate can be asked for and is verified then (mutual, RFC 5425 section 4.2).
#pragma once

#include <memory>
#include <string>

#include "sekisho/base/bytes.h"
#include "sekisho/base/result.h"

namespace sekisho::crypto {

struct TlsServerSettings {
    std::string certificate_file;  ///< PEM chain of our own; required
    std::string key_file;          ///< PEM; required
    std::string ca_file;           ///< PEM: who may sign the clients' certificates; empty: none is asked for
};

/// One connection.  @thread one at a time
class TlsPeer {
  public:
    /// What came of a try.
    enum class Step { data, again, closed, refused };

    TlsPeer(TlsPeer&&) noexcept;
    TlsPeer& operator=(TlsPeer&&) noexcept;
    ~TlsPeer();

    /// Shakes hands as far as the socket allows, then gives what came.
    /// @param size  octets written to `room`, with Step::data
    /// @return      again: nothing more at present; refused: not the certificate asked for, or no TLS
    Step read(MutableBytes room, std::size_t& size);
    bool established() const noexcept;
    /// Why it was refused, in OpenSSL's words.
    const std::string& trouble() const noexcept;

  private:
    friend class TlsServer;
    struct Parts;
    explicit TlsPeer(std::unique_ptr<Parts> parts) noexcept;
    std::unique_ptr<Parts> parts_;
};

class TlsServer {
  public:
    /// @error invalid  files that cannot be read or do not belong together
    static Result<TlsServer> open(const TlsServerSettings& settings);
    TlsServer(TlsServer&&) noexcept;
    TlsServer& operator=(TlsServer&&) noexcept;
    ~TlsServer();

    /// @param fd  a connected, non-blocking socket; stays the caller's and must outlive the peer
    Result<TlsPeer> accept(int fd);

  private:
    struct Parts;
    explicit TlsServer(std::unique_ptr<Parts> parts) noexcept;
    std::unique_ptr<Parts> parts_;
};

}  // namespace sekisho::crypto
