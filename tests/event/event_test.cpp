#include "sekisho/event/event.h"

#include <gtest/gtest.h>

#include <string>

namespace sekisho::event {
namespace {

TEST(Event, KeepsTextsByName) {
    Event e;
    e.set(Text::host, "example.com");
    e.set(Text::url, "/index.html");
    EXPECT_EQ(e.get(Text::host), "example.com");
    EXPECT_EQ(e.get(Text::url), "/index.html");
    EXPECT_EQ(e.get(Text::method), "");
    EXPECT_EQ(e.text_used, 22);
}

TEST(Event, KeepsTheLastOfTwoTexts) {
    Event e;
    e.set(Text::host, "a.example");
    e.set(Text::url, "/");
    e.set(Text::host, "longer.name.example");
    e.set(Text::host, "b");
    e.set(Text::url, "/x");
    EXPECT_EQ(e.get(Text::host), "b");
    EXPECT_EQ(e.get(Text::url), "/x");
}

TEST(Event, TakesBackTheNewestText) {
    Event e;
    for (int i = 0; i < 10000; ++i) e.set(Text::url, std::string(static_cast<std::size_t>(i % 500), 'u'));
    EXPECT_EQ(e.text_lost, 0U);
    EXPECT_EQ(e.get(Text::url).size(), 499U);
}

TEST(Event, CutsAndCountsWhatDoesNotFit) {
    Event e;
    e.kind = Kind::http;
    e.set(Text::url, std::string(Event::kTextSpace + 10, 'a'));
    EXPECT_EQ(e.get(Text::url).size(), Event::kTextSpace);
    EXPECT_EQ(e.text_lost, 10U);
    EXPECT_TRUE(e.flags & Event::kTruncated);
    e.set(Text::host, "h");
    EXPECT_EQ(e.get(Text::host), "");
    EXPECT_EQ(e.text_lost, 11U);
    EXPECT_EQ(e.used(), sizeof(Event));
    EXPECT_TRUE(e.sound());
}

TEST(Event, CutsAtTheBorderOfACharacter) {
    Event e;
    std::string text(Event::kTextSpace - 2, 'a');
    e.set(Text::url, text + "\xe9\x96\xa2");  // three octets, two fit
    EXPECT_EQ(e.get(Text::url), text);
    Event f;
    text.assign(Event::kTextSpace - 3, 'a');
    f.set(Text::url, text + "\xf0\x9f\x98\x80");
    EXPECT_EQ(f.get(Text::url), text);
}

TEST(Event, SoundRefusesWhatCannotBeTrue) {
    Event good;
    good.kind = Kind::dns;
    good.set(Text::name, "example.com");
    ASSERT_TRUE(good.sound());
    const auto broken = [&good](auto change) {
        Event e = good;
        change(e);
        return !e.sound();
    };
    EXPECT_TRUE(broken([](Event& e) { e.version = kVersion + 1; }));
    EXPECT_TRUE(broken([](Event& e) { e.kind = Kind::none; }));
    EXPECT_TRUE(broken([](Event& e) { e.kind = static_cast<Kind>(200); }));
    EXPECT_TRUE(broken([](Event& e) { e.direction = static_cast<Direction>(2); }));
    EXPECT_TRUE(broken([](Event& e) { e.action = static_cast<Action>(9); }));
    EXPECT_TRUE(broken([](Event& e) { e.text_used = Event::kTextSpace + 1; }));
    EXPECT_TRUE(broken([](Event& e) { e.texts[3] = {65535, 65535}; }));
    EXPECT_TRUE(broken([](Event& e) { e.texts[3] = {0, static_cast<std::uint16_t>(e.text_used + 1)}; }));
}

TEST(Event, NamesKindsAndActions) {
    EXPECT_EQ(to_string(Kind::anomaly), "anomaly");
    EXPECT_EQ(to_string(static_cast<Kind>(99)), "unknown");
    EXPECT_EQ(to_string(Action::answered), "answered");
    EXPECT_EQ(to_string(Action::count_), "unknown");
}

}  // namespace
}  // namespace sekisho::event
