#include "sekisho/control/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <future>
#include <mutex>
#include <thread>

#include "control/frame.h"
#include "control/socket.h"
#include "sekisho/control/client.h"

namespace sekisho::control {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

constexpr milliseconds kPatience{20000};

Reply echo(const Request& request) {
    std::string text = request.command;
    for (const auto& word : request.args) text += " " + word;
    return {request.command != "fail", text};
}

class ServerTest : public testing::Test {
  protected:
    void SetUp() override {
        std::string pattern = testing::TempDir() + "control.XXXXXX";
        folder_ = ::mkdtemp(pattern.data());
        path_ = folder_ + "/box.sock";
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    std::unique_ptr<Server> open(Handler handler = echo, ServerOptions options = {}) {
        auto server = Server::open(path_, std::move(handler), options);
        EXPECT_TRUE(server) << server.error().message();
        return server ? std::move(*server) : nullptr;
    }
    Descriptor connect() const {
        const auto address = unix_address(path_);
        Descriptor socket(::socket(AF_UNIX, SOCK_STREAM, 0));
        EXPECT_EQ(
            ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&*address), sizeof *address),
            0);
        return socket;
    }
    /// All the server says until it closes.
    static std::string read_to_end(const Descriptor& socket) {
        std::string all;
        char block[4096];
        for (ssize_t n; (n = ::recv(socket.get(), block, sizeof block, 0)) > 0;)
            all.append(block, static_cast<std::size_t>(n));
        return all;
    }
    static void send_text(const Descriptor& socket, std::string_view text) {
        ASSERT_EQ(::send(socket.get(), text.data(), text.size(), MSG_NOSIGNAL),
                  static_cast<ssize_t>(text.size()));
    }

    std::string folder_;
    std::string path_;
};

TEST_F(ServerTest, AnswersARequest) {
    const auto server = open();
    const auto reply = call(path_, {"rule", {"1", "two words", ""}}, kPatience);
    ASSERT_TRUE(reply) << reply.error().message();
    EXPECT_EQ(*reply, (Reply{true, "rule 1 two words "}));
    EXPECT_FALSE(call(path_, {"fail", {}}, kPatience)->ok);
}

TEST_F(ServerTest, CarriesLargeRequestsAndReplies) {
    const std::string large(1'000'000, 'r');
    const auto server = open([&](const Request& request) {
        return Reply{request.args[0] == large, std::string(30'000'000, 'x')};
    });
    const auto reply = call(path_, {"big", {large}}, kPatience);
    ASSERT_TRUE(reply) << reply.error().message();
    EXPECT_TRUE(reply->ok);
    EXPECT_EQ(reply->text.size(), 30'000'000u);
}

TEST_F(ServerTest, AThrowingHandlerIsARefusal) {
    const auto server =
        open([](const Request&) -> Reply { throw std::runtime_error("table is gone"); });
    const auto reply = call(path_, {"status", {}}, kPatience);
    ASSERT_TRUE(reply);
    EXPECT_FALSE(reply->ok);
    EXPECT_THAT(reply->text, HasSubstr("table is gone"));
}

TEST_F(ServerTest, TheSocketIsForOwnerAndGroupOnly) {
    const auto server = open();
    struct stat facts {};
    ASSERT_EQ(::stat(path_.c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777, 0660u);
}

TEST_F(ServerTest, PingIsAnsweredWhileAHandlerRuns) {
    std::promise<void> release;
    std::shared_future<void> released = release.get_future().share();
    std::promise<void> entered;
    const auto server = open([&](const Request&) {
        entered.set_value();
        released.wait();
        return Reply{true, "done"};
    });
    auto reload = std::async(std::launch::async, [&] {
        return call(path_, {"reload", {}}, kPatience);
    });
    entered.get_future().wait();
    EXPECT_EQ(call(path_, {"ping", {}}, kPatience)->text, "pong");
    release.set_value();
    EXPECT_EQ(reload.get()->text, "done");
}

TEST_F(ServerTest, ACallerDoesNotWaitLongerThanHeSaid) {
    std::promise<void> release;
    std::shared_future<void> released = release.get_future().share();
    const auto server = open([&](const Request&) {
        released.wait();
        return Reply{};
    });
    const auto reply = call(path_, {"reload", {}}, milliseconds{50});
    release.set_value();
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().code, ErrorCode::unavailable);
}

TEST_F(ServerTest, ManyCallersAreAllAnswered) {
    const auto server = open(echo, {.max_clients = 4});
    std::atomic<int> answered = 0;
    std::vector<std::thread> callers;
    for (int i = 0; i < 16; ++i)
        callers.emplace_back([&, i] {
            for (int n = 0; n < 20; ++n) {
                const auto word = std::to_string(i * 100 + n);
                const auto reply = call(path_, {"n", {word}}, kPatience);
                if (reply && reply->text == "n " + word) ++answered;
            }
        });
    for (auto& caller : callers) caller.join();
    EXPECT_EQ(answered, 16 * 20);
}

