#include "sekisho/config/yaml_reader.h"

#include <gtest/gtest.h>

namespace sekisho::config {
namespace {

TEST(YamlReader, KeepsOrderAndLines) {
    const auto tree = parse_yaml("b: 1\na:\n  - x\n  - 'y z'\n", "t.yaml");
    ASSERT_TRUE(tree) << tree.error().message();
    ASSERT_TRUE(tree->is_map());
    EXPECT_EQ(tree->entries()[0].first, "b");
    EXPECT_EQ(*tree->find("b")->as_int(0, 9), 1);
    ASSERT_NE(tree->find("a"), nullptr);
    EXPECT_EQ(*tree->find("a")->as_texts(), (std::vector<std::string>{"x", "y z"}));
    EXPECT_EQ(tree->find("a")->items()[1].where(), "t.yaml:4");
    EXPECT_EQ(tree->find("c"), nullptr);
}

TEST(YamlReader, NamesFileAndLineOfAMistake) {
    EXPECT_EQ(parse_yaml("a: 1\na: 2\n", "t.yaml").error().message(), "t.yaml:2: 'a' stands here twice");
    EXPECT_EQ(parse_yaml("a: [1\nb: 2\n", "t.yaml").error().where.substr(0, 7), "t.yaml:");
    EXPECT_EQ(parse_yaml("a:\n  [x, y]: 1\n", "t.yaml").error().code, ErrorCode::invalid);
    const auto tree = parse_yaml("\na: many\n", "t.yaml");
    EXPECT_EQ(tree->find("a")->as_int(1, 5).error().message(), "t.yaml:2: 'many' is not a number from 1 to 5");
    EXPECT_EQ(tree->find("a")->as_bool().error().where, "t.yaml:2");
    EXPECT_EQ(tree->as_text().error().code, ErrorCode::invalid);
    EXPECT_EQ(parse_yaml_file("/nonexistent.yaml").error().code, ErrorCode::not_found);
}

TEST(YamlReader, BoundsWhatItBuilds) {
    EXPECT_EQ(parse_yaml(std::string(40, '[') + std::string(40, ']'), "t").error().code, ErrorCode::limit);
    std::string laughs = "a: &a [x,x,x,x,x,x,x,x,x,x]\n";
    for (char c = 'b'; c < 'j'; ++c) {
        const std::string before = "*" + std::string(1, static_cast<char>(c - 1));
        laughs += std::string(1, c) + ": &" + std::string(1, c) + " [";
        for (int i = 0; i < 9; ++i) laughs += before + ",";
        laughs += before + "]\n";
    }
    EXPECT_EQ(parse_yaml(laughs, "t").error().code, ErrorCode::limit);
}

}  // namespace
}  // namespace sekisho::config
