#include "sekisho/crypto/signing_key.h"

#include <openssl/evp.h>
#include <openssl/pem.h>

#include "sekisho/base/file_text.h"

namespace sekisho::crypto {
namespace {

constexpr std::size_t kPemMax = 16'384;
constexpr unsigned kPrivateMode = 0600, kPublicMode = 0644;

struct FreeKey {
    void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
};
struct FreeBio {
    void operator()(BIO* bio) const noexcept { BIO_free_all(bio); }
};
struct FreeDigest {
    void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;
using Bio = std::unique_ptr<BIO, FreeBio>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, FreeDigest>;

Bio reading(const std::string& text) { return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))); }

std::string content(const Bio& bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

bool is_ed25519(const Key& key) noexcept { return key && EVP_PKEY_get_id(key.get()) == EVP_PKEY_ED25519; }

std::string public_pem(EVP_PKEY* key) {
    const Bio out(BIO_new(BIO_s_mem()));
    return out && PEM_write_bio_PUBKEY(out.get(), key) == 1 ? content(out) : std::string();
}

Key key_of_public(const std::string& pem) {
    const Bio in = reading(pem);
    return Key(in ? PEM_read_bio_PUBKEY(in.get(), nullptr, nullptr, nullptr) : nullptr);
}

Key make() {
    struct FreeContext {
        void operator()(EVP_PKEY_CTX* context) const noexcept { EVP_PKEY_CTX_free(context); }
    };
    const std::unique_ptr<EVP_PKEY_CTX, FreeContext> context(EVP_PKEY_CTX_new_id(EVP_PKEY_ED25519, nullptr));
    EVP_PKEY* key = nullptr;
    if (!context || EVP_PKEY_keygen_init(context.get()) != 1 || EVP_PKEY_keygen(context.get(), &key) != 1) return nullptr;
    return Key(key);
}

}  // namespace

struct VerifyingKey::Parts {
    Key key;
};
struct SigningKey::Parts {
    Key key;
};

VerifyingKey::VerifyingKey(std::unique_ptr<Parts> parts) noexcept : parts_(std::move(parts)) {}
VerifyingKey::VerifyingKey(VerifyingKey&&) noexcept = default;
VerifyingKey& VerifyingKey::operator=(VerifyingKey&&) noexcept = default;
VerifyingKey::~VerifyingKey() = default;
SigningKey::SigningKey(std::unique_ptr<Parts> parts) noexcept : parts_(std::move(parts)) {}
SigningKey::SigningKey(SigningKey&&) noexcept = default;
SigningKey& SigningKey::operator=(SigningKey&&) noexcept = default;
SigningKey::~SigningKey() = default;

Result<VerifyingKey> VerifyingKey::load(const std::string& path) {
    const auto pem = read_file(path, kPemMax);
    if (!pem) return fail(pem.error());
    Key key = key_of_public(*pem);
    if (!is_ed25519(key)) return fail(ErrorCode::invalid, "is no Ed25519 public key (PEM)", path);
    return VerifyingKey(std::make_unique<Parts>(Parts{std::move(key)}));
}

std::string VerifyingKey::pem() const { return public_pem(parts_->key.get()); }

bool VerifyingKey::verifies(Bytes message, Bytes signature) const noexcept {
    const DigestContext context(EVP_MD_CTX_new());
    return context && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, parts_->key.get()) == 1 &&
           EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(), message.size()) == 1;
}

Result<SigningKey> SigningKey::open(const std::string& path) {
    const auto pem = read_file(path, kPemMax);
    if (!pem && pem.error().code != ErrorCode::not_found) return fail(pem.error());
    Key key;
    if (pem) {
        const Bio in = reading(*pem);
        key.reset(in ? PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr) : nullptr);
        if (!is_ed25519(key)) return fail(ErrorCode::invalid, "is no Ed25519 private key (PEM)", path);
    } else {
        key = make();
        const Bio out(BIO_new(BIO_s_mem()));
        if (!key || !out || PEM_write_bio_PrivateKey(out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1)
            return fail(ErrorCode::internal, "no key can be made", path);
        if (auto done = write_file_atomic(path, content(out), kPrivateMode); !done) return fail(done.error());
    }
    if (auto done = write_file_atomic(path + ".pub", public_pem(key.get()), kPublicMode); !done) return fail(done.error());
    return SigningKey(std::make_unique<Parts>(Parts{std::move(key)}));
}

Result<Signature> SigningKey::sign(Bytes message) const {
    const DigestContext context(EVP_MD_CTX_new());
    Signature signature{};
    std::size_t size = signature.size();
    if (!context || EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, parts_->key.get()) != 1 ||
        EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()) != 1 || size != signature.size())
        return fail(ErrorCode::internal, "the signature cannot be made");
    return signature;
}

Result<VerifyingKey> SigningKey::public_half() const {
    Key key = key_of_public(public_pem(parts_->key.get()));
    if (!key) return fail(ErrorCode::internal, "the key has no public half");
    return VerifyingKey(std::make_unique<VerifyingKey::Parts>(VerifyingKey::Parts{std::move(key)}));
}

}  // namespace sekisho::crypto
