// The box's own key: Ed25519 (RFC 8032), made once, kept in a file that only its owner reads. Signs evidence; who
// has the public half can tell that the box vouched for it.
#pragma once

#include <array>
#include <memory>
#include <string>

#include "sekisho/base/bytes.h"
#include "sekisho/base/result.h"

namespace sekisho::crypto {

using Signature = std::array<std::uint8_t, 64>;

/// The public half.
class VerifyingKey {
  public:
    /// @error invalid  not a PEM public key of this kind; not_found, io
    static Result<VerifyingKey> load(const std::string& path);
    VerifyingKey(VerifyingKey&&) noexcept;
    VerifyingKey& operator=(VerifyingKey&&) noexcept;
    ~VerifyingKey();

    bool verifies(Bytes message, Bytes signature) const noexcept;
    std::string pem() const;

  private:
    friend class SigningKey;
    struct Parts;
    explicit VerifyingKey(std::unique_ptr<Parts> parts) noexcept;
    std::unique_ptr<Parts> parts_;
};

class SigningKey {
  public:
    /// Reads the key; when there is none makes one, and writes it (mode 0600) and its public half beside it
    /// (".pub", for everybody).
    /// @error invalid  the file holds something else; io
    static Result<SigningKey> open(const std::string& path);
    SigningKey(SigningKey&&) noexcept;
    SigningKey& operator=(SigningKey&&) noexcept;
    ~SigningKey();

    Result<Signature> sign(Bytes message) const;
    Result<VerifyingKey> public_half() const;

  private:
    struct Parts;
    explicit SigningKey(std::unique_ptr<Parts> parts) noexcept;
    std::unique_ptr<Parts> parts_;
};

}  // namespace sekisho::crypto
