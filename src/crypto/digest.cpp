// Digests by OpenSSL's block functions. They are marked deprecated in favour of EVP, whose contexts live on
// the heap; here the context must lie in the object.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "sekisho/crypto/digest.h"

#include <cstring>
#include <new>

#include <openssl/md5.h>
#include <openssl/sha.h>

namespace sekisho::crypto {
namespace {

template <class Context>
Context& as(std::array<std::uint8_t, 128>& memory) noexcept {
    static_assert(sizeof(Context) <= 128 && alignof(Context) <= 8);
    return *std::launder(reinterpret_cast<Context*>(memory.data()));
}

}  // namespace

void Digest::reset(DigestAlgorithm algorithm) noexcept {
    algorithm_ = algorithm;
    switch (algorithm) {
        case DigestAlgorithm::md5: MD5_Init(::new (context_.data()) MD5_CTX); break;
        case DigestAlgorithm::sha1: SHA1_Init(::new (context_.data()) SHA_CTX); break;
        case DigestAlgorithm::sha256: SHA256_Init(::new (context_.data()) SHA256_CTX); break;
    }
}

void Digest::update(Bytes bytes) noexcept {
    switch (algorithm_) {
        case DigestAlgorithm::md5: MD5_Update(&as<MD5_CTX>(context_), bytes.data(), bytes.size()); break;
        case DigestAlgorithm::sha1: SHA1_Update(&as<SHA_CTX>(context_), bytes.data(), bytes.size()); break;
        case DigestAlgorithm::sha256: SHA256_Update(&as<SHA256_CTX>(context_), bytes.data(), bytes.size()); break;
    }
}

DigestValue Digest::finish() noexcept {
    DigestValue value;
    value.size = digest_size(algorithm_);
    switch (algorithm_) {
        case DigestAlgorithm::md5: MD5_Final(value.octets.data(), &as<MD5_CTX>(context_)); break;
        case DigestAlgorithm::sha1: SHA1_Final(value.octets.data(), &as<SHA_CTX>(context_)); break;
        case DigestAlgorithm::sha256: SHA256_Final(value.octets.data(), &as<SHA256_CTX>(context_)); break;
    }
    return value;
}

DigestValue digest(DigestAlgorithm algorithm, Bytes bytes) noexcept {
    Digest context(algorithm);
    context.update(bytes);
    return context.finish();
}

std::size_t write_hex(Bytes in, char separator, bool upper_case, MutableBytes out) noexcept {
    const char* digits = upper_case ? "0123456789ABCDEF" : "0123456789abcdef";
    std::size_t at = 0;
    for (const std::uint8_t octet : in) {
        if (separator != '\0' && at != 0) out[at++] = static_cast<std::uint8_t>(separator);
        out[at++] = static_cast<std::uint8_t>(digits[octet >> 4]);
        out[at++] = static_cast<std::uint8_t>(digits[octet & 15]);
    }
    return at;
}

}  // namespace sekisho::crypto
