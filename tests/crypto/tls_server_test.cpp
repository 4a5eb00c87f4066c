#include "sekisho/crypto/tls_server.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

#include "crypto/tls_fixture.h"
#include "sekisho/crypto/tls_client.h"

namespace sekisho::crypto {
namespace {

using namespace std::chrono_literals;
using Step = TlsPeer::Step;

class TlsServerTest : public TlsFixture {
  protected:
    void SetUp() override {
        TlsFixture::SetUp();
        ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, pair_), 0);
        ::fcntl(pair_[0], F_SETFL, O_NONBLOCK);
    }
    void TearDown() override {
        TlsFixture::TearDown();
        ::close(pair_[0]);
    }
    TlsServerSettings settings(const std::string& client_ca = {}) const { return {pem("box.test"), key("box.test"), client_ca}; }

    /// A client in a thread of its own that writes `text` and goes; `certificate` may be empty.
    void talk(const std::string& text, const std::string& certificate = {}) {
        TlsClientSettings wanted{pem("box.test"), {}, {}, "box.test"};
        if (!certificate.empty()) wanted.certificate_file = pem(certificate), wanted.key_file = key(certificate);
        other_end_ = std::thread([fd = pair_[1], wanted, text] {
            auto client = TlsClient::connect(fd, wanted, std::chrono::steady_clock::now() + 5s);
            if (client) (void)client->write(text, std::chrono::steady_clock::now() + 5s);
        });
    }
    /// Reads until something else than data comes, or for five seconds.
    Step read_all(TlsPeer& peer, std::string& got) {
        const auto end = std::chrono::steady_clock::now() + 5s;
        while (std::chrono::steady_clock::now() < end) {
            std::uint8_t room[1000];
            std::size_t size = 0;
            const Step step = peer.read(room, size);
            if (step == Step::data) got.append(reinterpret_cast<const char*>(room), size);
            else if (step != Step::again) return step;
            pollfd wanted{pair_[0], POLLIN, 0};
            if (step == Step::again) ::poll(&wanted, 1, 20);
        }
        return Step::again;
    }

    int pair_[2] = {-1, -1};
};

TEST_F(TlsServerTest, ReadsWhatAClientWritesInPieces) {
    auto server = TlsServer::open(settings());
    ASSERT_TRUE(server) << server.error().message();
    auto peer = server->accept(pair_[0]);
    ASSERT_TRUE(peer) << peer.error().message();
    EXPECT_FALSE(peer->established());
    const std::string text(50'000, 'x');
    talk(text);
    std::string got;
    EXPECT_EQ(read_all(*peer, got), Step::closed);
    EXPECT_TRUE(peer->established());
    EXPECT_EQ(got, text);
}

TEST_F(TlsServerTest, TakesTheCertificateItAsksFor) {
    auto server = TlsServer::open(settings(pem("soc.test")));
    ASSERT_TRUE(server) << server.error().message();
    auto peer = server->accept(pair_[0]);
    talk("well known", "soc.test");
    std::string got;
    EXPECT_EQ(read_all(*peer, got), Step::closed);
    EXPECT_EQ(got, "well known");
}

TEST_F(TlsServerTest, RefusesNoCertificateAndAStrangers) {
    for (const std::string certificate : {"", "other.test"}) {
        auto server = TlsServer::open(settings(pem("soc.test")));
        ASSERT_TRUE(server) << server.error().message();
        auto peer = server->accept(pair_[0]);
        talk("unheard", certificate);
        std::string got;
        EXPECT_EQ(read_all(*peer, got), Step::refused) << certificate;
        EXPECT_FALSE(peer->trouble().empty());
        EXPECT_TRUE(got.empty());
        other_end_.join();
        ::close(pair_[0]);
        ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, pair_), 0);
        ::fcntl(pair_[0], F_SETFL, O_NONBLOCK);
    }
    ::close(pair_[1]);
}

TEST_F(TlsServerTest, RefusesWhatIsNoTls) {
    auto server = TlsServer::open(settings());
    ASSERT_TRUE(server) << server.error().message();
    auto peer = server->accept(pair_[0]);
    const std::string_view plain = "<14>1 - - - - - - plain text where TLS is spoken";
    ASSERT_EQ(::write(pair_[1], plain.data(), plain.size()), static_cast<ssize_t>(plain.size()));
    std::string got;
    EXPECT_EQ(read_all(*peer, got), Step::refused);
    EXPECT_TRUE(got.empty());
    EXPECT_FALSE(peer->trouble().empty());
    ::close(pair_[1]);
}

TEST_F(TlsServerTest, NamesTheFileThatIsWrong) {
    auto wrong = settings();
    wrong.key_file = key("other.test");  // another certificate's
    auto server = TlsServer::open(wrong);
    ASSERT_FALSE(server);
    EXPECT_EQ(server.error().code, ErrorCode::invalid);
    EXPECT_NE(server.error().message().find("other.test.key"), std::string::npos) << server.error().message();
    wrong = settings(folder_ + "/missing.pem");
    server = TlsServer::open(wrong);
    ASSERT_FALSE(server);
    EXPECT_NE(server.error().message().find("missing.pem"), std::string::npos) << server.error().message();
    ::close(pair_[1]);
}

}  // namespace
}  // namespace sekisho::crypto
