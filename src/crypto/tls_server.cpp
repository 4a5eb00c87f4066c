// OpenSSL 3 on a non-blocking socket: each call does what the socket allows and says "again". No renegotiation, no
// tickets: a syslog peer connects once and stays.
#include "sekisho/crypto/tls_server.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>

namespace sekisho::crypto {
namespace {

struct FreeContext {
    void operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }
};
struct FreeSession {
    void operator()(SSL* session) const noexcept { SSL_free(session); }
};
using Context = std::unique_ptr<SSL_CTX, FreeContext>;

std::string words_of_error() {
    const unsigned long code = ERR_peek_last_error();
    const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
    return reason == nullptr ? "the connection was closed" : reason;
}

}  // namespace

struct TlsServer::Parts {
    Context context;
};

struct TlsPeer::Parts {
    Step stopped(int result) {
        const int cause = SSL_get_error(session.get(), result);
        if (cause == SSL_ERROR_WANT_READ || cause == SSL_ERROR_WANT_WRITE) return Step::again;
        if (cause == SSL_ERROR_ZERO_RETURN || SSL_is_init_finished(session.get())) return Step::closed;
        const long verdict = SSL_get_verify_result(session.get());
        trouble = verdict == X509_V_OK ? words_of_error() : X509_verify_cert_error_string(verdict);
        return Step::refused;
    }

    std::unique_ptr<SSL, FreeSession> session;
    std::string trouble;
};

TlsServer::TlsServer(std::unique_ptr<Parts> parts) noexcept : parts_(std::move(parts)) {}
TlsServer::TlsServer(TlsServer&&) noexcept = default;
TlsServer& TlsServer::operator=(TlsServer&&) noexcept = default;
TlsServer::~TlsServer() = default;

Result<TlsServer> TlsServer::open(const TlsServerSettings& settings) {
    ERR_clear_error();
    Context context(SSL_CTX_new(TLS_server_method()));
    if (!context) return fail(ErrorCode::internal, words_of_error());
    SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
    SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET);
    SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
    if (SSL_CTX_use_certificate_chain_file(context.get(), settings.certificate_file.c_str()) != 1)
        return fail(ErrorCode::invalid, words_of_error(), settings.certificate_file);
    if (SSL_CTX_use_PrivateKey_file(context.get(), settings.key_file.c_str(), SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_check_private_key(context.get()) != 1)
        return fail(ErrorCode::invalid, words_of_error(), settings.key_file);
    if (!settings.ca_file.empty()) {
        if (SSL_CTX_load_verify_file(context.get(), settings.ca_file.c_str()) != 1)
            return fail(ErrorCode::invalid, words_of_error(), settings.ca_file);
        SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    }
    auto parts = std::make_unique<Parts>();
    parts->context = std::move(context);
    return TlsServer(std::move(parts));
}

Result<TlsPeer> TlsServer::accept(int fd) {
    ERR_clear_error();
    auto parts = std::make_unique<TlsPeer::Parts>();
    parts->session.reset(SSL_new(parts_->context.get()));
    if (!parts->session || SSL_set_fd(parts->session.get(), fd) != 1) return fail(ErrorCode::internal, words_of_error());
    SSL_set_accept_state(parts->session.get());
    return TlsPeer(std::move(parts));
}

TlsPeer::TlsPeer(std::unique_ptr<Parts> parts) noexcept : parts_(std::move(parts)) {}
TlsPeer::TlsPeer(TlsPeer&&) noexcept = default;
TlsPeer& TlsPeer::operator=(TlsPeer&&) noexcept = default;
TlsPeer::~TlsPeer() = default;

TlsPeer::Step TlsPeer::read(MutableBytes room, std::size_t& size) {
    ERR_clear_error();
    size = 0;
    SSL* session = parts_->session.get();
    if (!SSL_is_init_finished(session))
        if (const int done = SSL_accept(session); done != 1) return parts_->stopped(done);
    const int got = SSL_read(session, room.data(), static_cast<int>(std::min<std::size_t>(room.size(), 1U << 20)));
    if (got <= 0) return parts_->stopped(got);
    size = static_cast<std::size_t>(got);
    return Step::data;
}

bool TlsPeer::established() const noexcept { return SSL_is_init_finished(parts_->session.get()) != 0; }
const std::string& TlsPeer::trouble() const noexcept { return parts_->trouble; }

}  // namespace sekisho::crypto
