#include "sekisho/crypto/tls_client.h"

#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <functional>
#include <thread>

#include "crypto/tls_fixture.h"

namespace sekisho::crypto {
namespace {

using namespace std::chrono_literals;

TlsClient::Deadline soon() { return std::chrono::steady_clock::now() + 5s; }

class TlsClientTest : public TlsFixture {
  protected:
    /// Serves one connection over a socket pair. @return the client's end
    int serve(const std::function<void(SSL*, bool)>& talk, const std::string& client_ca = {}) {
        int pair[2];
        EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
        other_end_ = std::thread([this, fd = pair[0], talk, client_ca] {
            SSL_CTX* context = SSL_CTX_new(TLS_server_method());
            SSL_CTX_use_certificate_chain_file(context, pem("soc.test").c_str());
            SSL_CTX_use_PrivateKey_file(context, key("soc.test").c_str(), SSL_FILETYPE_PEM);
            if (!client_ca.empty()) {
                SSL_CTX_load_verify_file(context, client_ca.c_str());
                SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
            }
            SSL* session = SSL_new(context);
            SSL_set_fd(session, fd);
            talk(session, SSL_accept(session) == 1);
            SSL_free(session);
            SSL_CTX_free(context);
            ::close(fd);
        });
        return pair[1];
    }
    TlsClientSettings settings() const { return {pem("soc.test"), {}, {}, "soc.test"}; }
};

TEST_F(TlsClientTest, WritesWhatIsRead) {
    std::string got;
    const int fd = serve([&got](SSL* session, bool accepted) {
        char block[4096];
        for (int n = accepted ? 1 : 0; n > 0; ) {
            n = SSL_read(session, block, sizeof block);
            if (n > 0) got.append(block, static_cast<std::size_t>(n));
        }
    });
    const std::string text(300'000, 'x');
    {
        auto client = TlsClient::connect(fd, settings(), soon());
        ASSERT_TRUE(client) << client.error().message();
        EXPECT_EQ(client->version(), "TLSv1.3");
        EXPECT_TRUE(client->check());
        EXPECT_TRUE(client->write(text, soon()));
    }
    other_end_.join();
    EXPECT_EQ(got, text);
}

TEST_F(TlsClientTest, RefusesAnotherNameAndAnotherCa) {
    const auto silent = [](SSL*, bool) {};
    auto wrong_name = settings();
    wrong_name.server_name = "other.test";
    auto client = TlsClient::connect(serve(silent), wrong_name, soon());
    ASSERT_FALSE(client);
    EXPECT_EQ(client.error().code, ErrorCode::denied);
    EXPECT_NE(client.error().what.find("hostname mismatch"), std::string::npos) << client.error().what;
    other_end_.join();

    auto wrong_ca = settings();
    wrong_ca.ca_file = pem("other.test");
    client = TlsClient::connect(serve(silent), wrong_ca, soon());
    ASSERT_FALSE(client);
    EXPECT_EQ(client.error().code, ErrorCode::denied);
}

TEST_F(TlsClientTest, RefusesWhatIsExpiredOrNotValidYet) {
    constexpr long kDay = 86'400;
    const std::tuple<long, long, const char*> cases[] = {{-2 * kDay, -kDay, "expired"}, {kDay, 2 * kDay, "not yet valid"}};
    for (const auto& [begin, end, words] : cases) {
        make_certificate(folder_, "soc.test", begin, end);
        const auto client = TlsClient::connect(serve([](SSL*, bool) {}), settings(), soon());
        ASSERT_FALSE(client);
        EXPECT_EQ(client.error().code, ErrorCode::denied);
        EXPECT_NE(client.error().what.find(words), std::string::npos) << client.error().what;
        other_end_.join();
    }
}

TEST_F(TlsClientTest, ChecksAddressesToo) {
    auto by_address = settings();
    by_address.server_name = "127.0.0.1";
    EXPECT_TRUE(TlsClient::connect(serve([](SSL*, bool) {}), by_address, soon()));
    other_end_.join();
    by_address.server_name = "127.0.0.2";
    EXPECT_FALSE(TlsClient::connect(serve([](SSL*, bool) {}), by_address, soon()));
}

TEST_F(TlsClientTest, ShowsItsCertificateAndHearsARefusal) {
    auto mutual = settings();
    mutual.certificate_file = pem("box.test");
    mutual.key_file = key("box.test");
    bool accepted = false;
    {
        auto client = TlsClient::connect(serve([&](SSL*, bool yes) { accepted = yes; }, pem("box.test")), mutual, soon());
        ASSERT_TRUE(client) << client.error().message();
        other_end_.join();
        EXPECT_TRUE(accepted);
    }
    auto client = TlsClient::connect(serve([&](SSL*, bool yes) { accepted = yes; }, pem("other.test")), mutual, soon());
    other_end_.join();
    EXPECT_FALSE(accepted);
    if (client) {
        EXPECT_FALSE(client->check());  // TLS 1.3: the refusal comes after the handshake
    }
}

TEST_F(TlsClientTest, NamesFilesItCannotUse) {
    const auto attempt = [this](TlsClientSettings s) {
        int pair[2];
        EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
        auto client = TlsClient::connect(pair[0], s, std::chrono::steady_clock::now() + 50ms);
        ::close(pair[1]);
        return client ? Error{} : client.error();
    };
    auto s = settings();
    s.ca_file.clear();
    EXPECT_EQ(attempt(s).code, ErrorCode::invalid);
    s.ca_file = folder_ + "/nothing.pem";
    EXPECT_EQ(attempt(s).where, folder_ + "/nothing.pem");
    s = settings();
    s.certificate_file = pem("box.test");
    s.key_file = key("other.test");  // not its key
    EXPECT_EQ(attempt(s).code, ErrorCode::invalid);
    s = settings();
    s.server_name.clear();
    EXPECT_EQ(attempt(s).code, ErrorCode::invalid);
    EXPECT_EQ(attempt(settings()).code, ErrorCode::unavailable);  // a server that says nothing
}

}  // namespace
}  // namespace sekisho::crypto
