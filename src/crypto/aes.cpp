// OpenSSL's block and mode functions: EVP would fetch the cipher under a lock for each message.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "sekisho/crypto/aes.h"

#include <algorithm>
#include <cstring>
#include <new>

#include <openssl/aes.h>
#include <openssl/modes.h>

namespace sekisho::crypto {
namespace {

const AES_KEY* key_of(const void* schedule) noexcept { return std::launder(static_cast<const AES_KEY*>(schedule)); }

void encrypt_block(const unsigned char in[16], unsigned char out[16], const void* schedule) {
    AES_encrypt(in, out, key_of(schedule));
}

struct FreeContext {
    void operator()(GCM128_CONTEXT* context) const noexcept { CRYPTO_gcm128_release(context); }
};
using Context = std::unique_ptr<GCM128_CONTEXT, FreeContext>;

Context make_context(const Aes128& key, Bytes nonce, Bytes associated) noexcept {
    // The mode only reads through the key, whatever its signature says.
    void* schedule = const_cast<void*>(key.schedule());
    Context context(CRYPTO_gcm128_new(schedule, encrypt_block));
    if (!context) return context;
    CRYPTO_gcm128_setiv(context.get(), nonce.data(), nonce.size());
    if (CRYPTO_gcm128_aad(context.get(), associated.data(), associated.size()) != 0) context.reset();
    return context;
}

}  // namespace

void Aes128::set_key(Bytes key) noexcept {
    static_assert(sizeof(AES_KEY) <= 256 && alignof(AES_KEY) <= 8);
    AES_set_encrypt_key(key.data(), 8 * static_cast<int>(kAesKey), ::new (schedule_.data()) AES_KEY);
}

std::array<std::uint8_t, kAesBlock> Aes128::encrypt(Bytes block) const noexcept {
    std::array<std::uint8_t, kAesBlock> out;
    AES_encrypt(block.data(), out.data(), key_of(schedule_.data()));
    return out;
}

bool gcm_open(const Aes128& key, Bytes nonce, Bytes associated, Bytes sealed, MutableBytes out) noexcept {
    if (sealed.size() < kGcmTag || nonce.size() != kGcmNonce || out.size() < sealed.size() - kGcmTag) return false;
    const Bytes cipher = sealed.first(sealed.size() - kGcmTag);
    const Context context = make_context(key, nonce, associated);
    if (!context) return false;
    if (CRYPTO_gcm128_decrypt(context.get(), cipher.data(), out.data(), cipher.size()) != 0) return false;
    return CRYPTO_gcm128_finish(context.get(), sealed.data() + cipher.size(), kGcmTag) == 0;
}

bool gcm_seal(const Aes128& key, Bytes nonce, Bytes associated, Bytes plain, MutableBytes out) noexcept {
    if (nonce.size() != kGcmNonce || out.size() < plain.size() + kGcmTag) return false;
    const Context context = make_context(key, nonce, associated);
    if (!context || CRYPTO_gcm128_encrypt(context.get(), plain.data(), out.data(), plain.size()) != 0) return false;
    CRYPTO_gcm128_tag(context.get(), out.data() + plain.size(), kGcmTag);
    return true;
}

}  // namespace sekisho::crypto
