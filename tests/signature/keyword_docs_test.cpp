// docs/rule-keywords.md is what the table says. SEKISHO_UPDATE_DOCS=1 writes it anew.
#include "sekisho/signature/keyword_docs.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "sekisho/base/bytes.h"
#include "sekisho/base/file_text.h"

namespace sekisho::signature {
namespace {

TEST(KeywordDocs, AreFresh) {
    const std::string path = SEKISHO_SOURCE_DIR "/docs/rule-keywords.md";
    const std::string wanted = keywords_markdown();
    if (std::getenv("SEKISHO_UPDATE_DOCS")) {
        ASSERT_TRUE(write_file_atomic(path, wanted, 0644));
    }
    const auto text = read_file(path, MiB(1));
    ASSERT_TRUE(text) << text.error().message();
    EXPECT_EQ(*text, wanted) << "run signature_test with SEKISHO_UPDATE_DOCS=1 and look at the difference";
}

}  // namespace
}  // namespace sekisho::signature
