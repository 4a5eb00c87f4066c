// Keywords about files on the wire: filename, fileext, filemagic (text in name and type, without regard to case),
// filesize, filemd5 / filesha1 / filesha256 (a list of digests), filestore.
#include <algorithm>

#include "sekisho/base/file_text.h"
#include "sekisho/base/text.h"
#include "sekisho/signature/dataset.h"
#include "signature/keywords/all.h"
#include "signature/number.h"

namespace sekisho::signature {
namespace {

constexpr std::size_t kListMax = MiB(256);

Status add_text_test(RuleBuilder& builder, app::Field field, const Use& use, std::string_view before, bool endswith) {
    auto bytes = decode_content(use.value);
    if (!bytes) return fail(bytes.error());
    Content content;
    content.bytes = std::string(before) + *bytes;
    content.nocase = true;
    content.negated = use.negated;
    content.endswith = endswith;
    return builder.add_to(field, std::move(content), false);
}

/// A list as people keep them: the digest is the first word of a line, a file's name may follow.
std::string first_words(std::string_view text) {
    std::string words;
    for (const auto line : split(text, '\n')) {
        const auto digest = trim(line);
        words.append(to_lower(digest.substr(0, digest.find_first_of(" \t,;"))));
        words.push_back('\n');
    }
    return words;
}

}  // namespace

Status parse_filename(RuleBuilder& builder, const Use& use) {
    return add_text_test(builder, app::Field::file_name, use, "", false);
}

Status parse_fileext(RuleBuilder& builder, const Use& use) {
    return add_text_test(builder, app::Field::file_name, use, ".", true);
}

Status parse_filemagic(RuleBuilder& builder, const Use& use) {
    return add_text_test(builder, app::Field::file_magic, use, "", false);
}

Status parse_filesize(RuleBuilder& builder, const Use& use) {
    const auto number = parse_number_test(use.value, ~std::uint64_t{0} >> 1);
    if (!number) return fail(number.error());
    FileTest test;
    test.kind = FileTest::Kind::size;
    test.op = number->op;
    test.negated = number->negated;
    test.low = number->low;
    test.high = number->high;
    builder.rule().file_tests.push_back(std::move(test));
    return {};
}

Status parse_filedigest(RuleBuilder& builder, const Use& use) {
    constexpr DatasetType kTypes[] = {DatasetType::md5, DatasetType::sha1, DatasetType::sha256};
    FileTest test;
    test.kind = FileTest::Kind::digest;
    test.algorithm = static_cast<std::uint8_t>(use.keyword.detail);
    std::string_view file = trim(use.value);
    if (file.starts_with('!')) {
        test.negated = true;
        file = trim(file.substr(1));
    }
    const std::string& folder = builder.context().rules_folder;
    // A rule comes from elsewhere: its list must lie in the rules' folder.
    if (file.empty() || file.front() == '/' || file.find("..") != std::string_view::npos)
        return wrong("the list must be a file below the rules' folder");
    const std::string path = folder.empty() ? std::string(file) : folder + "/" + std::string(file);
    auto text = read_file(path, kListMax);
    if (!text) return wrong(text.error().message());
    auto list = parse_dataset_text(first_words(*text), path, kTypes[test.algorithm]);
    if (!list) return wrong(list.error().message());
    test.list = std::move(*list);
    builder.rule().file_tests.push_back(std::move(test));
    return {};
}

// "filestore" or "filestore:direction,scope": there is a file. Nothing is stored.
Status parse_filestore(RuleBuilder& builder, const Use& use) {
    if (!use.value.empty()) {
        const auto words = split(use.value, ',');
        constexpr std::string_view kDirections[] = {"request", "to_server", "response", "to_client", "both"};
        constexpr std::string_view kScopes[] = {"tx", "ssn", "flow", "file"};
        const auto known = [](std::string_view word, const auto& list) {
            return std::find(std::begin(list), std::end(list), trim(word)) != std::end(list);
        };
        if (!known(words[0], kDirections)) return wrong("the direction is request, response or both");
        if (words.size() > 2 || (words.size() == 2 && !known(words[1], kScopes)))
            return wrong("the scope is file, tx or flow");
    }
    builder.rule().file_tests.push_back({});
    return {};
}

}  // namespace sekisho::signature
