// A folder with a journal, a book of URL decisions and a telling without targets: what figures are made of.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "sekisho/base/guarded.h"
#include "sekisho/config/settings.h"
#include "sekisho/store/journal.h"
#include "slowpath/figure_maker.h"
#include "slowpath/published.h"
#include "slowpath/telling.h"

namespace sekisho::slowpath_test {

class FiguresFixture : public testing::Test {
  protected:
    void SetUp() override {
        std::string name = testing::TempDir() + "sekisho-figures-XXXXXX";
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        folder_ = name;
        settings_.box_name = "box1";
        settings_.slowpath.database = folder_ + "/alerts.db";
        settings_.slowpath.queue_file = folder_ + "/queue.db";
        auto journal = store::Journal::open(settings_.slowpath.database);
        ASSERT_TRUE(journal) << journal.error().message();
        journal_.emplace(std::move(*journal));
    }
    void TearDown() override {
        telling_.reset();
        journal_.reset();
        std::filesystem::remove_all(folder_);
    }

    /// After the settings are as the test wants them.
    slowpath::FigureMaker figure_maker() {
        if (!telling_) telling_ = std::move(*slowpath::Telling::open(settings_, nullptr));
        return std::move(*slowpath::FigureMaker::open(settings_, book_path(), *telling_, published_));
    }
    std::string book_path() const { return folder_ + "/url-decisions.db"; }

    static event::Alert alert(std::uint64_t id, TimeNs first, TimeNs last, event::Severity severity = event::Severity::medium) {
        event::Alert a;
        a.id = id;
        a.telling = 1;
        a.severity = severity;
        a.class_name = "policy";
        a.cause = "sid 1:" + std::to_string(id);
        a.host = IpAddress::v4(0xc0a80101);
        a.first_ns = first;
        a.last_ns = last;
        a.count = 3;
        a.blocked = 1;
        a.title = {"題", "A title"};
        return a;
    }
    void keep(std::vector<event::Alert> alerts) { ASSERT_TRUE(journal_->write({.tell = {}, .alerts = std::move(alerts), .rings = {}})); }

    std::string folder_;
    config::Settings settings_;
    std::optional<store::Journal> journal_;
    Guarded<slowpath::Published> published_;
    std::unique_ptr<slowpath::Telling> telling_;
};

}  // namespace sekisho::slowpath_test
