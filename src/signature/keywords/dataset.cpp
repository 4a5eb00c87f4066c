// dataset:OP,name[,type string|md5|sha256|ipv4|ip][,load FILE][,state FILE][,save FILE][,memcap N][,hashsize N]
// [,match exact|subdomain][,format csv|json|ndjson[,value_key K][,array_key K]...] with OP isset, isnotset, set or unset;
// datarep:name,<|>|=|!=,number[,load FILE][,type T]...
#include "sekisho/signature/dataset.h"

#include "signature/keywords/all.h"
#include "signature/keywords/byte_fetch.h"
#include "signature/number.h"

namespace sekisho::signature {
namespace {

// Rules come from elsewhere: a file must lie in the rules' folder.
bool stays_inside(std::string_view file) {
    return !file.empty() && file.front() != '/' && file != ".." && !file.starts_with("../") &&
           file.find("/../") == std::string_view::npos && !file.ends_with("/..");
}

constexpr std::pair<std::string_view, DatasetFormat::Kind> kFormats[] = {
    {"csv", DatasetFormat::Kind::lines}, {"json", DatasetFormat::Kind::json},
    {"ndjson", DatasetFormat::Kind::json_lines}, {"jsonline", DatasetFormat::Kind::json_lines}};

/// match exact|subdomain, wherever it stands.
Result<bool> matches_subdomains(const std::vector<std::string_view>& words) {
    bool subdomains = false;
    for (const auto word : words) {
        std::string_view value;
        if (!word_value(word, "match", value)) continue;
        if (value != "exact" && value != "subdomain") return wrong("match: '" + std::string(value) + "' is not exact or subdomain");
        subdomains = value == "subdomain";
    }
    return subdomains;
}

/// Type, file and sizes of a set, from words[from] on. A file to save to is read, as with `state`: what workers learn
/// is theirs and is not written.
Result<Datasets::Mention> read_mention(const RuleBuilder& builder, const std::vector<std::string_view>& words,
                                       std::size_t name_at, std::size_t from) {
    Datasets::Mention mention;
    mention.name = words[name_at];
    std::string_view file;
    for (std::size_t i = from; i < words.size(); ++i) {
        std::string_view value;
        if (word_value(words[i], "type", value)) {
            mention.type = parse_dataset_type(value);
            if (!mention.type) return wrong("'" + std::string(value) + "' is not string, md5, sha256, ipv4 or ip");
        } else if (word_value(words[i], "load", value)) {
            file = value;
            mention.must_exist = true;
        } else if (word_value(words[i], "state", value)) {
            file = value;
        } else if (word_value(words[i], "format", value)) {
            const auto* format = std::find_if(std::begin(kFormats), std::end(kFormats), [&](const auto& known) { return known.first == value; });
            if (format == std::end(kFormats)) return wrong("'" + std::string(value) + "' is not csv, json or ndjson");
            mention.format.kind = format->second;
        } else if (word_value(words[i], "value_key", value)) {
            mention.format.value_key = value;
        } else if (word_value(words[i], "array_key", value)) {
            mention.format.array_key = value;
        } else if (words[i] != "remove_key" && !word_value(words[i], "context_key", value) &&
                   !word_value(words[i], "enrichment_key", value) && !word_value(words[i], "match", value) &&
                   !word_value(words[i], "save", value) && !word_value(words[i], "memcap", value) &&
                   !word_value(words[i], "hashsize", value)) {
            return wrong("unknown word '" + std::string(words[i]) + "'");
        }
    }
    if (mention.format.kind != DatasetFormat::Kind::lines && mention.format.value_key.empty())
        return wrong("a file in JSON needs 'value_key K'");
    if (file.empty()) return mention;
    if (!stays_inside(file)) return wrong("'" + std::string(file) + "' does not lie below the rules' folder");
    const std::string& folder = builder.context().rules_folder;
    mention.file = folder.empty() ? std::string(file) : folder + "/" + std::string(file);
    return mention;
}

Status add(RuleBuilder& builder, DatasetTest test, const Datasets::Mention& mention) {
    if (!builder.sticky()) return wrong("it needs a sticky buffer before it");
    auto set = builder.context().datasets->get(mention);
    if (!set) return wrong(set.error().message());
    test.set = std::move(*set);
    test.name = name_id(mention.name);
    builder.add(std::move(test));
    return {};
}

}  // namespace

Status parse_dataset(RuleBuilder& builder, const Use& use) {
    using Op = DatasetTest::Op;
    constexpr std::pair<std::string_view, Op> kOps[] = {
        {"isset", Op::isset}, {"isnotset", Op::isnotset}, {"set", Op::set}, {"unset", Op::unset}};
    const auto words = words_of(use.value);
    if (words.size() < 2) return wrong("the form is 'isset|isnotset|set|unset,name,type T,load FILE'");
    const auto* op = std::find_if(std::begin(kOps), std::end(kOps), [&](const auto& known) { return known.first == words[0]; });
    if (op == std::end(kOps)) return wrong("'" + std::string(words[0]) + "' is not isset, isnotset, set or unset");
    auto mention = read_mention(builder, words, 1, 2);
    if (!mention) return fail(mention.error());
    mention->changes = op->second == Op::set || op->second == Op::unset;
    const auto subdomains = matches_subdomains(words);
    if (!subdomains) return fail(subdomains.error());
    DatasetTest test;
    test.op = op->second;
    test.subdomains = *subdomains;
    return add(builder, std::move(test), *mention);
}

Status parse_datarep(RuleBuilder& builder, const Use& use) {
    constexpr std::pair<std::string_view, Compare> kCompares[] = {
        {"<", Compare::lt}, {">", Compare::gt}, {"=", Compare::eq}, {"==", Compare::eq}, {"!=", Compare::ne}};
    const auto words = words_of(use.value);
    if (words.size() < 3) return wrong("the form is 'name,<|>|=|!=,number,load FILE,type T'");
    const auto* op = std::find_if(std::begin(kCompares), std::end(kCompares), [&](const auto& c) { return c.first == words[1]; });
    if (op == std::end(kCompares)) return wrong("'" + std::string(words[1]) + "' is not <, >, = or !=");
    const auto number = parse_number(words[2], 0, 65535);
    if (!number) return fail(number.error());
    const auto mention = read_mention(builder, words, 0, 3);
    if (!mention) return fail(mention.error());
    DatasetTest test;
    test.op = DatasetTest::Op::reputation;
    test.compare = op->second;
    test.reputation = static_cast<std::uint32_t>(*number);
    return add(builder, std::move(test), *mention);
}

}  // namespace sekisho::signature
