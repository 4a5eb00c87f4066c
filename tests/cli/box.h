// A box in a folder of its own: settings, rule files, and daemons that answer from a table.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <sstream>

#include "cli/options.h"
#include "cli/table.h"
#include "sekisho/base/file_text.h"
#include "sekisho/control/server.h"

namespace sekisho::cli {

class Box : public testing::Test {
  protected:
    void SetUp() override {
        std::string pattern = testing::TempDir() + "box.XXXXXX";
        folder_ = ::mkdtemp(pattern.data());
        write("sekisho.yaml", "version: 1\nrun_folder: " + folder_ + "\nrules:\n  files: [" +
                                  folder_ + "/main.rules]\n  local_file: " + folder_ +
                                  "/local.rules\n  overrides_file: " + folder_ +
                                  "/overrides.txt\nurl:\n  admin_file: " + folder_ + "/url.txt\n");
        write(
            "main.rules",
            "alert tcp any any -> any any (msg:\"one\\; sid:7\\;\"; content:\"x\"; sid:1; rev:1;)\n"
            "# alert tcp any any -> any any (msg:\"two\"; content:\"y\"; sid:2; rev:1;)\n");
    }
    void TearDown() override {
        fast_.reset();
        slow_.reset();
        std::filesystem::remove_all(folder_);
    }

    std::string path(const std::string& name) const { return folder_ + "/" + name; }
    void write(const std::string& name, const std::string& text) {
        ASSERT_TRUE(write_file_atomic(path(name), text));
    }
    std::string read(const std::string& name) const {
        return read_file(path(name), 1 << 20).value_or("(none)");
    }

    /// Answers by command word; what is not in the table is refused.
    void start_fastpath() { fast_ = serve("fastpath.sock", fast_answers_); }
    void start_slowpath() { slow_ = serve("slowpath.sock", slow_answers_); }

    int run(const Words& words, bool json = false) {
        out_.str("");
        err_.str("");
        Context context(out_, err_);
        context.config_file = path("sekisho.yaml");
        context.json = json;
        return static_cast<int>(run_words(context, words));
    }
    /// With the options of single commands among the words.
    int run_line(const Words& line) {
        out_.str("");
        err_.str("");
        Context context(out_, err_);
        const auto words = parse_options(line, context);
        if (!words) return static_cast<int>(Exit::usage);
        context.config_file = path("sekisho.yaml");
        return static_cast<int>(run_words(context, *words));
    }
    std::string out() const { return out_.str(); }
    std::string err() const { return err_.str(); }
    std::size_t asked(const std::string& command) {
        std::lock_guard lock(mutex_);
        return asked_[command];
    }

    using Answers = std::map<std::string, std::function<control::Reply(const control::Request&)>>;
    Answers fast_answers_{
        {"reload", [](const auto&) {
             return control::Reply{true, R"({"loaded":2,"failed":0,"errors":[]})"};
         }}};
    Answers slow_answers_;
    std::string folder_;

  private:
    std::unique_ptr<control::Server> serve(const std::string& name, Answers& answers) {
        auto server =
            control::Server::open(path(name), [this, &answers](const control::Request& request) {
                {
                    std::lock_guard lock(mutex_);
                    ++asked_[request.command];
                }
                const auto found = answers.find(request.command);
                return found == answers.end() ? control::Reply{false, "no such thing"}
                                              : found->second(request);
            });
        EXPECT_TRUE(server);
        return std::move(*server);
    }

    std::unique_ptr<control::Server> fast_;
    std::unique_ptr<control::Server> slow_;
    std::mutex mutex_;
    std::map<std::string, std::size_t> asked_;
    std::ostringstream out_;
    std::ostringstream err_;
};

}  // namespace sekisho::cli
