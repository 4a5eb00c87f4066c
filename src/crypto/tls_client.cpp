// OpenSSL 3 as a client with deadlines: each call runs until it wants the socket, then poll() waits for the
// socket or the deadline. RFC 5425 (syslog over TLS) asks for exactly this verification: chain and name.
#include "sekisho/crypto/tls_client.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace sekisho::crypto {
namespace {

constexpr std::size_t kWriteMaxOctets = 16384;  // one record
constexpr std::size_t kCheckMaxReads = 16;      // a peer that talks without end does not hold us

struct FreeContext {
    void operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }
};
struct FreeSession {
    void operator()(SSL* session) const noexcept { SSL_free(session); }
};

std::string openssl_words() {
    std::string words;
    while (const unsigned long code = ERR_get_error()) {
        const char* reason = ERR_reason_error_string(code);
        if (reason == nullptr) continue;
        words += (words.empty() ? "" : ", ") + std::string(reason);
    }
    return words.empty() ? "the connection was closed" : words;
}

bool is_address(const std::string& name) {
    unsigned char octets[16];
    return ::inet_pton(AF_INET, name.c_str(), octets) == 1 || ::inet_pton(AF_INET6, name.c_str(), octets) == 1;
}

tl::unexpected<Error> bad_file(const std::string& path) { return fail(ErrorCode::invalid, openssl_words(), path); }

Result<std::unique_ptr<SSL_CTX, FreeContext>> make_context(const TlsClientSettings& settings) {
    ERR_clear_error();
    std::unique_ptr<SSL_CTX, FreeContext> context(SSL_CTX_new(TLS_client_method()));
    if (!context) return fail(ErrorCode::internal, openssl_words());
    SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    if (settings.ca_file.empty()) return fail(ErrorCode::invalid, "no CA file is set: the server cannot be verified");
    if (SSL_CTX_load_verify_file(context.get(), settings.ca_file.c_str()) != 1) return bad_file(settings.ca_file);
    if (settings.certificate_file.empty()) return context;
    if (SSL_CTX_use_certificate_chain_file(context.get(), settings.certificate_file.c_str()) != 1)
        return bad_file(settings.certificate_file);
    if (SSL_CTX_use_PrivateKey_file(context.get(), settings.key_file.c_str(), SSL_FILETYPE_PEM) != 1)
        return bad_file(settings.key_file);
    if (SSL_CTX_check_private_key(context.get()) != 1) return bad_file(settings.key_file);
    return context;
}

bool set_name(SSL* session, const std::string& name) {
    if (is_address(name)) return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), name.c_str()) == 1;
    SSL_set_hostflags(session, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return SSL_set1_host(session, name.c_str()) == 1 && SSL_set_tlsext_host_name(session, name.c_str()) == 1;
}

}  // namespace

struct TlsClient::Parts {
    ~Parts() {
        if (session && open) SSL_shutdown(session.get());
        session.reset();
        if (fd >= 0) ::close(fd);
    }

