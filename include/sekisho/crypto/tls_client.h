// A TLS client over a connected socket: TLS 1.2 or 1.3, the server's certificate verified against a CA file
// and a name, our own certificate shown when one is given (mutual). No fall-back of any kind.
// The program must ignore SIGPIPE: OpenSSL writes to the socket with write(2).
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "sekisho/base/result.h"

namespace sekisho::crypto {

struct TlsClientSettings {
    std::string ca_file;           ///< PEM; who may sign the server's certificate; required
    std::string certificate_file;  ///< PEM chain of our own; empty: none
    std::string key_file;          ///< PEM; required with a certificate
    std::string server_name;       ///< DNS name or IP address the certificate must be for; also sent as SNI
};

class TlsClient {
  public:
    using Deadline = std::chrono::steady_clock::time_point;

    /// Shakes hands. Takes the descriptor, which is made non-blocking, in any case.
    /// @error invalid      files that cannot be read, a name missing
    ///        denied       the peer's certificate is not what it must be, with OpenSSL's words; or the peer
    ///                     refused ours
    ///        unavailable  closed or silent until the deadline
    static Result<TlsClient> connect(int fd, const TlsClientSettings& settings, Deadline deadline);

    TlsClient(TlsClient&&) noexcept;
    TlsClient& operator=(TlsClient&&) noexcept;
    ~TlsClient();  ///< says close_notify when it can, without waiting

    /// All of it, or an error.  @error unavailable
    Status write(std::string_view bytes, Deadline deadline);

    /// What the peer has sent; waits for it until the deadline (one that has passed: only looks). Empty: nothing came.
    /// @error denied, unavailable
    Result<std::string> read(Deadline deadline);

    /// Looks, without waiting, whether the peer closed or refused us: a TLS 1.3 server tells what it thinks of
    /// our certificate only after the handshake. What it sends otherwise is thrown away.
    /// @error denied, unavailable
    Status check();

    int descriptor() const noexcept;  ///< for socket facts only
    std::string version() const;      ///< "TLSv1.3"

  private:
    struct Parts;
    explicit TlsClient(std::unique_ptr<Parts> parts) noexcept;
    std::unique_ptr<Parts> parts_;
};

}  // namespace sekisho::crypto
