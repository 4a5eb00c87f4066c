// Both ends of a TLS connection in one process: a folder with certificates, and the thread of the other end.
#pragma once

#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>

#include <filesystem>
#include <string>
#include <thread>

#include "crypto/certificates.h"

namespace sekisho::crypto {

class TlsFixture : public testing::Test {
  protected:
    void SetUp() override {
        ::signal(SIGPIPE, SIG_IGN);
        std::string name = testing::TempDir() + "sekisho-tls-XXXXXX";
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        folder_ = name;
        for (const char* who : {"soc.test", "box.test", "other.test"}) make_certificate(folder_, who);
    }
    void TearDown() override {
        if (other_end_.joinable()) other_end_.join();
        std::filesystem::remove_all(folder_);
    }
    std::string pem(const std::string& name) const { return folder_ + "/" + name + ".pem"; }
    std::string key(const std::string& name) const { return folder_ + "/" + name + ".key"; }

    std::string folder_;
    std::thread other_end_;
};

}  // namespace sekisho::crypto