    /// Waits for what the last call wanted; anything but "again later" is an error in words.
    Status wait(int result, Deadline deadline) {
        const int cause = SSL_get_error(session.get(), result);
        if (cause != SSL_ERROR_WANT_READ && cause != SSL_ERROR_WANT_WRITE) return broken(cause);
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
        pollfd wanted{fd, static_cast<short>(cause == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT), 0};
        const int ready = ::poll(&wanted, 1, static_cast<int>(std::clamp<long long>(left.count(), 0, 60'000)));
        if (ready < 0 && errno != EINTR) return fail(ErrorCode::unavailable, std::strerror(errno));
        if (ready == 0 && std::chrono::steady_clock::now() >= deadline)
            return fail(ErrorCode::unavailable, "no answer in time");
        return {};
    }

    Status broken(int cause) {
        open = false;
        const long verdict = SSL_get_verify_result(session.get());
        if (verdict != X509_V_OK)
            return fail(ErrorCode::denied, "the server's certificate is refused: " + std::string(X509_verify_cert_error_string(verdict)));
        if (cause == SSL_ERROR_ZERO_RETURN) return fail(ErrorCode::unavailable, "the server closed the connection");
        const int system = errno;
        const bool said_why = ERR_peek_error() != 0;
        if (cause == SSL_ERROR_SYSCALL && !said_why)
            return fail(ErrorCode::unavailable, system == 0 ? "the server closed the connection" : std::strerror(system));
        return fail(ErrorCode::unavailable, openssl_words());
    }

    int fd = -1;
    bool open = false;
    std::unique_ptr<SSL_CTX, FreeContext> context;
    std::unique_ptr<SSL, FreeSession> session;
};

TlsClient::TlsClient(std::unique_ptr<Parts> parts) noexcept : parts_(std::move(parts)) {}
TlsClient::TlsClient(TlsClient&&) noexcept = default;
TlsClient& TlsClient::operator=(TlsClient&&) noexcept = default;
TlsClient::~TlsClient() = default;

Result<TlsClient> TlsClient::connect(int fd, const TlsClientSettings& settings, Deadline deadline) {
    auto parts = std::make_unique<Parts>();
    parts->fd = fd;
    const int flags = ::fcntl(fd, F_GETFL);
    if (flags < 0 || ::fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0) return fail(ErrorCode::io, std::strerror(errno));
    auto context = make_context(settings);
    if (!context) return fail(context.error());
    parts->context = std::move(*context);
    parts->session.reset(SSL_new(parts->context.get()));
    if (!parts->session || SSL_set_fd(parts->session.get(), fd) != 1) return fail(ErrorCode::internal, openssl_words());
    if (settings.server_name.empty() || !set_name(parts->session.get(), settings.server_name))
        return fail(ErrorCode::invalid, "'" + settings.server_name + "' is no name a certificate can be for");
    while (true) {
        ERR_clear_error();
        errno = 0;
        const int result = SSL_connect(parts->session.get());
        if (result == 1) break;
        if (auto again = parts->wait(result, deadline); !again) return fail(again.error());
    }
    parts->open = true;
    return TlsClient(std::move(parts));
}

Status TlsClient::write(std::string_view bytes, Deadline deadline) {
    while (!bytes.empty()) {
        ERR_clear_error();
        errno = 0;
        std::size_t written = 0;
        const int result = SSL_write_ex(parts_->session.get(), bytes.data(), std::min(bytes.size(), kWriteMaxOctets), &written);
        if (result == 1) bytes.remove_prefix(written);
        else if (auto again = parts_->wait(result, deadline); !again) return again;
    }
    return {};
}

Result<std::string> TlsClient::read(Deadline deadline) {
    while (true) {
        char block[4096];
        ERR_clear_error();
        errno = 0;
        std::size_t read = 0;
        const int result = SSL_read_ex(parts_->session.get(), block, sizeof block, &read);
        if (result == 1) return std::string(block, read);
        const int cause = SSL_get_error(parts_->session.get(), result);
        if (cause != SSL_ERROR_WANT_READ && cause != SSL_ERROR_WANT_WRITE) return fail(parts_->broken(cause).error());
        if (std::chrono::steady_clock::now() >= deadline) return std::string();
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
        pollfd wanted{parts_->fd, static_cast<short>(cause == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT), 0};
        ::poll(&wanted, 1, static_cast<int>(std::clamp<long long>(left.count(), 0, 60'000)));
    }
}

Status TlsClient::check() {
    char unread[4096];
    for (std::size_t turn = 0; turn < kCheckMaxReads; ++turn) {
        ERR_clear_error();
        errno = 0;
        std::size_t read = 0;
        const int result = SSL_read_ex(parts_->session.get(), unread, sizeof unread, &read);
        if (result == 1) continue;
        const int cause = SSL_get_error(parts_->session.get(), result);
        if (cause == SSL_ERROR_WANT_READ || cause == SSL_ERROR_WANT_WRITE) return {};
        return parts_->broken(cause);
    }
    return {};
}

int TlsClient::descriptor() const noexcept { return parts_->fd; }
std::string TlsClient::version() const { return SSL_get_version(parts_->session.get()); }

}  // namespace sekisho::crypto
