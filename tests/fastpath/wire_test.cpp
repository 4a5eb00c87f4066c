// Runs wire.sh: the built daemon between two network namespaces.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace sekisho::fastpath {
namespace {

void run_wire(int workers) {
    const std::string program = SEKISHO_BINARY_DIR "/sekisho-fastpathd";
    if (!std::filesystem::exists(program)) GTEST_SKIP() << program << " is not built";
    const std::string command =
        "bash '" SEKISHO_SOURCE_DIR "/tests/fastpath/wire.sh' '" + program + "' " + std::to_string(workers);
    const int status = std::system(command.c_str());
    ASSERT_TRUE(WIFEXITED(status));
    if (WEXITSTATUS(status) == 77) GTEST_SKIP() << "no network namespaces here";
    EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST(Wire, HoldsWithOneWorker) { run_wire(1); }
TEST(Wire, HoldsWithTwoWorkers) { run_wire(2); }

}  // namespace
}  // namespace sekisho::fastpath