TEST_F(ServerTest, HalfAFrameIsCutAfterAWhileAndKeepsNobodyOut) {
    const auto server = open(echo, {.max_clients = 2, .read_within = milliseconds{100}});
    std::vector<Descriptor> hostile;
    for (int i = 0; i < 8; ++i) {
        hostile.push_back(connect());
        send_text(hostile.back(), std::string_view("\0\0\0\x0d\1\0", 6));
    }
    const auto reply = call(path_, {"status", {}}, kPatience);
    ASSERT_TRUE(reply) << reply.error().message();
    EXPECT_EQ(reply->text, "status");
    for (const auto& socket : hostile) EXPECT_EQ(read_to_end(socket), "");
}

TEST_F(ServerTest, NonsenseIsToldAndCut) {
    const auto server = open();
    for (const std::string_view nonsense :
         {std::string_view("\xff\xff\xff\xff", 4), std::string_view("GET / HTTP/1.1\r\n\r\n"),
          std::string_view("\0\0\0\1\7", 5), std::string_view("\0\0\0\1\1\1\1", 7)}) {
        const auto socket = connect();
        send_text(socket, nonsense);
        const auto said = read_to_end(socket);
        ASSERT_GT(said.size(), kLengthBytes);
        const auto reply = parse_reply(as_bytes(said).subspan(kLengthBytes));
        ASSERT_TRUE(reply);
        EXPECT_FALSE(reply->ok);
    }
    EXPECT_TRUE(call(path_, {"status", {}}, kPatience)->ok);
}

TEST_F(ServerTest, AFloodOfBytesIsNotKept) {
    const auto server = open();
    const auto socket = connect();
    std::string flood(kRequestMaxBytes + 4096, 'x');
    flood.replace(0, 4,
                  std::string_view("\0\x10\0\0", 4));  // announces exactly the limit, sends more
    std::size_t sent = 0;
    while (sent < flood.size()) {
        const ssize_t n =
            ::send(socket.get(), flood.data() + sent, flood.size() - sent, MSG_NOSIGNAL);
        if (n <= 0) break;
        sent += static_cast<std::size_t>(n);
    }
    const auto said = read_to_end(socket);
    ASSERT_GT(said.size(), kLengthBytes);
    EXPECT_FALSE(parse_reply(as_bytes(said).subspan(kLengthBytes))->ok);
}

TEST_F(ServerTest, AClientThatDoesNotReadItsReplyIsCut) {
    const auto server = open(
        [](const Request&) {
            return Reply{true, std::string(8'000'000, 'x')};
        },
        {.max_clients = 1, .write_within = milliseconds{100}});
    const auto deaf = connect();
    send_text(deaf, *encode_request({"alerts", {}}));
    EXPECT_TRUE(call(path_, {"alerts", {}}, kPatience));  // gets in once the deaf one is out
}

TEST_F(ServerTest, AClientThatLeavesEarlyDoesNoHarm) {
    const auto server = open();
    for (int i = 0; i < 50; ++i) send_text(connect(), *encode_request({"status", {}}));
    EXPECT_TRUE(call(path_, {"status", {}}, kPatience));
}

TEST_F(ServerTest, StaleSocketsAreReplacedAndLivingOnesAreNot) {
    {
        const auto address = unix_address(path_);
        const Descriptor dead(::socket(AF_UNIX, SOCK_STREAM, 0));
        ASSERT_EQ(::bind(dead.get(), reinterpret_cast<const sockaddr*>(&*address), sizeof *address),
                  0);
    }
    ASSERT_TRUE(std::filesystem::exists(path_));
    const auto server = open();
    ASSERT_NE(server, nullptr);
    const auto second = Server::open(path_, echo);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, ErrorCode::unavailable);
    EXPECT_TRUE(call(path_, {"status", {}}, kPatience)) << "the first still serves";
}

TEST_F(ServerTest, OtherFilesAreLeftAlone) {
    std::ofstream(path_) << "keep me";
    const auto server = Server::open(path_, echo);
    ASSERT_FALSE(server);
    EXPECT_EQ(server.error().code, ErrorCode::invalid);
    EXPECT_EQ(std::filesystem::file_size(path_), 7u);
}

TEST_F(ServerTest, TheSocketGoesWithTheServer) {
    open().reset();
    EXPECT_FALSE(std::filesystem::exists(path_));
    const auto reply = call(path_, {"status", {}}, kPatience);
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().code, ErrorCode::unavailable);
}

TEST_F(ServerTest, PathsTooLongForASocketAreRefused) {
    EXPECT_EQ(Server::open("/tmp/" + std::string(200, 'x'), echo).error().code, ErrorCode::invalid);
    EXPECT_EQ(Server::open(folder_ + "/no/such/folder", echo).error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace sekisho::control
